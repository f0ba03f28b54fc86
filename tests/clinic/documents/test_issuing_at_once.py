"""Many issue at the same moment: numbers leave no gap, the chain holds, and the very same is issued once."""

import contextlib
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from clinic.documents.ledger_walk import Walk
from clinic.documents.models import Document
from clinic.people.clinics import Membership
from clinic.people.patients import Patient
from tests.clinic.documents.papers import a_paper, issued
from tests.clinic.screenings.invented import a_clinic, a_member, a_patient
from tests.conftest import ON_POSTGRESQL
from tests.support.processes import run
from tests.support.tampering import guards_off

# Each of the two issues these of their own, and a consent that both issue.
KINDS = ("summary", "copy", "letter")
TABLES = ("event", "documentcontent", "document", "patientkey", "patient", "membership", "clinic", "user")
HISTORIES = ("patient", "membership", "clinic")


def issue_at_once():
    """Let two threads issue for one patient, each with a connection of its own; what they stored is for good."""
    clinic = a_clinic()
    a_member(clinic)
    a_patient(clinic)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(issue_some, ("one", "two")))
    assert [*Document.objects.order_by("number").values_list("number", flat=True)] == [1, 2, 3, 4, 5, 6, 7]
    assert Document.objects.filter(kind="consent").count() == 1
    assert [*Walk(clinic).lines()] == []


def issue_some(who):
    with contextlib.closing(connection):
        patient, membership = Patient.objects.select_related("clinic").get(), Membership.objects.get()
        for kind in KINDS:
            issued(a_paper(patient, who, kind=kind), membership)
        issued(a_paper(patient, "The same", kind="consent"), membership)


@pytest.mark.hazard("H-24")
@pytest.mark.skipif(not ON_POSTGRESQL, reason="A test's own SQLite is in memory, with one connection.")
def test_two_issue_at_once_without_gap_or_clash(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        try:
            issue_at_once()
        finally:
            empty()


def empty():
    """Take away what was stored for good, so that the next test finds the database as it was."""
    with guards_off(), connection.cursor() as cursor:
        for table in (*TABLES[:3], *(f"historical{name}" for name in HISTORIES), *TABLES[3:]):
            cursor.execute(f"DELETE FROM clinic_{table}")


@pytest.mark.sweep
@pytest.mark.one_database
def test_two_issue_at_once_in_a_file_of_sqlites_and_wait_for_each_other(laid_database, tmp_path):
    shutil.copytree(laid_database, tmp_path, dirs_exist_ok=True)
    code = "import django; django.setup(); from tests.clinic.documents import test_issuing_at_once as t; "
    ours = {"DEMO": "1", "DATA_FOLDER": str(tmp_path), "DJANGO_SETTINGS_MODULE": "clinic.settings"}
    done = run("-c", f"{code}t.issue_at_once()", **ours)
    assert (done.returncode, done.stderr) == (0, "")
