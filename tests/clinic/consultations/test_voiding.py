"""Wrong person: what is struck out stays, says why, and a self-check that it reviewed waits again."""

import pytest

from clinic.consultations.models import Consent, Decision, Session, VoidedDecision, VoidedSession
from clinic.consultations.voiding import void
from clinic.events import Event
from clinic.screenings.models import AwaitingReview, Review, Screening, VoidedScreening
from clinic.screenings.reviews import AlreadyReviewed, review
from tests.clinic.consultations.stored import a_screening, an_invited_sending, reviewed
from tests.clinic.screenings.invented import a_member, a_patient, a_sending

pytestmark = pytest.mark.django_db


@pytest.fixture
def perry(clinic):
    return a_member(clinic, name="perry")


def a_decision(screening, by):
    with Decision.door():
        decision = Decision(
            clinic=screening.clinic, patient=screening.patient, screening=screening, treatment=screening.treatment,
            kind=Decision.Kind.DECLINE, words="Not now.", by=by, role="practitioner",
        )  # fmt: skip
        decision.save()
    return decision


def a_session(screening, by):
    decision = a_decision(screening, by)
    whose = {"clinic": screening.clinic, "patient": screening.patient, "by": by, "role": "practitioner"}
    consent = Consent(
        decision=decision, treatment=screening.treatment, sites=[], text_version="1",
        signed_on=screening.answered_at.date(), signed_by="Nora Novak", **whose,
    )  # fmt: skip
    consent.save()
    with Session.door():
        session = Session(
            treatment=screening.treatment,
            decision=decision,
            consent=consent,
            check_screening=screening,
            sites=[],
            **whose,
        )
        session.save()
    return session


KINDS = {
    "screening": (lambda screening, _: screening, VoidedScreening),
    "decision": (a_decision, VoidedDecision),
    "session": (a_session, VoidedSession),
}


@pytest.mark.hazard("H-07")
@pytest.mark.parametrize("kind", KINDS)
def test_a_row_is_struck_out_with_its_reason_and_stays_as_it_is(clinic, perry, kind):
    make, voided = KINDS[kind]
    row = make(a_screening(a_patient(clinic), by=perry), perry)
    before = type(row).objects.filter(pk=row.pk).values().get()
    void(row, " Another patient. ", perry)
    found = voided.objects.get()
    assert (getattr(found, kind), found.why, found.by) == (row, "Another patient.", perry)
    assert type(row).objects.filter(pk=row.pk).values().get() == before
    event = Event.objects.first()
    assert (event.action, event.actor, event.patient, event.about) == (
        f"{kind} voided", perry, row.patient, f"{kind} {row.pk}",
    )  # fmt: skip


def test_the_second_time_changes_nothing(clinic, perry):
    screening = a_screening(a_patient(clinic), by=perry)
    first = void(screening, "Another patient.", perry)
    assert void(screening, "Once more.", perry) == first
    assert Event.objects.filter(action="screening voided").count() == 1


def test_without_a_reason_nothing_is_struck_out(clinic, perry):
    screening = a_screening(a_patient(clinic), by=perry)
    with pytest.raises(ValueError, match="wants a reason"):
        void(screening, "  ", perry)
    assert not VoidedScreening.objects.exists()


def test_the_self_check_of_a_struck_out_review_waits_again_and_is_reviewed_anew(clinic, perry):
    sending = an_invited_sending(clinic, hernia="yes")
    before = AwaitingReview.objects.values("patient", "urgency", "sent_at", "clinic").get()
    first = reviewed(sending, by=perry)
    assert not AwaitingReview.objects.exists()
    void(first, "These are another patient’s answers.", perry)
    assert AwaitingReview.objects.values("patient", "urgency", "sent_at", "clinic").get() == before
    second = reviewed(sending, by=perry)
    assert [made.screening for made in sending.reviews.all()] == [second, first]
    assert not AwaitingReview.objects.exists()


def test_a_struck_out_intake_brings_no_self_check_back(clinic, perry):
    void(a_screening(a_patient(clinic), by=perry), "Another patient.", perry)
    assert not AwaitingReview.objects.exists()


def test_a_self_check_is_dealt_with_once(clinic, perry):
    sending = a_sending(clinic=clinic)
    review(sending, by=perry, set_aside="Sent twice")
    with pytest.raises(AlreadyReviewed):
        review(sending, by=perry, set_aside="Sent twice")
    assert [(made.set_aside, made.screening, made.by) for made in Review.objects.all()] == [("Sent twice", None, perry)]
    assert Event.objects.first().action == "self-check set aside"


def test_a_review_is_a_screening_or_a_reason_and_never_both_or_neither(clinic, perry):
    sending = an_invited_sending(clinic)
    screening = a_screening(sending.screening.patient, by=perry)
    for given in ({}, {"set_aside": " "}, {"screening": screening, "set_aside": "Sent twice"}):
        with pytest.raises(ValueError, match="a screening, or a reason"):
            review(sending, by=perry, **given)
    assert not Review.objects.exists()
    assert AwaitingReview.objects.get().sending == sending
    assert Screening.objects.count() == 2
