"""No paper is called genuine once something newer stands in its place, or its row in the ledger was changed."""

import hashlib

import pytest
from django.utils import timezone

from clinic.consultations.models import AdverseEvent, SessionRecord
from clinic.documents.models import Document
from clinic.documents.verifying import State, by_code, by_digest
from tests.clinic.consultations import rows
from tests.clinic.consultations.gated import World
from tests.support.record import a_document
from tests.support.tampering import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    made = World(now=timezone.now())
    made.session = rows.a_session(made.consented, by=made.by)
    return made


def a_paper(world, kind="summary", **about):
    return a_document(world.clinic, world.patient, world.by, f"%PDF {kind}".encode(), kind=kind, **about)


def state(row):
    found = by_code(row.number, row.check_code)
    assert by_digest(row.sha256) == found
    return found.state


PAPERS = {
    "summary": lambda world: a_paper(world, decision=world.decided, screening=world.screening),
    "copy": lambda world: a_paper(world, "copy", decision=world.decided, screening=world.screening),
    "copy before it": lambda world: a_paper(world, "copy", screening=world.a_screening()),
    "form to sign": lambda world: a_paper(world, "consent", decision=world.decided),
    "consent": lambda world: a_paper(world, "consent", consent=world.consented),
    "session": lambda world: a_paper(world, "session", session=world.session),
}


def writes_another_record(world):
    SessionRecord(**rows.whose(world.patient, world.by), session=world.session, settings={}).save()


def writes_down_what_went_wrong(world):
    AdverseEvent(
        **rows.whose(world.patient, world.by), session=world.session, happened_at=world.now, severity="mild",
        what="A red patch.", done="Cooled.", doctor_told=False,
    ).save()  # fmt: skip


def strikes_its_check_out(world):
    world.void(world.session.check_screening)


def corrects_and_strikes_it_out(world):
    world.void(world.a_screening(corrects=world.screening, why="Misheard."))


def decides_on_the_copied(world):
    copied = Document.objects.get().screening
    rows.a_decision(copied, by=world.by, kind="decline", sites=[])


def consents_to_another_treatment(world):
    rows.a_consent(world.decided, by=world.by, treatment="body-microcurrent")


@pytest.mark.hazard("H-19")
@pytest.mark.parametrize(
    ("paper", "happens", "becomes"),
    [
        ("summary", World.declines, State.REPLACED),
        ("summary", World.declines_and_voids_it, State.REPLACED),
        ("copy", World.decides_again, State.REPLACED),
        ("form to sign", World.decides_again, State.REPLACED),
        ("copy before it", decides_on_the_copied, State.REPLACED),
        # The same places: the gate takes it, and so does the page.
        ("consent", World.decides_again, State.GENUINE),
        # The newest consent alone counts, and what it says of photographs.
        ("consent", World.consents_again, State.REPLACED),
        ("consent", consents_to_another_treatment, State.GENUINE),
        ("consent", World.corrects, State.REPLACED),
        ("summary", corrects_and_strikes_it_out, State.REPLACED),
        ("consent", World.voids_screening, State.WITHDRAWN),
        ("session", writes_another_record, State.REPLACED),
        ("session", writes_down_what_went_wrong, State.REPLACED),
        ("session", strikes_its_check_out, State.WITHDRAWN),
        ("summary", World.screens_for_another_treatment, State.GENUINE),
    ],
)
def test_paper_stands_until_something_newer_stands_in_its_place(world, paper, happens, becomes):
    row = PAPERS[paper](world)
    assert state(row) == State.GENUINE
    happens(world)
    assert state(row) == becomes


CHANGED = hashlib.sha256(b"%PDF changed").hexdigest()


@pytest.mark.parametrize(("column", "value"), [("sha256", CHANGED), ("kind", "letter"), ("decision_id", None)])
def test_paper_whose_row_was_changed_past_the_ledger_is_unknown(world, column, value):
    row = a_paper(world, decision=world.decided)
    tamper(f"UPDATE clinic_document SET {column} = %s WHERE id = %s", value, row.pk)
    changed = Document.objects.get(pk=row.pk)
    assert state(changed) == State.UNKNOWN
