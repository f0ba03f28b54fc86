"""A clinic's site as in production, in a folder that is thrown away: real settings, migrated, rules loaded."""

import html
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin

from tests.support.processes import PRODUCTION, run

DOOR = "/c/bench/"
COMMANDS = (
    ["migrate", "--verbosity", "0"],
    ["collectstatic", "--no-input", "--verbosity", "0"],
    ["load_rules"],
    ["create_clinic", "Bench Clinic", "--slug", "bench", "--owner", "olive.owner@demo.example"],
)
# The door, the page, its answer: status, header lines, body.
Answer = tuple[int, list[tuple[str, str]], bytes]
Ask = Callable[[str, str, bytes, Mapping[str, str]], Answer]


def made_ready(folder: str, database_url: str = "") -> dict[str, str]:
    """Set a site up in a folder, on SQLite unless a database is named, and give the variables that it runs with."""
    ours = PRODUCTION | {"DATA_FOLDER": folder, "STATIC_ROOT": f"{folder}/static", "BEHIND_PROXY": "true"}
    ours |= {"DATABASE_URL": database_url} if database_url else {}
    for command in COMMANDS:
        done = run("manage.py", *command, **ours)
        assert done.returncode == 0, done.stderr
    return ours


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
