"""What a person gets of their own record: all of it, to read and as JSON."""

import json
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db.models import BinaryField

from clinic import models
from clinic.documents.pack import Made, write_pack
from clinic.privacy.access_export import KEPT_BACK, LEFT_OUT, README, files_of_person, name_of
from clinic.privacy.erasing_map import mapped, rows_of
from tests.clinic.documents.test_pack import everything, refers_to_a_patient
from tests.clinic.screenings.invented import a_clinic, a_member

pytestmark = pytest.mark.django_db
MADE = Made(
    "Nora Novak", "", "Park Street", datetime(2026, 11, 21, 9, tzinfo=UTC), "Olive", "https://clinic.example/verify/"
)


def opened(patient):
    with write_pack(files_of_person(patient), MADE, README) as packed, ZipFile(BytesIO(packed.read())) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def test_every_table_that_leads_to_a_patient_is_in_it_with_every_row_and_column(by):
    patient = everything(by)
    everything(a_member(a_clinic("elsewhere"), name="edda"))
    files = opened(patient)
    assert {model.__name__ for model in refers_to_a_patient()} - set(LEFT_OUT) <= {one.__name__ for one in mapped()}
    for model, fate in mapped().items():
        if model.__name__ in LEFT_OUT:
            continue
        rows = json.loads(files[f"records/{name_of(model)}.json"])
        key = model._meta.pk.attname
        assert [row[key] for row in rows] == list(rows_of(model, fate, patient).values_list("pk", flat=True)), model
        for field in model._meta.concrete_fields:
            if rows and not isinstance(field, BinaryField) and field.name not in KEPT_BACK:
                assert {field.name, field.attname} & set(rows[0]), field
    empty = [model.__name__ for model, fate in mapped().items() if not rows_of(model, fate, patient).exists()]
    assert set(empty) <= {"Mismatch", "LegalHold", "LiftedHold", "Erasure", "Draft", "Invitation"}
    files_of_bytes = {"documents", "letters", "photographs"}
    assert files_of_bytes <= {name.partition("/")[0] for name in files}


def test_it_can_be_read_and_opens_no_link(by):
    files = opened(everything(by))
    page = files["index.html"].decode()
    assert "<dd>Nora Novak</dd>" in page
    assert "A strange note" in page
    assert page.count("<h2>Screening of") == 5
    data = b"".join(files.values())
    hashes = [one for one in models.Invitation.objects.values_list("secret_hash", flat=True) if one]
    assert [one for one in hashes if one.encode() in data] == []
    assert "START HERE" in files["README.txt"].decode()
