"""The hunt for harm that a decision did not know of, and that opens the gate all the same."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from clinic.consultations import gate
from clinic.consultations.keeping import whose
from clinic.consultations.models import AdverseEvent, Decision, Session
from clinic.consultations.session_records import report
from tests.clinic.consultations import rows
from tests.clinic.consultations.decided import Consultation
from tests.clinic.consultations.gated import World

pytestmark = pytest.mark.django_db


def codes(world):
    return [reason.code for reason in gate.may_start(world.wanted())]


@pytest.mark.hazard("H-31", "H-38")
def test_harm_in_a_session_of_a_decision_counts_though_the_clock_went_back():
    world = World()
    assert codes(world) == []
    session = rows.a_session(world.consented, by=world.by)
    rows.harm(session, by=world.by, at=world.decided.at - timedelta(days=30))
    assert codes(world) == ["adverse-event"]


@pytest.mark.hazard("H-24", "H-38")
def test_harm_that_was_typed_before_a_decision_and_stored_after_it_counts():
    world = World()
    session = rows.a_session(world.consented, by=world.by)
    told = {"happened_at": session.at, "severity": "severe", "what": "A burn.", "done": "Cooled.", "doctor_told": True}
    began = AdverseEvent(at=world.now - timedelta(days=3), **told)
    world.decided = world.a_decision(at=world.now - timedelta(days=2))
    world.a_consent()
    assert codes(world) == []
    report(began, session, membership=world.membership, request=RequestFactory().get("/"))
    assert codes(world) == ["adverse-event"]


@pytest.mark.hazard("H-38")
def test_a_decision_whose_page_did_not_know_of_harm_is_not_stored_unread(client):
    one = Consultation()
    client.force_login(one.by)
    address = f"/staff/screenings/{one.screening.pk}/decide/"
    shown = client.get(address).context["form"]
    sent = {"after": 0, "harm": shown["harm"].value(), "kind": "decline", "words": "Better not."}
    client.post(address, sent)
    first = Decision.objects.get()
    with Session.door():
        consent = rows.a_consent(first, by=one.by)
        session = Session(
            **whose(one.patient, one.membership), decision=first, consent=consent, check_screening=one.screening,
            treatment=first.treatment, sites=[],
        )  # fmt: skip
        session.save()
    rows.harm(session, by=one.by, severity="mild")
    page = client.post(address, sent | {"after": first.pk, "words": "No."})
    assert (page.status_code, Decision.objects.count()) == (302, 2)
    rows.harm(session, by=one.by)
    page = client.post(address, sent | {"after": Decision.objects.latest("pk").pk})
    assert "Something went wrong in a session since this page was opened." in page.content.decode()
    assert ("Better not." in page.content.decode(), Decision.objects.count()) == (True, 2)
    known = {name: page.context["form"][name].value() for name in ("after", "harm")}
    assert client.post(address, sent | known).status_code == 302
    assert Decision.objects.count() == 3
