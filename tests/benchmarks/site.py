"""A clinic's site as in production, in a folder that is thrown away: real settings, migrated, rules loaded."""

import html
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urljoin

from tests.support.processes import PRODUCTION, ROOT, environment

DOOR = "/c/bench/"
HOST = "127.0.0.1"
COMMANDS = (
    ["migrate", "--verbosity", "0"],
    ["collectstatic", "--no-input", "--verbosity", "0"],
    ["load_rules"],
    ["create_clinic", "Bench Clinic", "--slug", "bench", "--owner", "olive.owner@demo.example"],
)
# The door, the page, its answer: status, header lines, body.
Answer = tuple[int, list[tuple[str, str]], bytes]
Ask = Callable[[str, str, bytes, Mapping[str, str]], Answer]
Handler = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def made_ready(folder: str, database_url: str = "") -> dict[str, str]:
    """Set a site up in a folder, on SQLite unless a database is named, and give the variables that it runs with."""
    ours = PRODUCTION | {"DATA_FOLDER": folder, "STATIC_ROOT": f"{folder}/static", "BEHIND_PROXY": "true"}
    ours |= {"DATABASE_URL": database_url} if database_url else {}
    for command in COMMANDS:
        printed("manage.py", *command, **ours)
    return ours


def printed(*command: str, **ours: str) -> str:
    """Run a Python command as this site, however long it takes on a busy machine; give what it printed."""
    whole = [sys.executable, *command]
    done = subprocess.run(whole, cwd=ROOT, env=environment(**ours), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass(frozen=True)
class Page:
    """A page that a browser shows, and what its form posts unseen."""

    path: str
    text: str

    @property
    def kind(self) -> str:
        """The part of its address that tells what it is: "step", "goals"; "check" for the first page."""
        return [part for part in self.path.split("/") if part and not part.isdigit()][-1]

    def hidden(self) -> dict[str, str]:
        return {name: html.unescape(value) for name, value in HIDDEN.findall(self.text)}

    def codes(self) -> list[str]:
        """The questions that it asks."""
        return self.hidden().get("questions", "").split()

    def choices(self, name: str) -> list[str]:
        return re.findall(rf'name="{name}"\s+value="([^"]*)"', self.text)


HIDDEN = re.compile(r'<input type="hidden"\s+(?:id="[^"]*"\s+)?name="([^"]*)"\s+value="([^"]*)"')


@dataclass
class Browser:
    """Keeps cookies, follows redirects and says no more than a browser would."""

    ask: Ask
    host: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Page:
        return self._followed("GET", path, b"")

    def post(self, path: str, fields: Mapping[str, object]) -> Page:
        return self._followed("POST", path, urlencode(fields, doseq=True).encode())

    def headers(self, method: str) -> dict[str, str]:
        sent = {"X-Forwarded-Proto": "https", "Accept-Encoding": "gzip", "Host": self.host}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "POST":
            sent |= {"Origin": f"https://{self.host}", "Content-Type": "application/x-www-form-urlencoded"}
        return sent

    def _followed(self, method: str, path: str, body: bytes) -> Page:
        status, lines, content = self.ask(method, path, body, self.headers(method))
        headers = {name.lower(): value for name, value in lines}
        self._take_cookies(lines)
        if status == 302:
            return self._followed("GET", urljoin(path, headers["location"]), b"")
        assert status == 200, (method, path, status, content)
        if headers.get("content-encoding") == "gzip":
            content = zlib.decompress(content, wbits=31)
        return Page(path, content.decode())

    def _take_cookies(self, lines: list[tuple[str, str]]) -> None:
        for _, line in filter(lambda pair: pair[0].lower() == "set-cookie", lines):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def environ(method: str, path: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """Give what a WSGI server makes of a request."""
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "REMOTE_ADDR": HOST,
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": body,
        "wsgi.errors": None,
        **named,
    }


def answered(handler: Handler, request: dict[str, Any]) -> Answer:
    """Do what a WSGI server does, without the network."""
    told: list[Any] = []
    response = handler(
        {**request, "wsgi.input": BytesIO(request["wsgi.input"])}, lambda status, lines: told.extend((status, lines))
    )
    body = b"".join(response)
    response.close()  # type: ignore[attr-defined]
    status, lines = told
    return int(status[:3]), lines, body


def asker(handler: Handler) -> Callable[..., Answer]:
    """Give a way to ask a handler in this very process."""
    return lambda method, path, body, headers: answered(handler, environ(method, path, body, dict(headers)))
