"""Production as it is run: gunicorn, real settings, collected static files, behind something that ends TLS."""

import contextlib
import http.client
import socket
import subprocess
import sys
import time

import pytest

from tests.support.processes import PRODUCTION, ROOT, environment, run

PERSON = {"email": "sam.staff@clinic.example", "password": "a long pass phrase 1"}
FORWARDED = {"X-Forwarded-Proto": "https"}


@pytest.fixture(scope="session")
def production_site(tmp_path_factory):
    """The address of a production server with one person in its database."""
    folder = tmp_path_factory.mktemp("production")
    ours = PRODUCTION | {
        "DATA_FOLDER": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "BEHIND_PROXY": "true",
        "DJANGO_SUPERUSER_EMAIL": PERSON["email"],
        "DJANGO_SUPERUSER_NAME": "Sam Staff",
        "DJANGO_SUPERUSER_PASSWORD": PERSON["password"],
    }
    for command in (["migrate"], ["collectstatic", "--no-input"], ["createsuperuser", "--no-input"]):
        done = run("manage.py", *command, **ours)
        assert done.returncode == 0, done.stderr
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--no-control-socket", "clinic.wsgi"],
        cwd=ROOT,
        env=environment(**ours),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=30)


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(1200):
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError("The production server did not start.")


def answer(site, path, method="GET", body=None, **headers):
    """Ask the production site once; give status, headers (a list for cookies) and text."""
    connection = http.client.HTTPConnection(site.removeprefix("http://"))
    try:
        connection.request(method, path, body, FORWARDED | headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode()
    finally:
        connection.close()
