"""Searches everywhere a word may not come to: what people typed stays in their record, and on the pages of it."""

import base64
import binascii
import io
import logging
import re
import sys
import zlib
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import connection, models

from clinic.logs import Discreet
from clinic.models import Event

WORD = "Zyxquorvash"
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
ADDRESSES = re.compile(r"""\b(?:href|src|action|formaction|hx-get|hx-post|data-[a-z-]*url)=["']([^"']*)["']""")
WRITTEN = ("w", "a", "x", "+")
_watching = []


def _heard(event, given):
    for watch in _watching:
        watch.happened(event, given)


class Watch:
    """Collects, in `found`, every place at which the word turned up that is none for it."""

    def __init__(self, folder):
        self.folder, self.found, self.lines = Path(folder), set(), io.StringIO()
        self.handler = logging.StreamHandler(self.lines)
        self.handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s %(message)s"))

    @contextmanager
    def on(self):
        """Listen to the logs as production writes them, at every level, and to what the process opens and starts."""
        root, django = logging.getLogger(), logging.getLogger("django")
        levels = root.level, django.level
        root.addHandler(self.handler)
        root.setLevel(logging.DEBUG)
        django.setLevel(logging.DEBUG)
        if not getattr(sys, "strange_word_hooked", False):
            # A hook stays for as long as the process does.
            sys.addaudithook(_heard)
            sys.strange_word_hooked = True
        _watching.append(self)
        try:
            yield self
        finally:
            _watching.remove(self)
            root.removeHandler(self.handler)
            root.setLevel(levels[0])
            django.setLevel(levels[1])

    def happened(self, event, given):
        if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
            self.look("process arguments", repr(given))
        elif event == "open" and isinstance(given[0], str) and any(sign in (given[1] or "") for sign in WRITTEN):
            self.look("file names", given[0])

    def look(self, place, text):
        if WORD.lower() in text.lower():
            self.found.add(place)

    def answer(self, answer):
        """Look at one answer: its request's address, its headers and cookies, its title and the addresses on it."""
        asked = [answer.request.get(part, "") for part in ("PATH_INFO", "QUERY_STRING")]
        self.look("addresses", unquote("?".join(asked)))
        for name, value in answer.headers.items():
            self.look(f"header {name}", unquote(value))
        for name, cookie in answer.cookies.items():
            self.look(f"cookie {name}", " ".join(readings(cookie.value)))
        if not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html"):
            page = answer.content.decode()
            self.look("titles", " ".join(TITLE.findall(page)[:1]))
            self.look("addresses", unquote(" ".join(ADDRESSES.findall(page))))

    def rows(self):
        """Look at the trail, the admin's own history and the cache."""
        for model in (Event, LogEntry):
            self.look("trail", " ".join(words_of(model)))
        with connection.cursor() as cursor:
            cursor.execute("SELECT cache_key, value FROM clinic_cache")
            for key, value in cursor.fetchall():
                self.look("cache", " ".join((key, *readings(value))))

    def rest(self):
        """Look at what was logged and mailed, and at the files that are left."""
        self.look("logs", self.lines.getvalue())
        for one in mail.outbox:
            self.look("mail", f"{one.subject} {one.extra_headers}")
            # Who is written to may read their own name.
            if WORD.lower() not in " ".join(one.to).lower():
                self.look("mail", one.body)
        for file in (file for file in self.folder.rglob("*") if file.is_file()):
            self.look("files", f"{file} {file.read_bytes().decode(errors='replace')}")
        return self.found


def words_of(model):
    texts = [one.attname for one in model._meta.concrete_fields if isinstance(one, models.CharField | models.TextField)]
    for row in model.objects.values_list(*texts):
        yield " ".join(str(value) for value in row)


def readings(text):
    """A text as it is, and as whoever holds it could read it: unquoted, out of base 64, unpacked."""
    plain = unquote(text)
    yield plain
    for part in {plain, *re.split(r"[:.|$]", plain)}:
        for decode in (base64.b64decode, base64.urlsafe_b64decode):
            try:
                raw = decode(part.strip('"') + "=" * (-len(part) % 4))
            except (binascii.Error, ValueError):
                continue
            yield raw.decode(errors="replace")
            try:
                yield zlib.decompress(raw).decode(errors="replace")
            except zlib.error:
                continue
