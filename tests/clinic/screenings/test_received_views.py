"""Received self-checks: for those who may see answers, of their own clinic, and who looked is kept."""

import re

import pytest
from django.utils import timezone

from clinic.events import Event
from clinic.people.clinics import Membership
from clinic.screenings import received_views
from clinic.screenings.models import AwaitingReview, Invitation
from clinic.screenings.reviews import review
from screening import rulesets
from screening.models import Rule
from tests.clinic.screenings.invented import a_case, a_link, a_sending

pytestmark = pytest.mark.django_db


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_empty_lists_say_what_comes_here_and_what_to_do(client, sign_in):
    sign_in()
    waiting, every = text(client.get("/staff/received/")), text(client.get("/staff/received/all/"))
    assert ("Nothing waits for a review" in waiting, "See all received" in waiting) == (True, True)
    assert ("Nothing was sent yet" in every, "Make a link for a patient" in every) == (True, True)


def test_the_list_shows_who_what_how_it_came_out_and_how_soon(client, sign_in, clinic):
    sign_in()
    a_sending(clinic=clinic, case=a_case(hernia="yes", **{"hernia-kind": ["navel"]}))
    AwaitingReview.objects.update(urgency=2)
    shown = text(client.get("/staff/received/"))
    for words in ("Nora Novak", "Contraindicated", "Urgent", "Not matched to a patient"):
        assert words in shown
    assert re.search(r"<span>[^<]*muscle[^<]*</span>", shown, re.IGNORECASE)


def test_the_urgent_come_first_and_then_who_waits_longest(client, sign_in, clinic):
    sign_in()
    for name in ("First", "Second", "Urgent-One", "Advice-One"):
        a_sending(clinic=clinic, name=name)
    for name, urgency in (("Urgent-One", 2), ("Advice-One", 1)):
        AwaitingReview.objects.filter(sending__name=name).update(urgency=urgency)
    assert names_in(client.get("/staff/received/")) == ["Urgent-One", "Advice-One", "First", "Second"]


def test_a_reviewed_one_waits_no_more_and_stays_among_all(client, sign_in, clinic):
    person = sign_in()
    done, aside, _ = (a_sending(clinic=clinic, name=name) for name in ("Done", "Aside", "Waits"))
    review(done, by=person, screening=a_sending(clinic=clinic, name="Of-Staff").screening)
    review(aside, by=person, set_aside="Sent twice.")
    assert names_in(client.get("/staff/received/")) == ["Waits", "Of-Staff"]
    every = client.get("/staff/received/all/")
    assert names_in(every) == ["Of-Staff", "Waits", "Aside", "Done"]
    assert (text(every).count("Set aside"), text(every).count("To review</span>")) == (1, 2)


def names_in(response):
    return re.findall(r"<strong><bdi>([\w-]+)</bdi></strong>", text(response))


def test_who_opened_one_is_kept_in_the_trail(client, sign_in, clinic):
    person = sign_in()
    sending = a_sending(clinic=clinic)
    client.get(f"/staff/received/{sending.pk}/")
    event = Event.objects.first()
    assert (event.action, event.actor, event.about) == ("self-check read", person, f"sending {sending.pk}")


@pytest.mark.parametrize(("address", "queries"), [("/staff/received/", 9), ("/staff/received/all/", 8)])
def test_the_lists_ask_no_more_for_many_than_for_one(
    client, sign_in, clinic, django_assert_num_queries, address, queries
):
    sign_in()
    case = a_case()
    a_sending(clinic=clinic, case=case)
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)
    for _ in range(29):
        a_sending(clinic=clinic, case=case)
    with django_assert_num_queries(queries):
        client.get(address)


@pytest.mark.parametrize(("address", "order"), [("/staff/received/", 1), ("/staff/received/all/", -1)])
def test_the_others_are_on_pages_of_their_own(client, sign_in, clinic, monkeypatch, address, order):
    sign_in()
    monkeypatch.setattr(received_views, "ON_A_PAGE", 2)
    for name in ("First", "Second", "Third"):
        a_sending(clinic=clinic, name=name)
    first = names_in(client.get(address))
    second = names_in(client.get(f"{address}?page=2"))
    assert [*first, *second][::order] == ["First", "Second", "Third"]
    for page in ("9", "none"):
        assert client.get(f"{address}?page={page}").status_code == 200


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
    for address in ("/staff/received/", "/staff/received/all/"):
        assert "Hidden" not in text(client.get(address))
    assert not Event.objects.filter(action="self-check read").exists()


def test_reception_opens_neither(client, sign_in, clinic):
    sign_in(Membership.Role.RECEPTION)
    sending = a_sending(clinic=clinic)
    for address in ("/staff/received/", "/staff/received/all/", f"/staff/received/{sending.pk}/"):
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
