"""A member of staff at a production server: signs in with both factors, and answers an intake as the page does."""

import http.client
import time
from base64 import b32decode
from collections.abc import Mapping
from ssl import SSLContext
from typing import Any
from urllib.parse import urlencode, urljoin

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tests.benchmarks.site import Answer, Browser
from tests.benchmarks.site import Page as Shown
from tests.support.html_forms import Page


class Door:
    """A connection to the server as whoever has this address; `tls`: how a certificate is believed, through a proxy."""

    def __init__(self, port: int, address: str, tls: SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self.port, self.address, self.tls, self.host = port, address, tls, host
        self.connection = self._open()

    def _open(self) -> http.client.HTTPConnection:
        if self.tls is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        return http.client.HTTPSConnection(self.host, self.port, timeout=60, context=self.tls)

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        known = dict(headers) | {"X-Forwarded-For": self.address, "Accept-Encoding": ""}
        self.connection.request(method, path, body, known)
        response = self.connection.getresponse()
        return response.status, response.getheaders(), response.read()


class Staff:
    """One person and their browser. `secret`: what their phone makes codes from."""

    def __init__(self, door: Door, email: str, password: str, secret: str) -> None:
        self.door, self.browser = door, Browser(door.ask, door.host)
        self.email, self.password, self.secret = email, password, secret

    def sign_in(self) -> str:
        """Sign in from the first page to the list of today; give its address."""
        asked = self.sent("/sign-in/", login=self.email, password=self.password)
        came = self.sent(asked, code=self.code())
        # The phone may have gone on to the next code before the server looked.
        return self.sent(asked, code=self.code()) if came == asked else came

    def sent(self, path: str, **fields: str) -> str:
        """Fill in the form of a page that has these fields, and give where it led."""
        page = self.browser.get(path)
        form = next(form for form in Page(page.text).forms if all(form.named(name) for name in fields))
        came = self.browser.post(urljoin(page.path, form.action), {**form.sent(), **fields})
        return came.path

    def code(self) -> str:
        """Give what their phone shows now."""
        phone = TOTP(b32decode(self.secret), 6, SHA1(), 30, enforce_key_length=False)
        return phone.generate(int(time.time())).decode()

    def drawn(self, intake: int) -> dict[str, list[str]]:
        """Give what an intake's form posts as it was drawn."""
        page = Page(self.browser.get(f"/staff/intake/{intake}/").text)
        return next(form.sent() for form in page.forms if form.action.endswith("/save/"))

    def save(self, intake: int, data: Mapping[str, Any]) -> dict[str, Any]:
        """Send an intake's form as its page does after each answer; give the form as the answer leaves it."""
        path = f"/staff/intake/{intake}/save/"
        headers = self.browser.headers("POST") | {"HX-Request": "true"}
        status, _, content = self.browser.ask("POST", path, urlencode(data, doseq=True).encode(), headers)
        assert status == 200, (status, path, content[:300])
        return {**data, **{name: [value] for name, value in Shown(path, content.decode()).hidden().items()}}
