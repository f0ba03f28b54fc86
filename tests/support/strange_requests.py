"""Makes requests that no page of ours makes, from what a form would send: always the same ones of one seed."""

import json
from urllib.parse import quote_from_bytes

from tests.clinic.documents.test_pictures import a_photograph

MARKUP = '<script>alert("strange")</script>'
SURROGATE = "\ud800"
ODD = [
    "", " ", "x", "on", "0", "-1", "1", "9" * 30, "9" * 5000, "9223372036854775808", "1e400", "NaN",
    "-Infinity", "0x1f",
    "null", "true", "{}", "[]", "[[]]", "[" * 3000, '{"a":' * 500, "[[[NaN, 1]]]", "[[[1.5, 2], [300, 100]]]",
    '[[[1, 2], ["\\ud800", 3]]]', '{"date": [], "sites": {}}', '[{"date": 1, "sites": "x"}]', "x" * 10_000,
    "x" * 300_000,
    "\x00", "a\x00b", SURROGATE, f"a{SURROGATE}b", "\udfff", "\u202egnp.exe", "😀" * 99, "\ufffe\uffff", "e\u0301" * 60,
    MARKUP, "{{ 7 }}{% debug %}", "' OR 1=1 --", '"; DROP TABLE clinic_patient; --', "%00", "%s%n%d",
    "../../etc/passwd",
    "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "٢٠٢٦-١١-٢٠", "²", "١", "24:00", "-0",
    "1.7976931348623159e308",
    "practitioner", "owner", "face", "abdomen", "unsure", "yes", "no", "A" * 201, "\r\n\t", "a\r\nSet-Cookie: x=y",
    "https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\elsewhere", "a@b", "@",
    "a@b.example",
    "x" * 300 + "@demo.example", "´`'\"\\", "ß" * 300, "\u2028\u2029", "\x1b[31m", "+44 (0) 20", "data:,x",
    "-", ".", "..",
]  # fmt: skip
UNKNOWN = [
    "clinic", "by", "role", "is_staff", "is_superuser", "patient", "id", "pk", "__proto__", "", "x" * 3000, "\x00", "_",
    "next", "do", "csrfmiddlewaretoken", "form-TOTAL_FORMS", "_popup", "_method", "was.", "plan.sites", "same.fever",
    "surgeries-kept", "surgeries-do", "questions", "rules", "sites", "page", "entry", "file", "strokes", "born_day",
]  # fmt: skip
SUFFIXES = ["[]", "[0]", "[a][b]", ".x", "-seen", "-kept", "-0-x", "\x00", " "]
NAMES = [
    "a.jpg",
    "../x",
    "<b>.pdf",
    "x" * 300 + ".pdf",
    "\x00.png",
    f"{SURROGATE}.pdf",
    "",
    'a"b\r\nX: y',
    "con.txt",
    "é",
]
FILES = [
    b"", b"x", a_photograph(), a_photograph("GIF"), a_photograph("PNG")[:60], a_photograph()[:99], b"%PDF-1.4\n%%EOF",
    b"PK\x03\x04", b"<svg onload='alert(1)'/>", b"GIF89a" + b"\xff" * 40, b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
]  # fmt: skip
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
TYPES = [
    FORM, PARTS, "multipart/form-data", "multipart/form-data; boundary=", "text/plain", "", "application/json",
    f"{FORM}; charset=utf-8", f"{FORM}; charset=nonsense", f"{PARTS}; charset=utf-16", "multipart/mixed; boundary=x",
    f"{FORM}; charset=", "x" * 2000, "multipart/form-data; boundary=" + "x" * 300,
]  # fmt: skip
BODIES = [
    b"", b"\xff\xfe", b"a=%ff&name=%ED%A0%80&strokes=%00", b"{}", b"[1, 2]", b'{"a": ' * 900, b"--x\r\nbad",
    b"&" * 3000,
    b"=" * 3000, b"a=1&" * 900, b"a=1&" * 1500, b"name=" + b"x" * 2_600_000, b"--x--", b"--x\r\n\r\n--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nno end', b"%" * 99, b"a%00b=%C0%AF", b"\x00" * 50,
    b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="name"\r\nContent-Transfer-Encoding: base64\r\n\r\n*\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="name"; name*=utf-16\'\'%ff\r\n\r\nv\r\n--x--\r\n',
    b"--x\r\n" + b"X" * 5000 + b": 1\r\n\r\n--x--\r\n", b'--x\r\nContent-Disposition: form-data; name="a"\r\n' * 40,
]  # fmt: skip
METHODS = ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "FOO", "GET"]
# No server passes on a header with a zero byte in it, or with a length that is no number.
HEADERS = {
    "HTTP_HX_REQUEST": ["true", "x"], "HTTP_HX_CURRENT_URL": ["http://[", "javascript:1", "x"],
    "HTTP_HX_CURRENT_URL_URI_AUTOENCODED": ["true"], "HTTP_HX_TARGET": ["x"],
    "HTTP_ACCEPT_LANGUAGE": ["x" * 900, "*;q=9"],
    "HTTP_HOST": ["elsewhere.example", "a b", "[", ""], "HTTP_REFERER": ["http://[", "\xff", "x" * 9000],
    "HTTP_X_FORWARDED_FOR": ["999.1.1.1", "x, y, z", "", "::1%x"], "REMOTE_ADDR": ["", "::1", "1.2.3.4, 5"],
    "HTTP_IF_MODIFIED_SINCE": ["yesterday", "9" * 99], "HTTP_IF_NONE_MATCH": ["*", '"'], "HTTP_RANGE": ["bytes=9-1"],
    "HTTP_ACCEPT_ENCODING": ["gzip;q=x", "*"], "HTTP_X_REQUESTED_WITH": ["XMLHttpRequest"], "HTTP_ACCEPT": ["", "*"],
    "HTTP_COOKIE": ["=", ";;;", "a=\xff", "x" * 4000, 'sessionid="'],
    "HTTP_USER_AGENT": ["", "\xff" * 900], "HTTP_X_HTTP_METHOD_OVERRIDE": ["DELETE"], "HTTP_ORIGIN": ["null",
    "http://["],
}  # fmt: skip
QUERIES = [
    "next=//elsewhere.example", "next=%00", "next=" + "x" * 5000, "page=-1", "page=9" + "9" * 40, "page=%FF", "entry=x",
    "entry=" + "9" * 30, "day=2026-13-45", "&&&", "=", "%", "a=1&" * 1500, "q=%ED%A0%80", "_popup=1&_to_field=x", "p=x",
    "o=9.9.9", "e=1", "term=%00&app_label=x", "clinic__name=x", "id__in=%00", "patient__name__startswith=N", "all=",
]  # fmt: skip
COOKIES = ["", "x", "é", "gAAAAA", "a:b:c", "%00", "0" * 3900, '"', "eyJhIjoxfQ:1abc:xyz", "gAAAAABm" + "A" * 200]
FIELDS, BODY, WITH_METHOD, WITH_HEADERS, WITH_QUERY, WITH_COOKIES, ELSEWHERE = range(7)
WEIGHTS = (62, 10, 5, 8, 6, 5, 4)


