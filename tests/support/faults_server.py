"""A real server of the project that can be struck at any point of a request: each request is a process of its own.

Headers of a request say what befalls it: `X-Fault: KIND POINT`. A point is a write to a table of records, or a commit:
counted from 0 as in the answer's `X-Points`, or by name, the first of that name. Kinds: see STRIKES.
Paths below /lab/ prepare an act, do one that has no page, and say what the database holds.

`serve` runs it in a process where Django is set up; it writes its port. TERM ends it.
"""

import json
import os
import re
import resource
import signal
import sys
import time
from pathlib import Path
from socketserver import ForkingMixIn
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

from clinic.privacy import retention_run
from screening.rulesets import key_of, published
from tests.support import faults_acts
from tests.support.small_papers import small_papers

PAGES = get_wsgi_application()
# What may be written on the way without being a record.
NO_RECORD = re.compile(r'"(?:django_session|clinic_cache)"')
WRITE = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)
MEETING_SECONDS = 0.5


class Struck:
    """Counts the points of this process's one request, and strikes at one of them."""

    def __init__(self, kind, at):
        self.kind, self.at, self.seen, self.provoked = kind, at, [], False
        self.has_written = False

    def reach(self, name):
        """Come to a point; the fault befalls what follows."""
        self.seen.append(name)
        if self.kind and self.at in (len(self.seen) - 1, name) and not self.provoked:
            self.provoked = True
            STRIKES[self.kind]()

    def watch(self, execute, sql, params, many, context):
        """Stand before every statement."""
        found = WRITE.match(sql)
        self.has_written |= bool(found and connection.in_atomic_block)
        if found and not NO_RECORD.search(sql):
            alone = "" if connection.in_atomic_block else " alone"
            self.reach(f"{found[1].split()[0].lower()} {found[2]}{alone}")
        return execute(sql, params, many, context)


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def lose():
    """The database goes away: its server ends our connection, or its file can be read no more."""
    if connection.vendor == "postgresql":
        import psycopg2

        with psycopg2.connect(connection.connection.dsn) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        return
    raise OperationalError("disk I/O error")


def fill():
    """Nothing more fits on the disk: SQLite says so at the next page or the commit, PostgreSQL (by a trigger) then."""
    if connection.vendor == "postgresql":
        connection.connection.cursor().execute("SET faults.disk = 'on'")
        return
    raw = connection.connection
    # What is free within the file would still be written to.
    raw.execute("CREATE TABLE IF NOT EXISTS ballast (x)")
    while raw.execute("PRAGMA freelist_count").fetchone()[0]:
        raw.execute("INSERT INTO ballast VALUES (zeroblob(3500))")
    (pages,) = raw.execute("PRAGMA page_count").fetchone()
    raw.execute(f"PRAGMA max_page_count = {pages}")
    # What has room within the pages would still be written too: a commit appends it to this file.
    size = Path(os.environ["DATA_FOLDER"], "demo.sqlite3-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def meet():
    """Wait here until the other one is here too: two workers between reading and writing."""
    folder = Path(os.environ["DATA_FOLDER"])
    (folder / f"here-{os.getpid()}").touch()
    until = time.monotonic() + MEETING_SECONDS
    while len(list(folder.glob("here-*"))) < 2 and time.monotonic() < until:
        time.sleep(0.01)


STRIKES = {"kill": kill, "lost": lose, "full": fill, "meet": meet}


def application(environ, start_response):
    """Answer one request, struck as it asks for."""
    path = environ["PATH_INFO"]
    if path.startswith("/lab/"):
        return lab(path.split("/")[2:], environ, start_response)
    return struck(PAGES, environ, start_response)


def struck(answer, environ, start_response):
    kind, _, at = environ.get("HTTP_X_FAULT", "").partition(" ")
    fault = Struck(kind, int(at) if at.isdecimal() else at)
    commit = BaseDatabaseWrapper._commit

    def committed(self):
        # A transaction that wrote nothing has nothing to lose.
        is_point, fault.has_written = fault.has_written, False
        if is_point:
            fault.reach("commit")
        commit(self)
        if is_point:
            fault.reach("committed")

    def started(status, headers, *more):
        told = [("X-Points", json.dumps(fault.seen)), ("X-Provoked", str(fault.provoked))]
        return start_response(status, [*headers, *told], *more)

    BaseDatabaseWrapper._commit = committed
    connection.ensure_connection()
    with connection.execute_wrapper(fault.watch):
        return list(answer(environ, started))


def lab(parts, environ, start_response):
    """Prepare ("prepare NAME"), do what has no page ("do NAME"), forget tries, or tell what is held."""
    what, *name = parts
    if what == "prepare":
        return said(start_response, faults_acts.prepared(name[0]))
    if what == "do":
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        fields = dict(parse_qsl(body))
        return struck(lambda _, started: said(started, faults_acts.done(name[0], fields)), environ, start_response)
    if what == "forget":
        cache.clear()
    return said(start_response, faults_acts.held())


def said(start_response, value):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(value).encode()]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


class Forking(ForkingMixIn, WSGIServer):
    """Gives each request a process; the parent holds no connection that a child could share."""

    max_children = 8


def prepare_database():
    """Read rules and pages once for all children; on PostgreSQL lay the trigger that fails a commit as a full disk."""
    key_of(published())
    Client().get(reverse("home"))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(FULL_DISK)
    connections.close_all()


FULL_DISK = """
CREATE OR REPLACE FUNCTION faults_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('faults.disk', true) = 'on' THEN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER faults_full AFTER INSERT ON clinic_event
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION faults_full();
"""


def serve():
    setup_test_environment(debug=False)
    patched = pytest.MonkeyPatch()
    small_papers(patched)
    # Nobody waits here for a turn to write.
    patched.setattr(retention_run, "A_MOMENT", 0)
    prepare_database()
    server = Forking(("127.0.0.1", 0), Quiet)
    server.set_app(application)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
