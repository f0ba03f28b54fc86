"""The erasure of a patient's record: it reaches everything, leaves a tombstone, and breaks no seal."""

from io import StringIO

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.db.models import DateTimeField, ForeignKey

from clinic import models
from clinic.events import record
from clinic.people.patients import OnHold
from clinic.privacy.erasing import erase_record, erase_unmatched
from clinic.privacy.erasing_map import FATES, mapped, rows_of
from tests.clinic.documents.test_pack import everything, refers_to_a_patient
from tests.clinic.privacy.strange import DAY, SHORTEST, a_strange_patient, found_in_tables
from tests.clinic.screenings.invented import a_clinic, a_member, a_patient, a_sending

pytestmark = pytest.mark.django_db
WORDS = (SHORTEST, DAY.isoformat().encode())


@pytest.mark.one_database
def test_every_table_that_leads_to_a_patient_is_in_the_map():
    history = {models.Patient.history.model}
    assert {model.__name__ for model in refers_to_a_patient() | history} == set(FATES)


@pytest.mark.one_database
def test_every_column_of_a_row_that_stays_is_emptied_or_kept_for_a_reason():
    decided = {
        model.__name__: {*fate.emptied, *fate.kept} - {"patient"}
        for model, fate in mapped().items()
        if fate.kind != "deleted"
    }
    columns = {
        model.__name__: {
            field.name
            for field in model._meta.concrete_fields
            if not field.primary_key
            and not isinstance(field, DateTimeField)
            and not (isinstance(field, ForeignKey) and not field.null)
            and field.name not in ("patient", "by", "actor", "clinic")
        }
        for model, fate in mapped().items()
        if fate.kind != "deleted"
    }
    # A way from one row of the record to the next says nothing by itself; a moment neither.
    ways = {
        "Document": {"screening", "decision", "consent", "session", "referral", "replaces"},
        "Session": {"visit"},
    }
    left = {name: found - decided[name] - ways.get(name, set()) for name, found in columns.items()}
    assert {name: found for name, found in left.items() if found} == {}


def test_after_it_nothing_that_was_typed_is_in_any_table_nor_in_the_file(by, record_property):
    patient, written = a_strange_patient(by)
    session = SessionStore()
    session.update({"patients searched": "quaggawort", "clinic": patient.clinic_id})
    session.save()
    before = found_in_tables(*WORDS)
    assert {"clinic_patient", "clinic_screening", "clinic_historicalpatient", "clinic_documentcontent"} <= before
    erase_record(patient, "The person asked for it.", by=by)
    record_property("strange values", written)
    assert written > 150
    assert found_in_tables(*WORDS) == set()
    assert SessionStore(session.session_key).load() == {"clinic": patient.clinic_id}
    if connection.vendor == "sqlite":
        # The file itself, with its pages that hold no row any more.
        file = connection.connection.serialize()
        assert [word for word in WORDS if word in file] == []


def test_what_stays_is_what_the_ledger_needs_and_its_walk_says_erased_not_changed(by):
    patient = everything(by)
    record(
        "document withdrawn",
        clinic=patient.clinic,
        patient=patient,
        about=models.WithdrawnDocument.objects.get().document,
    )
    others = everything(a_member(a_clinic("elsewhere"), name="edda"))
    sealed = [(row.pk, row.seal) for row in models.Document.objects.order_by("pk")]
    count = {model: rows_of(model, fate, others).count() for model, fate in mapped().items()}
    erase_record(patient, "The person asked for it.", by=by)
    left = {model.__name__: rows_of(model, fate, patient).count() for model, fate in mapped().items()}
    del left["Event"]
    assert {name: rows for name, rows in left.items() if rows} == {
        "Patient": 1, "Screening": 1, "Decision": 1, "Document": 2, "ErasedDocument": 2, "WithdrawnDocument": 1,
        "Erasure": 1,
    }  # fmt: skip
    assert [(row.pk, row.seal) for row in models.Document.objects.order_by("pk")] == sealed
    out = StringIO()
    call_command("verify_documents", clinic=patient.clinic.slug, stdout=out)
    assert out.getvalue().count("erased, for a recorded reason") == 2
    assert "changed" not in out.getvalue()
    assert {model: rows_of(model, fate, others).count() for model, fate in mapped().items()} == count


def test_the_tombstone_says_how_much_went_why_when_and_by_whom(by):
    patient = everything(by)
    row = erase_record(patient, "The person asked for it.", by=by)
    assert (row.why, row.by, row.erased["photograph"], row.erased["letter"]) == ("The person asked for it.", by, 2, 1)
    event = models.Event.objects.first()
    assert (event.action, event.about, event.patient_id) == ("patient erased", f"erasure {row.pk}", patient.pk)
    gone = models.Patient.with_erased.get(pk=patient.pk)
    assert (gone.name, gone.erased_at is None) == ("", False)
    assert list(models.Patient.objects.filter(pk=patient.pk)) == []


@pytest.mark.hazard("H-34")
def test_a_legal_hold_refuses_it_whole_and_a_lifted_one_does_not(by):
    patient = everything(by)
    hold = models.LegalHold(clinic=patient.clinic, patient=patient, why="A claim.", by=by)
    hold.save()
    with pytest.raises(OnHold):
        erase_record(patient, "The person asked for it.", by=by)
    assert models.DocumentContent.objects.filter(document__patient=patient).count() == 1
    models.LiftedHold(hold=hold, why="Settled.", by=by).save()
    erase_record(patient, "The person asked for it.", by=by)
    assert models.LegalHold.objects.count() == 0


def test_a_strangers_self_check_that_was_another_patients_by_mistake_is_let_go_of(by):
    clinic = by.memberships.get().clinic
    right, wrong, sending = a_patient(clinic), a_patient(clinic, name="Another"), a_sending(clinic=clinic)
    models.Match(clinic=clinic, sending=sending, patient=right, is_new=False, by=by).save()
    intake = models.Intake.objects.create(
        clinic=clinic, patient=wrong, treatment="ems-training", sending=sending, opened_by=by, changed_by=by
    )
    erase_record(right, "The person asked for it.", by=by)
    intake.refresh_from_db()
    assert (intake.sending, models.Screening.objects.count()) == (None, 0)


def test_an_unmatched_self_check_goes_whole_and_nothing_else_does(by):
    clinic = by.memberships.get().clinic
    patient = everything(by)
    sending = a_sending(clinic=clinic, name="A stranger")
    models.Review(clinic=clinic, sending=sending, set_aside="Sent twice.", by=by).save()
    count = {model: rows_of(model, fate, patient).count() for model, fate in mapped().items()}
    erase_unmatched(sending)
    assert list(models.Sending.objects.filter(pk=sending.pk)) == []
    assert list(models.Screening.objects.filter(pk=sending.screening_id)) == []
    assert {model: rows_of(model, fate, patient).count() for model, fate in mapped().items()} == count
