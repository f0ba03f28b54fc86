"""A stranger's self-check becomes one patient's, once, by one confirmed step."""

from datetime import date

import pytest

from clinic.events import Event
from clinic.people.clinics import Membership
from clinic.people.patients import Patient
from clinic.screenings.matching import NotToMatch, match, patient_of
from clinic.screenings.models import AwaitingReview, Match, Sending
from tests.clinic.screenings.invented import a_clinic, a_link, a_member, a_patient, a_sending

pytestmark = pytest.mark.django_db


@pytest.fixture
def sending(clinic):
    return a_sending(clinic=clinic, phone="01632 960 011")


def page_of(sending):
    return f"/staff/received/{sending.pk}/whose/"


def confirm(client, sending, choice, **fields):
    return client.post(page_of(sending), {"patient": choice, "confirm": "yes", **fields})


def test_an_invited_ones_patient_is_known_and_a_strangers_is_not(clinic, sending, django_assert_num_queries):
    invitation, _ = a_link(clinic)
    assert patient_of(a_sending(clinic=clinic, invitation=invitation)) == invitation.patient
    assert patient_of(sending) is None
    match(sending, patient := a_patient(clinic), by=a_member(clinic, name="perry"))
    whole = Sending.objects.select_related("screening__patient", "match__patient").get(pk=sending.pk)
    with django_assert_num_queries(0):
        assert patient_of(whole) == patient


@pytest.mark.hazard("H-08")
def test_the_likely_ones_are_shown_and_nobody_is_chosen_before(client, sign_in, clinic, sending):
    sign_in()
    likely, other = a_patient(clinic, name="Nora Novakk"), a_patient(clinic, name="Bo Sample", born=date(1999, 1, 1))
    page = client.get(page_of(sending))
    assert page.context["form"].likely == [likely]
    text = page.content.decode()
    assert ("the date of birth is the same" in text, other.name in text, " checked" in text) == (True, False, False)


def test_a_search_shows_more_people_and_keeps_nothing(client, sign_in, clinic, sending):
    sign_in()
    other = a_patient(clinic, name="Bo Sample", born=date(1999, 1, 1))
    whole = client.post(page_of(sending), {"typed": "sampel", "find": "yes"})
    live = client.post(page_of(sending), {"typed": "sampel"}, headers={"HX-Request": "true"})
    assert whole.context["form"].found == live.context["form"].found == [other]
    assert [("<html" in page.content.decode(), "Error: " in page.content.decode()) for page in (whole, live)] == [
        (True, False),
        (False, False),
    ]
    assert not Match.objects.exists()


def test_one_confirmed_step_makes_it_an_existing_patients(client, sign_in, clinic, sending):
    person, patient = sign_in(), a_patient(clinic)
    page = confirm(client, sending, patient.pk)
    assert (page.status_code, page.url) == (302, f"/staff/received/{sending.pk}/")
    said = Match.objects.get()
    assert (said.patient, said.is_new, said.by, said.clinic) == (patient, False, person, clinic)
    assert AwaitingReview.objects.get().patient == patient
    assert Patient.objects.count() == 1
    assert list(Event.objects.filter(actor=person).values_list("action", "about")) == [
        ("self-check matched", f"match {said.pk}")
    ]


def test_one_confirmed_step_adds_a_new_patient_as_who_they_said(client, sign_in, clinic, sending):
    person = sign_in()
    confirm(client, sending, "new")
    patient = Patient.objects.get()
    assert (patient.clinic, patient.name, patient.born) == (clinic, sending.name, sending.born)
    assert (patient.email, patient.phone) == ("nora@demo.example", "01632 960 011")
    assert (Match.objects.get().is_new, AwaitingReview.objects.get().patient) == (True, patient)
    assert list(Event.objects.filter(actor=person).values_list("action", flat=True)) == [
        "self-check matched",
        "patient added",
    ]


def test_somebody_found_is_chosen(client, sign_in, clinic, sending):
    sign_in()
    other = a_patient(clinic, name="Bo Sample", born=date(1999, 1, 1))
    confirm(client, sending, other.pk, typed="sample")
    assert Match.objects.get().patient == other


@pytest.mark.parametrize("choice", ["", "9999", "hidden", "not shown"])
def test_nobody_chosen_or_nobody_here_is_refused_with_the_cure(client, sign_in, clinic, sending, choice):
    sign_in()
    hidden, other = a_patient(a_clinic("elsewhere")), a_patient(clinic, name="Bo Sample", born=date(1999, 1, 1))
    choice = {"hidden": hidden.pk, "not shown": other.pk}.get(choice, choice)
    page = confirm(client, sending, choice, typed="nobody")
    text = page.content.decode()
    assert ("Choose " in text, "<title>Error: " in text, 'value="nobody"' in text) == (True, True, True)
    assert not Match.objects.exists()


@pytest.mark.hazard("H-08")
def test_it_is_never_matched_twice(client, sign_in, clinic, sending):
    person, first, second = sign_in(), a_patient(clinic), a_patient(clinic, name="Nora Novakk")
    confirm(client, sending, first.pk)
    for page in (confirm(client, sending, second.pk), confirm(client, sending, "new"), client.get(page_of(sending))):
        assert (page.status_code, page.url) == (302, f"/staff/received/{sending.pk}/")
    with pytest.raises(NotToMatch):
        match(sending, second, by=person)
    assert Match.objects.get().patient == first
    assert Patient.objects.count() == 2


def test_what_was_set_aside_or_invited_is_not_matched(client, sign_in, clinic, sending):
    person = sign_in()
    AwaitingReview.objects.all().delete()
    invited = a_sending(clinic=clinic, invitation=a_link(clinic)[0])
    for each in (sending, invited):
        assert confirm(client, each, "new").status_code == 302
        with pytest.raises(NotToMatch):
            match(each, None, by=person)
    assert not Match.objects.exists()


def test_another_clinics_answers_as_one_that_does_not_exist(client, sign_in, elsewhere):
    sign_in()
    hidden = a_sending(clinic=elsewhere)
    for page in (client.get(page_of(hidden)), confirm(client, hidden, "new")):
        assert page.status_code == 404
    assert not Match.objects.exists()


def test_reception_opens_it_not(client, sign_in, sending):
    sign_in(Membership.Role.RECEPTION)
    assert [client.get(page_of(sending)).status_code, confirm(client, sending, "new").status_code] == [403, 403]
    assert not Match.objects.exists()