class Forge:
    """Makes strange requests by one `chance`. `fields`: what a form sends,
    lists by name; `files`: names of its files."""

    def __init__(self, chance):
        self.chance = chance

    def send(self, client, address, fields, files=(), offered=()):
        """Send one strange request to an address; give the answer."""
        kind = self.chance.choices(range(7), WEIGHTS)[0]
        given = {name: list(values) for name, values in fields.items()}
        self._choose(given, dict(offered))
        if kind == FIELDS:
            self._spoil(given)
        if kind == BODY:
            body, written = self.chance.choice(BODIES), self.chance.choice(TYPES)
            return client.generic("POST", address, body, content_type=written)
        method = self.chance.choice(METHODS) if kind == WITH_METHOD else "POST"
        extra = self._headers() if kind == WITH_HEADERS else {}
        if kind == WITH_QUERY:
            extra["QUERY_STRING"] = self.chance.choice(QUERIES)
        if kind == WITH_COOKIES:
            for name in self.chance.sample(sorted(client.cookies), self.chance.randrange(len(client.cookies) + 1)):
                client.cookies[name] = self.chance.choice(COOKIES)
            client.cookies[self.chance.choice(["messages", "csrftoken", "x"])] = self.chance.choice(COOKIES)
        if kind == ELSEWHERE:
            address = self._astray(address)
        written, body = self._written(given, list(files))
        return client.generic(method, address, body, content_type=written, **extra)

    def _choose(self, given, offered):
        """Press other radios and boxes than are pressed, so that a form says something."""
        for name, values in offered.items():
            if self.chance.random() < 0.7:
                given[name] = [self.chance.choice(values)]

    def _spoil(self, given):
        for _ in range(self.chance.choice([1, 1, 2, 3, 5])):
            name = self.chance.choice(sorted(given)) if given else self.chance.choice(UNKNOWN)
            spoil = self.chance.choice(
                [self._replace, self._replace, self._double, self._drop, self._rename, self._add]
            )
            spoil(given, name)

    def _replace(self, given, name):
        given[name] = [self.chance.choice(ODD)]

    def _double(self, given, name):
        given[name] = [*given.get(name, []), *self.chance.choices(ODD, k=self.chance.choice([1, 1, 2, 40]))]

    def _drop(self, given, name):
        given.pop(name, None)

    def _rename(self, given, name):
        given[name + self.chance.choice(SUFFIXES)] = given.pop(name, ["x"])

    def _add(self, given, _name):
        given[self.chance.choice(UNKNOWN)] = [self.chance.choice([*ODD, json.dumps(given)[:5000]])]

    def _headers(self):
        names = self.chance.sample(sorted(HEADERS), self.chance.choice([1, 1, 2, 4]))
        return {name: self.chance.choice(HEADERS[name]) for name in names}

    def _astray(self, address):
        """Another number, or something odd, in place of one part of an address."""
        parts = address.strip("/").split("/")
        odd = [
            "0",
            "99999999999999999999",
            "9223372036854775807",
            "-1",
            "%00",
            "%ED%A0%80",
            "x",
            "2026-02-30",
            "..",
            "١",
        ]
        place = self.chance.randrange(len(parts))
        parts[place] = self.chance.choice(odd)
        return "/" + "/".join(parts) + "/"

    def _written(self, given, files):
        if files or self.chance.random() < 0.25:
            return PARTS, self._in_parts(given, files or self.chance.choice([[], [], ["file"]]))
        pairs = ((name, value) for name, values in given.items() for value in values)
        return FORM, b"&".join(f"{quoted(name)}={quoted(value)}".encode() for name, value in pairs)

    def _in_parts(self, given, files):
        body = b""
        for name, values in given.items():
            for value in values:
                body += b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (raw(name), raw(value))
        for name in files:
            for _ in range(self.chance.choice([0, 1, 1, 1, 2])):
                about = (raw(name), raw(self.chance.choice(NAMES)), self.chance.choice(FILES))
                body += b'--x\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n%s\r\n' % about
        return body + b"--x--\r\n"


def raw(text):
    return text.encode("utf-8", "surrogatepass")


def quoted(text):
    return quote_from_bytes(raw(text))
