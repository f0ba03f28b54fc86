"""Production as it is run: gunicorn, real settings, collected static files, behind something that ends TLS."""

import contextlib
import fcntl
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.processes import PRODUCTION, ROOT, environment, run

PERSON = {"email": "sam.staff@clinic.example", "password": "a long pass phrase 1"}
FORWARDED = {"X-Forwarded-Proto": "https"}


@pytest.fixture(scope="session")
def production(tmp_path_factory, laid_database):
    """Production's variables: a database with one person, the rules and one clinic, and collected static files."""
    folder = shared_by_workers(tmp_path_factory) / "production"
    ours = PRODUCTION | {
        "DATA_FOLDER": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "DJANGO_SUPERUSER_EMAIL": PERSON["email"],
        "DJANGO_SUPERUSER_NAME": "Sam Staff",
        "DJANGO_SUPERUSER_PASSWORD": PERSON["password"],
    }
    with Path(f"{folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            folder.mkdir()
            # What `migrate` and `load_rules` would make takes ten seconds, and was made by them already.
            shutil.copy(laid_database / "demo.sqlite3", folder / "clinic.sqlite3")
            set_up(ours)
    return ours


def shared_by_workers(tmp_path_factory):
    """Give a folder of this run of the tests: with pytest-xdist the same one in each worker."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def set_up(ours):
    """Run the commands that the README names, all in one process: to start Python five times takes longer."""
    commands = (
        ["migrate"],
        ["collectstatic", "--no-input"],
        ["createsuperuser", "--no-input"],
        ["load_rules"],
        ["create_clinic", "Weighed Clinic", "--owner", PERSON["email"], "--slug", "weighed"],
    )
    code = (
        "import json, sys; from django.core.management import execute_from_command_line as execute; "
        "[execute(['manage.py', *command]) for command in json.loads(sys.argv[1])]"
    )
    done = run("-c", code, json.dumps(commands), seconds=300, **ours)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def production_site(production):
    """The address of a production server behind something that ends TLS."""
    with serve(production | {"BEHIND_PROXY": "true"}) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def tls_site(production):
    """The address of a production server that ends TLS itself, as a browser reaches it: cookies and forms work."""
    certificate, key = self_signed(production["DATA_FOLDER"])
    with serve(production, "--certfile", certificate, "--keyfile", key) as port:
        yield f"https://127.0.0.1:{port}"


@contextlib.contextmanager
def serve(ours, *options):
    """Run gunicorn with these variables; give its port."""
    port = free_port()
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--bind",
            f"127.0.0.1:{port}",
            "--no-control-socket",
            *options,
            "clinic.wsgi",
        ],
        cwd=ROOT,
        env=environment(**ours),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.communicate(timeout=30)


def self_signed(folder):
    """Write a certificate for this machine that holds for a day; give the paths of it and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = [f"{folder}/{part}.pem" for part in ("certificate", "key")]
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for path, content in zip(paths, (certificate.public_bytes(serialization.Encoding.PEM), private), strict=True):
        Path(path).write_bytes(content)
    return paths


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
