"""A backup is all that the database holds at one moment, made while people write, and goes back as it was."""

import subprocess
import sys
import time
from contextlib import contextmanager
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from clinic.documents.ledger_walk import Walk
from clinic.events import Event, record
from clinic.models import Clinic, Membership, Patient
from clinic.privacy import backup_postgresql
from clinic.privacy.backup import LEFT_OUT
from clinic.privacy.backup_files import BackupRefused
from clinic.privacy.sealing import seal_trail
from screening.models import RuleSet
from screening.rulesets import alterations
from tests.clinic.documents.papers import a_paper, issued
from tests.clinic.screenings.invented import a_clinic, a_member, a_patient, a_sending
from tests.support.other_database import Databases, asking, rows_of_all_tables
from tests.support.processes import ROOT, environment


@pytest.fixture
def databases(tmp_path, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        made = Databases(tmp_path)
        try:
            yield made
        finally:
            made.remove()


def backup(path):
    told = StringIO()
    call_command("backup", str(path), stdout=told)
    return told.getvalue()


def restore(path):
    call_command("restore", str(path), stdout=StringIO())


def fill():
    """Store a little of everything that a backup must not lose or tear apart, and what it leaves out."""
    clinic = a_clinic()
    member = a_member(clinic)
    a_sending(clinic=clinic)
    issued(a_paper(a_patient(clinic)), Membership.objects.get(user=member))
    Session.objects.create(session_key="k" * 32, session_data="x", expire_date="2099-01-01T00:00Z")
    cache.set("tries", 1)
    assert seal_trail(timezone.now())


def write_on():
    """What the writing process does: papers and events, one after another, until it is ended."""
    patient, membership = Patient.objects.select_related("clinic").get(), Membership.objects.get()
    for number in range(100_000):
        for _ in range(10):
            record("written", patient=patient)
        issued(a_paper(patient, f"While writing {number}"), membership)
        print(number, flush=True)


@contextmanager
def somebody_writing(databases, place):
    code = "import django; django.setup(); from tests.clinic.privacy.test_backup import write_on; write_on()"
    ours = {"DJANGO_SETTINGS_MODULE": "clinic.settings"} | databases.variables(place)
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(**ours), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "0\n"
        try:
            yield
        finally:
            process.kill()


def wait_for_more_than(number):
    for _ in range(1000):
        if Event.objects.count() > number:
            return
        time.sleep(0.01)
    raise AssertionError("The other process writes no more.")


@pytest.mark.hazard("H-33")
def test_it_is_one_moment_of_what_others_write_to_and_goes_back_row_by_row(databases, tmp_path):
    place, kept = databases.ready("worked_in"), tmp_path / "kept"
    with asking(place):
        fill()
        with somebody_writing(databases, place):
            before = rows_of_all_tables()
            assert backup(kept) == f"{kept}, {kept.stat().st_size:,} bytes\n"
            wait_for_more_than(Event.objects.count())
        source = rows_of_all_tables()
    with asking(databases.empty("anew")):
        restore(kept)
        restored = rows_of_all_tables()
        digests = [(row.digest, alterations(row)) for row in RuleSet.objects.all()]
        ledger = [[line.words for line in Walk(clinic).lines()] for clinic in Clinic.objects.all()]
        call_command("verify_documents", stdout=StringIO())
        call_command("verify_audit", stdout=StringIO())
    *events, last = restored["clinic_event"]
    assert "backup restored" in last
    assert len(before["clinic_event"]) < len(events) < len(source["clinic_event"])
    restored["clinic_event"] = events
    assert {name for name, rows in before.items() if not set(rows) <= set(restored[name])} == set(LEFT_OUT)
    # Of what was written at that moment and is in the backup, none may be missing: each table up to its last key there.
    ends = {name: rows[-1][0] for name, rows in restored.items() if rows}
    assert restored == {
        name: [row for row in rows if name in ends and row[0] <= ends[name]] for name, rows in source.items()
    }
    assert (len(digests), ledger) == (1, [[]])
    assert [faults for _, faults in digests] == [[]]
    assert kept.stat().st_mode & 0o777 == 0o600


def test_what_does_not_fit_is_refused_and_leaves_the_place_empty(databases, tmp_path):
    kept, ready, empty = tmp_path / "kept", databases.ready("ready"), databases.empty("empty")
    with asking(ready):
        backup(kept)
        refused(kept, "This database is not empty. A backup is put back into an empty one only.")
        with pytest.raises(CommandError, match="is there already"):
            backup(kept)
        newer = tmp_path / "newer"
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('clinic', '9999', '2099-01-01')")
        backup(newer)
    content = kept.read_bytes()
    (tmp_path / "short").write_bytes(content[: len(content) * 2 // 3])
    (tmp_path / "other").write_bytes(b"age-encryption.org/v1\n")
    with asking(empty):
        refused(newer, "This backup is of a newer version of this program: it knows clinic 9999. "
                "Install that version first.")  # fmt: skip
        refused(tmp_path / "other", "This is no backup. If it is encrypted, decrypt it first.")
        refused(tmp_path / "missing", f"{tmp_path / 'missing'} cannot be read: No such file or directory.")
        refused(tmp_path / "short", None)
        assert connection.introspection.table_names() == []
        with pytest.raises(CommandError, match="nothing to back up"):
            backup(tmp_path / "nothing")
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.endswith(("sqlite3", "-wal", "-shm"))) == [
        "kept", "newer", "other", "short"
    ]  # fmt: skip


def refused(path, sentence):
    with pytest.raises(CommandError) as refusal:
        restore(path)
    assert sentence is None or str(refusal.value) == sentence


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite needs no program.")
@pytest.mark.django_db
def test_no_program_older_than_the_server_is_used(tmp_path, monkeypatch):
    server = connection.pg_version // 10_000

    def installed(*versions):
        for version in versions:
            program = tmp_path / str(version) / "bin" / "pg_dump"
            program.parent.mkdir(parents=True)
            program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.1'\n")
            program.chmod(0o755)

    monkeypatch.setattr(backup_postgresql, "INSTALLED", [f"{tmp_path}/*/bin"])
    monkeypatch.setattr(backup_postgresql, "_folder_of_server", lambda: "")
    monkeypatch.setenv("PATH", str(tmp_path))
    installed(server - 1)
    with pytest.raises(BackupRefused, match=f"no pg_dump of PostgreSQL {server} on this machine"):
        backup_postgresql.program("pg_dump")
    installed(server + 2, server + 1)
    assert backup_postgresql.program("pg_dump") == f"{tmp_path}/{server + 1}/bin/pg_dump"
    installed(server)
    assert backup_postgresql.program("pg_dump") == f"{tmp_path}/{server}/bin/pg_dump"
