"""Received self-checks: for those who may see answers, of their own clinic, and who looked is kept."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.events import Event
from clinic.people.clinics import Membership
from clinic.screenings import received_views
from clinic.screenings.models import Invitation
from screening import rulesets
from screening.models import Rule
from tests.clinic.screenings.invented import a_case, a_link, a_sending

pytestmark = pytest.mark.django_db


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_empty_list_says_what_comes_here_and_what_to_do(client, sign_in):
    sign_in()
    shown = text(client.get("/staff/received/"))
    assert "Nothing was sent yet" in shown
    assert "Make a link for a patient" in shown


def test_the_list_shows_who_what_how_it_came_out_and_what_is_new(client, sign_in, clinic):
    sign_in()
    a_sending(clinic=clinic, case=a_case(hernia="yes"))
    shown = text(client.get("/staff/received/"))
    for words in ("Nora Novak", "Contraindicated", 'class="is-new"'):
        assert words in shown
    assert re.search(r"<span>[^<]*muscle[^<]*</span>", shown, re.IGNORECASE)


def test_opened_self_checks_are_no_longer_new_and_the_trail_says_who_looked(client, sign_in, clinic):
    person = sign_in()
    sending, other = a_sending(clinic=clinic), a_sending(clinic=clinic, name="Other Person")
    client.get(f"/staff/received/{sending.pk}/")
    event = Event.objects.first()
    assert (event.action, event.actor, event.about) == ("self-check read", person, f"sending {sending.pk}")
    shown = text(client.get("/staff/received/"))
    assert shown.count('class="is-new"') == 1
    assert shown.index("Other Person") < shown.index('class="is-new"') < shown.index("Nora Novak")
    assert other.pk > sending.pk


def test_the_list_asks_no_more_for_many_than_for_one(client, sign_in, clinic, django_assert_num_queries):
    sign_in()
    a_sending(clinic=clinic)
    client.get("/staff/received/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/staff/received/")
    for _ in range(4):
        a_sending(clinic=clinic)
    with django_assert_num_queries(len(one)):
        client.get("/staff/received/")


def test_older_ones_are_on_pages_of_their_own(client, sign_in, clinic, monkeypatch):
    sign_in()
    monkeypatch.setattr(received_views, "ON_A_PAGE", 2)
    for name in ("First", "Second", "Third"):
        a_sending(clinic=clinic, name=name)
    newest = text(client.get("/staff/received/"))
    assert ("Third" in newest, "First" in newest, "Older" in newest) == (True, False, True)
    oldest = text(client.get("/staff/received/?page=2"))
    assert ("Third" in oldest, "First" in oldest, "Newer" in oldest) == (False, True, True)
    for page in ("9", "none"):
        assert client.get(f"/staff/received/?page={page}").status_code == 200


def test_a_self_check_is_shown_whole(client, sign_in, clinic):
    sign_in()
    case = a_case(hernia="yes", **{"hernia-kind": ["navel"]})
    sending = a_sending(clinic=clinic, case=case, answered_for="other", phone="01632 960 011")
    shown = text(client.get(f"/staff/received/{sending.pk}/"))
    for words in (
        "Nora Novak", "7 March 1980", "nora@demo.example", "01632 960 011", "somebody who helps this person",
        "Park Street may keep my answers.", "Contraindicated", "At the belly button", "left forearm", "version 1",
    ):  # fmt: skip
        assert words.lower() in shown.lower(), words
    assert "<title>Received self-check · Forethought</title>" in shown


def test_an_invited_ones_page_leads_to_the_patient(client, sign_in, clinic):
    sign_in()
    invitation, _ = a_link(clinic)
    sending = a_sending(clinic=clinic, invitation=invitation)
    assert f'href="/staff/patients/{invitation.patient_id}/"' in text(client.get(f"/staff/received/{sending.pk}/"))


def test_another_clinics_self_check_answers_as_one_that_does_not_exist(client, sign_in, elsewhere):
    sign_in()
    sending = a_sending(clinic=elsewhere, name="Hidden Person")
    response, missing = client.get(f"/staff/received/{sending.pk}/"), client.get("/staff/received/999999/")
    assert response.status_code == missing.status_code == 404
    assert text(response) == text(missing)
    assert "Hidden" not in text(client.get("/staff/received/"))
    assert not Event.objects.filter(action="self-check read").exists()


def test_reception_opens_neither(client, sign_in, clinic):
    sign_in(Membership.Role.RECEPTION)
    sending = a_sending(clinic=clinic)
    for address in ("/staff/received/", f"/staff/received/{sending.pk}/"):
        response = client.get(address)
        assert response.status_code == 403
        assert "Nora" not in text(response)
    assert not Event.objects.filter(action="self-check read").exists()


def test_a_link_that_somebody_tried_to_guess_a_way_through_is_told(client, sign_in, clinic):
    sign_in()
    invitation, _ = a_link(clinic)
    Invitation.objects.filter(pk=invitation.pk).update(wrong_dates=5, closed_at=timezone.now())
    assert "after five wrong dates of birth" in text(client.get("/staff/received/"))


def test_altered_rules_are_said_and_nothing_is_told_by_them(client, sign_in, clinic):
    sign_in()
    sending = a_sending(clinic=clinic, case=a_case(hernia="yes"))
    Rule.objects.filter(code="hernia").update(grade="note")
    rulesets._frozen.cache_clear()
    shown = text(client.get(f"/staff/received/{sending.pk}/"))
    assert "The rules are not as they were published" in shown
    assert "nora@demo.example" in shown
    assert client.get("/staff/received/").status_code == 200
