"""The day's list: who comes, how far they are, and what comes next; for reception, names and times."""

import re
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from clinic.consultations import today_views
from clinic.people.clinics import Membership
from clinic.people.models import User
from screening.models import RuleSet
from tests.clinic.consultations.rows import a_consent, a_decision, a_session, a_stop, a_visit
from tests.clinic.consultations.stored import a_screening
from tests.clinic.screenings.invented import a_case, a_clinic, a_member, a_patient, a_sending

pytestmark = pytest.mark.django_db


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def states(response):
    """The state of each row, as it is read."""
    return [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r'state-words">(.*?)</p>', text(response))]


def consented(patient, by):
    return a_consent(a_decision(a_screening(patient, by=by), by=by), by=by)


def today(clinic):
    return timezone.now().astimezone(clinic.zone).date()


def test_the_day_shows_time_name_treatment_practitioner_state_and_one_next_step(client, sign_in, clinic):
    person = sign_in()
    patient = a_patient(clinic, goes_by="Nori", alerts="Latex allergy")
    a_visit(patient, at=time(9, 30), practitioner=person)
    screening = a_screening(patient, by=person, hernia="yes", **{"hernia-kind": ["navel"]})
    shown = text(client.get("/staff/"))
    for words in (
        "09:30", "Nora Novak", "goes by <bdi>Nori</bdi>", "Latex allergy", ", Practitioner", "Screened, to decide",
        "Unrepaired hernia: contraindicated", "<title>Today · Forethought</title>",
    ):  # fmt: skip
        assert words in shown, words
    (row,) = re.findall(r'<li class="visit.*?</li>', shown)
    assert re.findall(r'class="btn [^"]*" href="([^"]+)"', row) == [f"/staff/screenings/{screening.pk}/decide/"]
    assert "M3.16 10.08" in row


def test_rows_follow_the_clock_and_another_days_are_not_there(client, sign_in, clinic):
    sign_in()
    for name, hour, days in (("Late", 15, 0), ("Early", 8, 0), ("Tomorrow", 7, 1), ("Yesterday", 7, -1)):
        a_visit(a_patient(clinic, name=name), at=time(hour), day=today(clinic) + timedelta(days=days))
    names = re.findall(r'class="visit-name"[^>]*><bdi>([^<]+)', text(client.get("/staff/")))
    assert names == ["Early", "Late"]


@pytest.mark.hazard("H-31")
def test_the_day_is_the_clinics_and_not_the_servers(client, sign_in, clinic):
    clinic.time_zone = "Pacific/Auckland"
    clinic.save()
    sign_in()
    a_visit(a_patient(clinic), day=date(2026, 12, 24), at=time(0, 30))
    assert "00:30" in text(client.get("/staff/day/2026-12-24/"))
    assert "Nora" not in text(client.get("/staff/day/2026-12-23/"))


def test_the_state_of_each_person_stands_in_words(client, sign_in, clinic):
    by = sign_in()
    people = [a_patient(clinic, name=f"Number {number}") for number in range(5)]
    for number, patient in enumerate(people):
        a_visit(patient, at=time(9 + number))
    a_screening(people[1], by=by)
    consented(people[2], by)
    decision = consented(people[3], by).decision
    a_stop(people[3], by=by, reopens=True, decision=decision, rules=["fever"])
    a_session(consented(people[4], by), by=by, is_recorded=True)
    shown = client.get("/staff/")
    assert states(shown) == [
        "Not screened yet", "Screened, to decide", "Ready for today’s check", "Stopped today", "Session done",
    ]  # fmt: skip
    assert text(shown).count("visit-stop") == 1


def test_reception_reads_names_times_and_whether_there_is_a_screening(client, sign_in, clinic):
    sign_in(Membership.Role.RECEPTION)
    by = a_member(clinic)
    screened, open_one = a_patient(clinic, alerts="Latex allergy"), a_patient(clinic, name="Other Person")
    a_visit(screened, at=time(9))
    a_visit(open_one, at=time(10))
    consented(screened, by)
    a_stop(screened, by=by, rules=["fever"])
    shown = client.get("/staff/")
    assert states(shown) == ["Screening: done", "Screening: to do"]
    for words in ("Latex", "Fever", "Stopped", "visit-stop", "Check", "Intake", "/check/", "/intake/"):
        assert words not in text(shown), words


