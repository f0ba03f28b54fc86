"""Whoever may no longer come in is out at their next request: staff, a patient by a link, the clinic's tablet."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from clinic.models import Membership, User
from clinic.screenings.invitations import close, invite
from tests.clinic.screenings.invented import a_clinic, a_member, a_patient
from tests.support.let_in import admission

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PAGE, FORM = "/staff/settings/", "/staff/team/invite/"


def disable(person):
    User.objects.filter(pk=person.pk).update(is_active=False)


def end_sessions(person):
    person.end_sessions()


def suspend(person):
    Membership.objects.filter(user=person).update(suspended=True)


def make_reception(person):
    Membership.objects.filter(user=person).update(role="reception")


@pytest.mark.parametrize(
    ("change", "status"), [(disable, 302), (end_sessions, 302), (suspend, 403), (make_reception, 403)]
)
def test_staff_are_out_at_the_next_request(client, change, status):
    person = a_member(a_clinic())
    client.force_login(person)
    opened = client.get(PAGE).status_code
    change(person)
    assert (opened, client.get(PAGE).status_code, client.post(FORM).status_code) == (200, status, status)


@pytest.mark.parametrize(("door", "status"), [("link", 404), ("tablet", 302)])
def test_a_patient_is_out_at_the_next_request_after_the_way_was_closed(door, status):
    clinic = a_clinic()
    by = a_member(clinic)
    invitation, _ = invite(clinic=clinic, patient=a_patient(clinic), door=door, by=by)
    way = f"{door}-{invitation.ref}"
    browser, page = Client(), reverse("self-check:start", args=[clinic.slug, way])
    browser.cookies.load(admission(way))
    assert browser.get(page).status_code == 200
    request = RequestFactory().post("/")
    request.user = by
    close(invitation, request)
    answers = [browser.get(page, follow=True), browser.post(page, follow=True)]
    assert [b'name="answered_for"' in answer.content for answer in answers] == [False, False]
    assert browser.get(page).status_code == status
