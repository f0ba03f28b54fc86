"""A patient's page and what staff do from it: only for their own clinic, and a link is shown once."""

import re
from smtplib import SMTPException

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail

from clinic.events import Event
from clinic.screenings.invitations import find, keep_draft
from clinic.screenings.models import Invitation
from tests.clinic.screenings.invented import a_link, a_patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(clinic):
    return a_patient(clinic, email="nora@demo.example", phone="01632 960 011")


def page_of(patient):
    return f"/staff/patients/{patient.pk}/"


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def secret_in(response):
    """The secret of the link that a page shows."""
    return re.search(r"/c/park-street/link/([\w-]{43})/", text(response)).group(1)


def addresses(patient, invitation):
    page = page_of(patient)
    return [page, f"{page}link/", f"{page}link/mail/", f"{page}invitations/{invitation.pk}/close/", f"{page}tablet/"]


def test_another_clinics_patient_answers_as_one_that_does_not_exist(client, sign_in, clinic, elsewhere):
    sign_in()
    theirs = a_patient(elsewhere, name="Hidden Person")
    invitation, _ = a_link(elsewhere, patient=theirs)
    for address in addresses(theirs, invitation):
        method = client.get if address == page_of(theirs) else client.post
        response = method(address)
        missing = method(address.replace(f"patients/{theirs.pk}/", "patients/999999/"))
        assert response.status_code == missing.status_code == 404
        assert "Hidden" not in text(response)
        assert text(response) == text(missing)
    invitation.refresh_from_db()
    assert invitation.closed_at is None
    assert Invitation.objects.count() == 1


def test_another_clinics_invitation_is_not_closed_through_an_own_patient(client, sign_in, patient, elsewhere):
    sign_in()
    invitation, _ = a_link(elsewhere)
    assert client.post(f"{page_of(patient)}invitations/{invitation.pk}/close/").status_code == 404
    invitation.refresh_from_db()
    assert invitation.closed_at is None


@pytest.mark.parametrize("part", ["link/", "link/mail/", "invitations/1/close/", "tablet/"])
def test_nothing_is_done_by_following_an_address(client, sign_in, patient, part):
    sign_in()
    assert client.get(f"{page_of(patient)}{part}").status_code == 405


def test_a_new_link_is_shown_as_address_and_code_and_works(client, sign_in, patient):
    person = sign_in()
    response = client.post(f"{page_of(patient)}link/")
    invitation = find("park-street", secret_in(response))
    assert (invitation.patient, invitation.made_by, invitation.door) == (patient, person, "link")
    assert '<svg class="qr"' in text(response)
    assert "no-store" in response["Cache-Control"]


def test_a_link_is_shown_this_once(client, sign_in, patient):
    sign_in()
    secret = secret_in(client.post(f"{page_of(patient)}link/"))
    shown = text(client.get(page_of(patient)))
    assert secret not in shown
    assert "Not begun yet" in shown


def test_a_link_goes_to_the_patients_own_e_mail(client, sign_in, clinic, patient):
    clinic.email, clinic.phone = "desk@demo.example", "01632 960 001"
    clinic.save()
    sign_in()
    secret = secret_in(client.post(f"{page_of(patient)}link/"))
    response = client.post(
        f"{page_of(patient)}link/mail/", {"secret": secret, "email": "evil@demo.example"}, follow=True
    )
    assert "The link is on its way to nora@demo.example." in text(response)
    (sent,) = mail.outbox
    assert (sent.to, sent.reply_to) == (["nora@demo.example"], ["desk@demo.example"])
    assert sent.subject == "Your self-check for Park Street"
    assert f"http://testserver/c/park-street/link/{secret}/" in sent.body
    assert "01632 960 001" in sent.body
    assert "&" not in sent.body
    assert "Nora" not in sent.body + sent.subject
    assert Event.objects.filter(action="link sent by e-mail", patient=patient).count() == 1


def test_the_e_mail_is_in_plain_words(client, sign_in, patient):
    sign_in()
    secret = secret_in(client.post(f"{page_of(patient)}link/"))
    client.post(f"{page_of(patient)}link/mail/", {"secret": secret})
    words = mail.outbox[0].body.replace(secret, "secret")
    assert not re.search(r"\b(please|sorry|invalid|safe)\b|[!*]", words, re.IGNORECASE)
    sentences = re.split(r"[.?:]\s|\n\n", words)
    assert max(len(sentence.split()) for sentence in sentences) <= 20


def test_when_the_mail_server_fails_the_link_is_still_there(client, sign_in, patient, monkeypatch):
    sign_in()
    secret = secret_in(client.post(f"{page_of(patient)}link/"))

    def fail(_):
        raise SMTPException

    monkeypatch.setattr("clinic.screenings.link_mail.EmailMessage.send", fail)
    response = client.post(f"{page_of(patient)}link/mail/", {"secret": secret})
    assert secret_in(response) == secret
    assert "The e-mail did not go out" in text(response)
    assert "<title>Error: " in text(response)
    assert not Event.objects.filter(action="link sent by e-mail").exists()


def test_only_this_patients_open_link_is_sent(client, sign_in, clinic, patient):
    sign_in()
    other = a_patient(clinic, name="Another", email="another@demo.example")
    _, theirs = a_link(clinic, patient=other)
    closed, ended = a_link(clinic, patient=patient)
    Invitation.objects.filter(pk=closed.pk).update(closed_at=closed.made_at)
    for secret in (theirs, ended, "guess", ""):
        response = client.post(f"{page_of(patient)}link/mail/", {"secret": secret}, follow=True)
        assert "That link cannot be sent" in text(response)
    assert mail.outbox == []


def test_without_an_e_mail_there_is_no_button_that_sends(client, sign_in, clinic):
    sign_in()
    response = client.post(f"{page_of(a_patient(clinic))}link/")
    assert "Send by e-mail" not in text(response)
    assert "There is no e-mail to send it to" in text(response)


def test_closing_a_link_ends_it(client, sign_in, clinic, patient):
    sign_in()
    invitation, secret = a_link(clinic, patient=patient)
    response = client.post(f"{page_of(patient)}invitations/{invitation.pk}/close/", follow=True)
    assert "It is closed." in text(response)
    assert "Closed by your clinic" in text(response)
    assert find("park-street", secret) is None
    assert Event.objects.filter(action="link closed", patient=patient).count() == 1


def test_the_tablet_is_handed_over_with_an_invitation_of_its_own(client, sign_in, patient):
    person = sign_in()
    response = client.post(f"{page_of(patient)}tablet/")
    invitation = Invitation.objects.get()
    assert response.url == f"/c/{invitation.clinic.slug}/tablet-{invitation.ref}/"
    assert SESSION_KEY not in client.session
    assert (invitation.patient, invitation.made_by, invitation.secret_hash) == (patient, person, None)


def test_a_tablet_that_was_given_back_too_early_goes_on_with_the_same_answers(client, sign_in, patient):
    person = sign_in()
    first = client.post(f"{page_of(patient)}tablet/").url
    keep_draft(Invitation.objects.get(), lambda _state: {"treatment": "emface"})
    client.force_login(person)
    assert client.post(f"{page_of(patient)}tablet/").url == first
    assert Invitation.objects.get().draft.state == {"treatment": "emface"}
