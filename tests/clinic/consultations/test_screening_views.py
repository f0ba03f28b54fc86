"""The page of a stored screening: exactly as stored; corrected, struck out, entered from paper."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.consultations.correcting import correct
from clinic.consultations.intake import IntakeError
from clinic.consultations.models import Intake, Stop
from clinic.consultations.voiding import void
from clinic.events import Event
from clinic.people.clinics import Membership
from clinic.screenings.models import Door, Screening, VoidedScreening
from screening import rulesets
from screening.models import Rule
from tests.clinic.consultations.stored import a_screening, an_invited_sending, reviewed
from tests.clinic.screenings.invented import a_case, a_member, a_patient

pytestmark = pytest.mark.django_db


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.hazard("H-37")
def test_a_screening_is_shown_as_it_was_stored(client, sign_in, clinic):
    person = sign_in()
    screening = a_screening(
        a_patient(clinic), by=person, epilepsy="yes", notes={"epilepsy": "As a child, says the letter."}
    )
    shown = text(client.get(f"/staff/screenings/{screening.pk}/"))
    for words in (
        "Nora Novak", "Contraindicated", "As a child, says the letter.", "In the clinic, with staff",
        "Practitioner (practitioner)", "Valid until", "version 1",
    ):  # fmt: skip
        assert words in shown, words
    assert "<title>Screening · Forethought</title>" in shown
    event = Event.objects.first()
    assert (event.action, event.actor, event.about) == ("screening read", person, f"screening {screening.pk}")


def test_what_staff_changed_stands_beside_the_patients_own_answer(client, sign_in, clinic):
    person = sign_in()
    screening = reviewed(an_invited_sending(clinic, cancer="unsure"), by=person, cancer="no")
    shown = text(client.get(f"/staff/screenings/{screening.pk}/"))
    assert "The patient said: Not sure. Changed by Practitioner" in shown
    assert shown.count("The patient said:") == 1


def test_a_form_entered_later_says_when_it_was_answered_and_entered(client, sign_in, clinic):
    person = sign_in()
    answered = timezone.now() - timedelta(days=3)
    screening = a_screening(a_patient(clinic), by=person, at=answered, door=Door.PAPER)
    shown = text(client.get(f"/staff/screenings/{screening.pk}/"))
    assert "later than it was answered" in shown
    assert "From a form filled in on paper" in shown
    now = a_screening(a_patient(clinic, name="Other"), by=person)
    assert "later than it was answered" not in text(client.get(f"/staff/screenings/{now.pk}/"))


def test_a_self_check_has_its_own_page(client, sign_in, clinic):
    sign_in()
    sending = an_invited_sending(clinic)
    response = client.get(f"/staff/screenings/{sending.screening_id}/")
    assert response.url == f"/staff/received/{sending.pk}/"


def test_altered_rules_are_said_and_nothing_is_told_by_them(client, sign_in, clinic):
    screening = a_screening(a_patient(clinic), by=sign_in(), hernia="yes")
    Rule.objects.filter(code="hernia").update(grade="note")
    rulesets._frozen.cache_clear()
    shown = text(client.get(f"/staff/screenings/{screening.pk}/"))
    assert "The rules are not as they were published" in shown
    assert "verdict" not in shown


PAGES = ("", "correct/", "void/")


@pytest.mark.parametrize("page", PAGES)
def test_another_clinics_screening_answers_as_one_that_does_not_exist(client, sign_in, elsewhere, page):
    sign_in()
    screening = a_screening(a_patient(elsewhere), by=a_member(elsewhere, name="far"))
    for ask in (client.get, client.post):
        response = ask(f"/staff/screenings/{screening.pk}/{page}", {"why": "no"})
        missing = ask(f"/staff/screenings/999999/{page}", {"why": "no"})
        assert response.status_code == missing.status_code
        assert response.status_code in (404, 405)
        assert text(response) == text(missing)
    assert not VoidedScreening.objects.exists()


@pytest.mark.parametrize("page", PAGES)
def test_reception_opens_none(client, sign_in, clinic, page):
    sign_in(Membership.Role.RECEPTION)
    screening = a_screening(a_patient(clinic), by=a_member(clinic, name="far"))
    response = client.get(f"/staff/screenings/{screening.pk}/{page}")
    assert response.status_code == 403
    assert "Nora" not in text(response)


def test_a_correction_opens_an_intake_with_what_was_stored(client, sign_in, clinic):
    screening = a_screening(a_patient(clinic), by=sign_in(), epilepsy="yes", notes={"epilepsy": "Long ago."})
    response = client.post(f"/staff/screenings/{screening.pk}/correct/", {"why": " The wrong box. "})
    intake = Intake.objects.get()
    assert response.url == f"/staff/intake/{intake.pk}/"
    assert (intake.corrects, intake.why, intake.answers, intake.notes) == (
        screening, "The wrong box.", screening.answers, {"epilepsy": "Long ago."},
    )  # fmt: skip
    assert (intake.sites, intake.goals) == (screening.plan["sites"], screening.plan["goals"])


@pytest.mark.parametrize("page", ["", "correct/"])
def test_a_new_intake_is_one_press_away_while_a_screening_counts(client, sign_in, clinic, page):
    screening = a_screening(a_patient(clinic), by=sign_in())
    shown = text(client.get(f"/staff/screenings/{screening.pk}/{page}"))
    assert shown.count(f'name="treatment" value="{screening.treatment}"') == 1


def test_a_correction_wants_a_reason(client, sign_in, clinic):
    screening = a_screening(a_patient(clinic), by=sign_in())
    shown = text(client.post(f"/staff/screenings/{screening.pk}/correct/", {"why": "  "}))
    assert "Say why, in a few words." in shown
    assert "<title>Error: " in shown
    assert not Intake.objects.exists()


def test_a_correction_waits_while_another_intake_is_in_the_making(client, sign_in, clinic):
    screening = a_screening(a_patient(clinic), by=sign_in())
    client.post("/staff/intake/open/", {"patient": screening.patient_id, "treatment": screening.treatment})
    shown = text(client.post(f"/staff/screenings/{screening.pk}/correct/", {"why": "The wrong box."}))
    assert "Another intake for this treatment is in the making." in shown
    assert "The wrong box." in shown
    assert Intake.objects.get().corrects is None


def test_what_counts_no_more_is_not_corrected(client, sign_in, clinic):
    person = sign_in()
    screening = a_screening(a_patient(clinic), by=person)
    void(screening, "Another patient.", person)
    response = client.post(f"/staff/screenings/{screening.pk}/correct/", {"why": "The wrong box."})
    assert response.url == f"/staff/screenings/{screening.pk}/"
    assert not Intake.objects.exists()


def test_both_ends_of_a_correction_point_at_each_other(client, sign_in, clinic):
    person, patient = sign_in(), a_patient(clinic)
    first = a_screening(patient, by=person)
    second = a_screening(patient, by=person, corrects=first, why="The wrong box.")
    before, after = (text(client.get(f"/staff/screenings/{one.pk}/")) for one in (first, second))
    assert "Corrected: this does not count any more." in before
    assert f'href="/staff/screenings/{second.pk}/"' in before
    assert "The wrong box." in before
    assert "Correct this" not in before
    assert f'href="/staff/screenings/{first.pk}/"' in after
    assert "Correct this" in after


def test_a_struck_out_screening_stays_readable_and_says_why(client, sign_in, clinic):
    person = sign_in()
    screening = a_screening(a_patient(clinic), by=person)
    response = client.post(f"/staff/screenings/{screening.pk}/void/", {"why": "These are Ada’s answers."})
    assert response.url == f"/staff/screenings/{screening.pk}/"
    voided = VoidedScreening.objects.get()
    assert (voided.screening, voided.why, voided.by) == (screening, "These are Ada’s answers.", person)
    shown = text(client.get(response.url))
    assert "Struck out: this does not count" in shown
    assert "These are Ada’s answers." in shown
    assert 'class="struck"' in shown
    assert "Wrong person" not in shown
    assert "Valid until" not in shown
    assert "Correct this" not in shown


def test_striking_out_wants_a_reason(client, sign_in, clinic):
    screening = a_screening(a_patient(clinic), by=sign_in())
    assert "Say why, in a few words." in text(client.post(f"/staff/screenings/{screening.pk}/void/", {"why": " "}))
    assert not VoidedScreening.objects.exists()


def test_opening_the_page_asks_no_more_with_many_screenings(client, sign_in, clinic, django_assert_num_queries):
    person, patient = sign_in(), a_patient(clinic)
    screening = a_screening(patient, by=person)
    client.get(f"/staff/screenings/{screening.pk}/")
    for wanted in (QUERIES, QUERIES):
        with django_assert_num_queries(wanted):
            client.get(f"/staff/screenings/{screening.pk}/")
        for _ in range(5):
            a_screening(patient, by=person, at=timezone.now() - timedelta(days=9))


QUERIES = 12


@pytest.mark.parametrize("made", ["struck out", "a self-check", "corrected"])
def test_nothing_opens_a_correction_of_what_does_not_count(client, sign_in, clinic, made):
    person, patient = sign_in(), a_patient(clinic)
    screening = an_invited_sending(clinic).screening if made == "a self-check" else a_screening(patient, by=person)
    if made == "struck out":
        void(screening, "Another patient.", person)
    if made == "corrected":
        a_screening(patient, by=person, corrects=screening, why="The wrong box.")
    with pytest.raises(IntakeError, match="does not count"):
        correct(Screening.objects.get(pk=screening.pk), "The wrong box.", by=person)
    assert not Intake.objects.exists()


def test_a_check_before_a_session_says_what_came_of_it(client, sign_in, clinic):
    person, patient = sign_in(), a_patient(clinic)
    case = a_case()
    case = replace(case, plan=replace(case.plan, stage="session"))
    check = a_screening(patient, by=person, case=case, door=Door.SESSION)
    address = f"/staff/screenings/{check.pk}/"
    shown = text(client.get(address))
    assert "Check before a session" in shown
    assert "Nothing </dd>" in shown
    assert "Valid until" not in shown
    assert "Correct this" not in shown
    stop = Stop(
        clinic=clinic, patient=patient, treatment=check.treatment, check_screening=check, reasons=["missing"],
        reopens=False, needs_screening=False, by=person, role="practitioner",
    )  # fmt: skip
    stop.save()
    assert f'href="/staff/stops/{stop.pk}/"' in text(client.get(address))


def test_what_does_not_stand_says_why_and_leads_to_a_new_intake(client, sign_in, clinic):
    person, patient = sign_in(), a_patient(clinic)
    case = a_case()
    case = replace(case, answers={code: answer for code, answer in case.answers.items() if code != "epilepsy"})
    screening = a_screening(patient, by=person, case=case)
    shown = text(client.get(f"/staff/screenings/{screening.pk}/"))
    assert "Required answers are missing in the screening." in shown
    assert "/decide/" not in shown
    assert shown.count('action="/staff/intake/open/"') == 1
    whole = a_screening(patient, by=person)
    shown = text(client.get(f"/staff/screenings/{whole.pk}/"))
    assert f'href="/staff/screenings/{whole.pk}/decide/"' in shown
    assert "Required answers are missing" not in shown
    shown = text(client.get(f"/staff/screenings/{screening.pk}/"))
    assert "A newer screening takes its place." in shown
    assert 'action="/staff/intake/open/"' not in shown


def test_what_was_left_open_in_a_review_says_so(client, sign_in, clinic):
    person = sign_in()
    screening = reviewed(an_invited_sending(clinic, cancer="unsure"), by=person)
    shown = text(client.get(f"/staff/screenings/{screening.pk}/"))
    assert "The patient said: Not sure. Left open by Practitioner" in shown
