"""The way to a review, a self-check set aside, and a form from paper."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from clinic.consultations.models import Intake
from clinic.people.clinics import Membership
from clinic.screenings.models import AwaitingReview, Door, Review
from tests.clinic.consultations.stored import a_screening, an_invited_sending, reviewed
from tests.clinic.screenings.invented import AT, a_case, a_patient, a_sending

pytestmark = pytest.mark.django_db


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def page_of(client, sending):
    return text(client.get(f"/staff/received/{sending.pk}/"))


def inputs(page, action):
    """The hidden inputs of the form that posts to `action`."""
    form = re.search(rf'<form method="post" action="{re.escape(action)}">(.*?)</form>', page)[1]
    found = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def test_a_self_check_that_waits_leads_to_its_review(client, sign_in, clinic):
    sign_in()
    sending = an_invited_sending(clinic)
    given = inputs(page_of(client, sending), "/staff/intake/open/")
    assert given == {
        "patient": str(sending.screening.patient_id), "treatment": "body-myostimulation", "sending": str(sending.pk),
    }  # fmt: skip
    client.post("/staff/intake/open/", given)
    intake = Intake.objects.get()
    assert (intake.sending, intake.door, intake.answers) == (sending, Door.REVIEW, sending.screening.answers)


def test_a_strangers_self_check_wants_somebody_to_say_whose_it_is(client, sign_in, clinic):
    sign_in()
    sending = a_sending(clinic=clinic)
    shown = page_of(client, sending)
    assert "Say whose it is, then review" in shown
    assert "/staff/intake/open/" not in shown


@pytest.mark.hazard("H-27")
def test_what_needs_a_word_comes_first_and_why(client, sign_in, clinic):
    person = sign_in()
    sending = an_invited_sending(clinic, cancer="unsure", epilepsy="no", fever="yes")
    patient = sending.screening.patient
    a_screening(patient, by=person, at=AT - timedelta(days=30), epilepsy="yes")
    shown = page_of(client, sending)
    words = re.findall(r'<dd class="word-why">.*?<span>(.*?)</span>', shown)
    assert words == [
        "Last time it was “Yes”. Ask which is right.",
        "They said “Not sure”. Settle it together.",
        "Fever or high temperature: defer.",
    ]
    assert shown.index("Needs a word first") < shown.index('class="verdict')


@pytest.mark.hazard("H-02")
def test_plain_answers_are_gone_through_together_all_the_same(client, sign_in, clinic):
    sign_in()
    assert "Everything was answered plainly. Go through it together all the same." in page_of(
        client, an_invited_sending(clinic)
    )


def test_a_reviewed_self_check_leads_to_what_was_made_of_it(client, sign_in, clinic):
    person = sign_in()
    sending = an_invited_sending(clinic)
    screening = reviewed(sending, by=person)
    shown = page_of(client, sending)
    assert f'href="/staff/screenings/{screening.pk}/"' in shown
    assert "Review this" not in shown
    assert "Set aside" not in shown


def test_a_self_check_is_set_aside_for_a_reason_and_stays_readable(client, sign_in, clinic):
    person = sign_in()
    sending = a_sending(clinic=clinic, case=a_case(hernia="yes"))
    address = f"/staff/received/{sending.pk}/set-aside/"
    assert "Contraindicated" in text(client.get(address))
    response = client.post(address, {"reason": "twice", "words": "By phone too."})
    assert response.url == f"/staff/received/{sending.pk}/"
    made = Review.objects.get()
    why = "Sent twice: the other one is reviewed. By phone too."
    assert (made.sending, made.screening, made.set_aside, made.by) == (sending, None, why, person)
    assert not AwaitingReview.objects.exists()
    shown = page_of(client, sending)
    assert f"<strong>Set aside:</strong> {why}" in shown
    assert "Nora Novak" in shown


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"words": "Kept words."}, "Choose a reason."),
        ({"reason": "joke-of-nobody", "words": "Kept words."}, "joke-of-nobody"),
        ({"reason": "other", "words": " "}, "Say why, in a few words."),
    ],
)
def test_setting_aside_wants_a_reason(client, sign_in, clinic, given, error):
    sign_in()
    sending = a_sending(clinic=clinic)
    shown = text(client.post(f"/staff/received/{sending.pk}/set-aside/", given))
    assert error in shown
    assert ("Kept words." in shown) == (given["words"] == "Kept words.")
    assert (Review.objects.count(), AwaitingReview.objects.count()) == (0, 1)


def test_what_was_reviewed_is_not_set_aside_any_more(client, sign_in, clinic):
    sending = an_invited_sending(clinic)
    screening = reviewed(sending, by=sign_in())
    client.post(f"/staff/received/{sending.pk}/set-aside/", {"reason": "twice"})
    assert [made.screening for made in Review.objects.all()] == [screening]


def on_paper(clinic, moment, **given):
    here = moment.astimezone(clinic.zone)
    return {"treatment": "body-myostimulation", "day": f"{here:%Y-%m-%d}", "clock": f"{here:%H:%M}"} | given


@pytest.fixture
def at_noon(sign_in, clinic, monkeypatch):
    """Somebody is signed in, and the clinic's clock stands; the clinic and the time."""
    sign_in()
    noon = datetime(2026, 11, 20, 12, tzinfo=clinic.zone)
    monkeypatch.setattr(type(clinic), "now", lambda _: noon)
    return clinic, noon