def test_a_day_that_is_over_says_whether_there_was_a_session(client, sign_in, clinic):
    by = sign_in()
    yesterday = today(clinic) - timedelta(days=1)
    treated, absent = a_patient(clinic), a_patient(clinic, name="Other Person")
    a_visit(treated, at=time(9), day=yesterday)
    a_visit(absent, at=time(10), day=yesterday)
    a_session(consented(treated, by), by=by, at=timezone.now() - timedelta(days=1))
    assert states(client.get(f"/staff/day/{yesterday}/")) == ["Session done", "No session"]


def test_a_coming_day_is_read_as_it_will_begin(client, sign_in, clinic):
    by, patient = sign_in(), a_patient(clinic)
    consented(patient, by)
    for days in (1, 250):
        a_visit(patient, day=today(clinic) + timedelta(days=days))
    assert states(client.get(f"/staff/day/{today(clinic) + timedelta(days=1)}/")) == ["Ready for today’s check"]
    later = client.get(f"/staff/day/{today(clinic) + timedelta(days=250)}/")
    assert states(later) == ["To screen again"]
    assert "/check/" not in text(client.get(f"/staff/day/{today(clinic) + timedelta(days=1)}/"))


@pytest.mark.parametrize("day", ["2026-13-01", "soon", "0001-01-01", "9999-12-31"])
def test_a_day_that_no_diary_has_is_not_found(client, sign_in, day):
    sign_in()
    assert client.get(f"/staff/day/{day}/").status_code == 404
    assert client.get("/staff/day/", {"day": day}).url == "/staff/"


def test_a_chosen_day_is_opened(client, sign_in, clinic):
    sign_in()
    assert client.get("/staff/day/?day=2026-12-24").url == "/staff/day/2026-12-24/"
    assert client.get("/staff/day/", {"day": today(clinic).isoformat()}).url == "/staff/"
    page = text(client.get("/staff/day/2026-12-24/"))
    for address in ("/staff/day/2026-12-23/", "/staff/day/2026-12-25/", "/staff/visits/add/?day=2026-12-24"):
        assert f'href="{address}"' in page


def test_an_empty_day_says_what_to_do(client, sign_in):
    sign_in()
    assert "Nobody is in the diary for this day" in text(client.get("/staff/"))


def test_a_clinic_without_rules_is_told_why_nothing_can_be_screened(client, sign_in, clinic):
    sign_in()
    RuleSet.objects.update(status=RuleSet.Status.DRAFT, published_at=None)
    a_visit(a_patient(clinic))
    assert "No screening can be made" in text(client.get("/staff/"))


def test_a_person_without_a_clinic_is_told_who_helps(client):
    client.force_login(User.objects.create_user("new@demo.example", name="New"))
    assert "The owner of your clinic can add you" in text(client.get("/staff/"))
    assert client.get("/staff/day/2026-12-24/").status_code == 403


def test_another_clinics_visits_are_not_there(client, sign_in, clinic):
    sign_in()
    a_visit(a_patient(a_clinic("elsewhere"), name="Hidden Person"))
    assert "Hidden" not in text(client.get("/staff/"))


def test_a_long_day_has_pages(client, sign_in, clinic, monkeypatch):
    sign_in()
    monkeypatch.setattr(today_views, "ON_A_PAGE", 2)
    for hour in (9, 10, 11):
        a_visit(a_patient(clinic, name=f"At {hour}"), at=time(hour))
    first, second = text(client.get("/staff/")), text(client.get("/staff/?page=2"))
    assert ("At 10" in first, "At 11" in first, "At 11" in second) == (True, False, True)


QUERIES = {"practitioner": 24, "reception": 23}


@pytest.mark.parametrize("role", QUERIES)
def test_thirty_visits_ask_no_more_than_one(client, sign_in, clinic, role, django_assert_num_queries):
    sign_in(role)
    by, case = a_member(clinic), a_case()
    for number in range(30):
        patient = a_patient(clinic, name=f"Number {number}")
        a_visit(patient, practitioner=by, day=today(clinic) if number else today(clinic) + timedelta(days=1))
        if number % 3 != 1:
            decision = a_decision(a_screening(patient, by=by, case=case), by=by, settles=[{"reason": "assessed"}])
            a_consent(decision, by=by)
    a_sending(clinic=clinic, case=case)
    client.get("/staff/")
    with django_assert_num_queries(QUERIES[role]):
        client.get(f"/staff/day/{today(clinic) + timedelta(days=1)}/")
    with django_assert_num_queries(QUERIES[role]):
        assert text(client.get(f"/staff/day/{today(clinic)}/")).count('class="visit-name"') == 29
