"""A clinic gets everything it owns, in formats that any program reads, and nothing of another's."""

import csv
import json
import subprocess
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from clinic import models
from clinic.privacy.clinic_export import LEFT_OUT, tables_of, ways_of
from tests.clinic.documents.test_pack import everything
from tests.clinic.screenings.invented import a_clinic, a_member, a_patient

pytestmark = pytest.mark.django_db


@pytest.mark.one_database
def test_every_table_leads_to_a_clinic_or_is_left_out_for_a_reason():
    tables = {model._meta.label: ways_of(model) for model in apps.get_models()}
    assert {name for name, ways in tables.items() if not ways} - set(LEFT_OUT) == set()
    assert set(LEFT_OUT) - set(tables) == set()


def test_it_is_whole_and_an_ordinary_tool_checks_it(tmp_path):
    clinic = (by := a_member(a_clinic())).memberships.get().clinic
    everything(by)
    everything(a_member(a_clinic("elsewhere"), name="edda"))
    a_patient(clinic, name="=1+1")
    folder = tmp_path / "all"
    folder.mkdir()
    call_command("export_clinic", folder, clinic="park-street", stdout=StringIO())
    checked = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=True)
    assert {one.stat().st_mode & 0o077 for one in folder.rglob("*")} == {0}
    files = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()} - {"SHA256SUMS"}
    assert {line.partition(":")[0] for line in checked.stdout.decode().splitlines()} == files
    for model, rows in tables_of(clinic).items():
        name = model._meta.label_lower.replace(".", "-")
        written = json.loads((folder / "tables" / f"{name}.json").read_text())
        sheet = sheet_of(folder, name)
        keys = list(rows.values_list("pk", flat=True))
        pk = model._meta.pk.attname
        assert [row[pk] for row in written] == keys, name
        assert [int(row[pk]) for row in sheet] == keys, name
        # Half of everything is elsewhere's.
        assert len(keys) < QuerySet(model).count() or QuerySet(model).count() == 0, name
    people = sheet_of(folder, "clinic-patient")
    assert [row["name"] for row in people] == ["Nora Novak", "'=1+1"]
    document = models.Document.objects.get(clinic=clinic, erased=None)
    assert (folder / "documents" / f"document-{document.number:06d}.pdf").read_bytes() == b"%PDF-1.7 invented"
    everything_written = b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())
    assert b"argon2" not in everything_written
    assert [
        one
        for one in models.Invitation.objects.values_list("secret_hash", flat=True)
        if one.encode() in everything_written
    ] == []
    exported = models.Event.objects.filter(action="clinic exported")
    assert exported.count() == 1
    with pytest.raises(CommandError, match="is not empty"):
        call_command("export_clinic", folder, clinic="park-street")
    assert exported.count() == 1


def sheet_of(folder, name):
    with (folder / "tables" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))
