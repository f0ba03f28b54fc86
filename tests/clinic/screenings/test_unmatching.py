"""A self-check that was matched to the wrong person is taken off their record, for a reason, and waits again."""

import pytest

from clinic.consultations.intake import IntakeError, complete
from clinic.consultations.voiding import void
from clinic.documents.verifying import State, state_of, with_state
from clinic.events import Event
from clinic.models import Document
from clinic.people.clinics import Membership
from clinic.screenings.matching import match, patient_of
from clinic.screenings.models import AwaitingReview, Match, Mismatch, Review, Sending
from clinic.screenings.reviews import AlreadyReviewed, review
from clinic.screenings.standing_screening import standing_screenings
from clinic.screenings.unmatching import NotToUnmatch, unmatch
from tests.clinic.consultations.stored import a_screening
from tests.clinic.screenings.invented import a_case, a_clinic, a_member, a_patient, a_sending
from tests.support.record import a_document

pytestmark = pytest.mark.django_db
WHY = "The telephone number is another person’s."


@pytest.fixture
def matched(clinic):
    """A self-check that says something, matched to the wrong one of two people of a name; who did it, and both."""
    perry = a_member(clinic, "practitioner", name="perry")
    wrong, right = a_patient(clinic), a_patient(clinic, name="Nora Novakk")
    sending = a_sending(clinic=clinic, case=a_case(**{"heart-disease": "yes"}))
    match(sending, wrong, by=perry)
    return sending, wrong, right, perry


def again(sending):
    return Sending.objects.get(pk=sending.pk)


def address(sending):
    return f"/staff/received/{sending.pk}/not-theirs/"


def faults(clinic, patient):
    pair = patient.pk, "body-myostimulation"
    return [fault.code for fault in standing_screenings(clinic, [patient.pk], clinic.now())[pair].faults]


@pytest.mark.hazard("H-08")
def test_it_leaves_the_wrong_record_with_its_reason_and_holds_the_right_one_once_matched_anew(clinic, matched):
    sending, wrong, right, perry = matched
    said = Match.objects.get()
    assert faults(clinic, wrong) == ["none", "awaiting-review"]
    unmatch(sending, f" {WHY} ", by=perry)
    kept = Mismatch.objects.get()
    assert (kept.patient, kept.matched_by, kept.matched_at, kept.why, kept.by) == (wrong, perry, said.at, WHY, perry)
    assert (patient_of(again(sending)), AwaitingReview.objects.get().patient) == (None, None)
    assert faults(clinic, wrong) == ["none"]
    event = Event.objects.first()
    assert (event.action, event.patient, event.about, event.actor) == (
        "self-check match taken back", wrong, f"mismatch {kept.pk}", perry,
    )  # fmt: skip
    match(again(sending), right, by=perry)
    assert (patient_of(again(sending)), AwaitingReview.objects.get().patient) == (right, right)
    assert faults(clinic, right) == ["none", "awaiting-review"]


def test_what_was_set_aside_waits_again(matched):
    sending, _, _, perry = matched
    review(sending, by=perry, set_aside="Not meant seriously")
    unmatch(sending, WHY, by=perry)
    waiting = AwaitingReview.objects.get()
    assert (waiting.sending, waiting.patient, waiting.sent_at) == (sending, None, sending.sent_at)


def test_a_screening_that_was_made_of_it_is_struck_out_first(matched):
    sending, wrong, _, perry = matched
    screening = a_screening(wrong, by=perry, based_on=sending.screening)
    review(sending, by=perry, screening=screening)
    with pytest.raises(NotToUnmatch):
        unmatch(sending, WHY, by=perry)
    assert (Match.objects.count(), Mismatch.objects.count()) == (1, 0)
    void(screening, WHY, perry)
    assert AwaitingReview.objects.get().patient == wrong
    unmatch(again(sending), WHY, by=perry)
    assert AwaitingReview.objects.get().patient is None


def test_without_a_reason_or_a_match_nothing_is_taken_back(matched, clinic):
    sending, _, _, perry = matched
    with pytest.raises(ValueError, match="wants a reason"):
        unmatch(sending, " ", by=perry)
    unmatch(sending, WHY, by=perry)
    for each in (again(sending), a_sending(clinic=clinic)):
        with pytest.raises(NotToUnmatch):
            unmatch(each, WHY, by=perry)
    assert Mismatch.objects.count() == 1


@pytest.mark.hazard("H-08")
def test_an_intake_for_the_wrong_patient_reviews_it_no_more(clinic, matched, client):
    sending, wrong, right, perry = matched
    client.force_login(perry)
    given = {"patient": wrong.pk, "sending": sending.pk}
    client.post("/staff/intake/open/", given)
    intake = wrong.intakes.get()
    # As one does that is opened at the very moment in which it is taken off.
    wrong.intakes.update(sending=None)
    unmatch(sending, WHY, by=perry)
    wrong.intakes.update(sending=sending)
    match(again(sending), right, by=perry)
    request = client.get("/staff/").wsgi_request
    with pytest.raises(IntakeError, match="Drop this intake"):
        complete(intake, membership=perry.memberships.get(), request=request)
    with pytest.raises(AlreadyReviewed):
        review(sending, by=perry, screening=a_screening(wrong, by=perry))
    assert (Review.objects.count(), AwaitingReview.objects.get().patient) == (0, right)
    assert client.post("/staff/intake/open/", given).status_code == 404


@pytest.mark.hazard("H-08")
def test_a_copy_that_was_issued_to_the_wrong_patient_is_withdrawn_and_one_of_the_right_patient_stands(clinic, matched):
    sending, wrong, right, perry = matched
    wrong_copy = a_document(clinic, wrong, perry, kind="copy", screening=sending.screening)
    unmatch(sending, WHY, by=perry)
    match(again(sending), right, by=perry)
    right_copy = a_document(clinic, right, perry, kind="copy", pdf=b"%PDF-1.7 another", screening=sending.screening)
    states = {row.pk: state_of(row) for row in with_state(Document.objects.all())}
    assert states == {wrong_copy.pk: State.WITHDRAWN, right_copy.pk: State.GENUINE}


def test_staff_take_it_back_on_a_page_and_say_anew_whose_it_is(client, matched):
    sending, wrong, _, perry = matched
    client.force_login(perry)
    received = client.get(f"/staff/received/{sending.pk}/").content.decode()
    matched_to = f"Matched to <bdi>{wrong.name}</bdi>, born 7 March 1980."
    assert (f'href="{address(sending)}"' in received, matched_to in received) == (True, True)
    page = client.get(address(sending)).content.decode()
    assert (wrong.name in page, "Not this patient" in page) == (True, True)
    refused = client.post(address(sending), {"why": " "})
    assert ("Say why, in a few words." in refused.content.decode(), Match.objects.count()) == (True, 1)
    done = client.post(address(sending), {"why": WHY}, follow=True).content.decode()
    assert ("Say whose it is, then review" in done, address(sending) in done) == (True, False)
    assert client.get(address(sending)).status_code == 302


def test_another_clinics_and_reception_stay_outside(client, sign_in, clinic):
    hidden = a_sending(clinic=a_clinic("elsewhere"))
    sign_in()
    assert client.post(address(hidden), {"why": WHY}).status_code == 404
    sign_in(Membership.Role.RECEPTION)
    assert client.post(address(a_sending(clinic=clinic)), {"why": WHY}).status_code == 403