@pytest.mark.hazard("H-22")
def test_a_paper_form_opens_an_intake_of_its_own_time(client, sign_in, clinic):
    sign_in()
    patient, answered = a_patient(clinic), timezone.now() - timedelta(days=2)
    response = client.post(f"/staff/patients/{patient.pk}/paper/", on_paper(clinic, answered))
    intake = Intake.objects.get()
    assert response.url == f"/staff/intake/{intake.pk}/"
    assert (intake.door, intake.answered_at, intake.answers) == (
        Door.PAPER, answered.replace(second=0, microsecond=0), {},
    )  # fmt: skip


@pytest.mark.hazard("H-31")
@pytest.mark.parametrize(
    ("days", "given", "error"),
    [
        (-1, {}, "This day is in the future."),
        (0, {"clock": "23:59"}, "This time has not come yet."),
        (200, {}, "Answers of that day are too old to be valid."),
        (2, {"day": "yesterday"}, "Enter the day as day, month and year."),
        (2, {"clock": ""}, "Enter the time."),
        (2, {"treatment": "emface"}, "emface"),
        (2, {"treatment": ""}, "Choose the treatment."),
    ],
)
def test_a_paper_form_of_the_wrong_time_is_refused_and_what_was_typed_stays(client, at_noon, days, given, error):
    clinic, noon = at_noon
    patient, posted = a_patient(clinic), on_paper(clinic, noon - timedelta(days=days), **given)
    shown = text(client.post(f"/staff/patients/{patient.pk}/paper/", posted))
    assert error in shown
    assert f'value="{posted["day"]}"' in shown
    assert not Intake.objects.exists()


def test_the_last_valid_day_of_a_paper_form_is_taken(client, at_noon):
    address = f"/staff/patients/{a_patient(at_noon[0]).pk}/paper/"
    given = {"treatment": "body-myostimulation", "clock": "09:00"}
    assert client.post(address, given | {"day": "2026-05-20"}).status_code == 200
    assert client.post(address, given | {"day": "2026-05-21"}).status_code == 302


@pytest.mark.parametrize("page", ["received/{sending}/set-aside/", "patients/{patient}/paper/"])
def test_another_clinics_rows_and_reception_stay_outside(client, sign_in, clinic, elsewhere, page):
    theirs = a_sending(clinic=elsewhere)
    address = "/staff/" + page.format(sending=theirs.pk, patient=a_patient(elsewhere).pk)
    sign_in()
    for ask in (client.get, client.post):
        response, missing = ask(address), ask("/staff/" + page.format(sending=999999, patient=999999))
        assert response.status_code == missing.status_code == 404
        assert text(response) == text(missing)
    sign_in(Membership.Role.RECEPTION)
    mine = "/staff/" + page.format(sending=a_sending(clinic=clinic).pk, patient=a_patient(clinic).pk)
    assert [ask(mine).status_code for ask in (client.get, client.post)] == [403, 403]
    assert not Review.objects.exists()
