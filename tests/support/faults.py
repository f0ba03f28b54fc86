"""A laboratory of faults: a real server with its own database, requests that are struck, and what is left."""

import contextlib
import http.client
import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.support.faults_database import File, OnServer
from tests.support.processes import ROOT, environment

SERVER = "import django; django.setup(); from tests.support.faults_server import serve; serve()"


@dataclass(frozen=True)
class Answer:
    """What came back. `status` is 0 where the process died; `points`: what it reached, in order."""

    status: int = 0
    points: tuple = ()
    provoked: bool = False
    text: str = ""
    location: str = ""


@dataclass
class Lab:
    """A server that can be struck. `port`: where it listens; `folder`, `database`: as for `lab_on`."""

    port: int
    folder: Path
    database: File | OnServer

    def prepare(self, act):
        """Give the request of an act, with everything that it wants in the database, and nothing of earlier acts."""
        self.database.put_back()
        return self._asked("GET", f"/lab/prepare/{act}/")

    def held(self):
        """Give what the database holds now."""
        return self._asked("GET", "/lab/held/")

    def forget(self):
        """Forget how often anybody tried."""
        self._asked("GET", "/lab/forget/")

    def let_meet(self):
        """Forget who was where two were to meet."""
        for one in self.folder.glob("here-*"):
            one.unlink()

    def _asked(self, method, path):
        answer = self.ask(method, path)
        assert answer.status == 200, answer
        return json.loads(answer.text)

    def post(self, act, fault=""):
        """Send a prepared act, struck by a fault ("kill 3")."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in act["cookies"].items()),
            "Content-Type": "application/x-www-form-urlencoded",
            **({"X-Fault": fault} if fault else {}),
        }
        return self.ask("POST", act["path"], urlencode(act["fields"], doseq=True), headers)

    def ask(self, method, path, body=None, headers=None):
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            got = connection.getresponse()
            told = got.headers
            points = tuple(json.loads(told.get("X-Points", "[]")))
            provoked = told.get("X-Provoked") == "True"
            return Answer(got.status, points, provoked, got.read().decode(), told.get("Location", ""))
        except (http.client.RemoteDisconnected, ConnectionResetError):
            return Answer()
        finally:
            connection.close()


def made(before, after):
    """Give what changed between two times: by table how many rows more and whether others differ, and the actions."""
    tables = {
        name: now[0] - before["tables"][name][0]
        for name, now in after["tables"].items()
        if now != before["tables"][name]
    }
    actions = Counter(after["actions"])
    actions.subtract(before["actions"])
    return {"tables": tables, "actions": {name: count for name, count in actions.items() if count}}


NOTHING = {"tables": {}, "actions": {}}


@contextlib.contextmanager
def lab_on(database, folder):
    """Run the server on a database of its own; `folder`: where all the rest of its data lies."""
    ours = {
        "DEMO": "1",
        "DATA_FOLDER": str(folder),
        "DEMO_DATABASE_URL": database.url,
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
    }
    with (folder / "stderr").open("wb") as told:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER],
            cwd=ROOT,
            env=environment(**ours),
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
        )
    try:
        line = server.stdout.readline()
        assert line.strip().isdecimal(), (folder / "stderr").read_text()
        database.keep()
        yield Lab(int(line), folder, database)
    finally:
        server.terminate()
        server.wait(timeout=30)
        server.stdout.close()
