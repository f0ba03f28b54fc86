"""Whoever asks gets the same answer, after the same work, whether what they ask for is there or not."""

import re

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.test import Client

from clinic.models import User
from clinic.screenings import invitations
from clinic.screenings.models import Invitation
from tests.clinic.screenings.invented import a_clinic, a_link

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PASSWORD = "a long pass phrase 1"
# Somebody who may sign in, one who may not, one without a password, and nobody.
EVERYBODY = ("olive", "left", "new", "nobody")


class Counting(hashers.MD5PasswordHasher):
    """As slow a hash as any would be: what counts is how often it is asked for."""

    asked = 0

    def encode(self, *given):
        type(self).asked += 1
        return super().encode(*given)


@pytest.fixture(autouse=True)
def counted(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    User.objects.create_user("olive@demo.example", PASSWORD, name="Olive")
    User.objects.create_user("left@demo.example", PASSWORD, name="Left", is_active=False)
    User.objects.create_user("new@demo.example", name="New")
    Counting.asked = 0


def said(answer):
    """What a page says, without the token, which is another each time, and without what was typed."""
    return re.sub(r'value="(\w{64}|\w+@demo.example)"', "", answer.content.decode())


def test_a_wrong_password_is_hashed_once_whosever_it_would_be_and_refused_in_the_same_words():
    pages = set()
    for name in EVERYBODY:
        Counting.asked = 0
        answer = Client().post("/sign-in/", {"login": f"{name}@demo.example", "password": "not this one"})
        pages.add((answer.status_code, said(answer)))
        assert Counting.asked == 1, name
    assert len(pages) == 1


def test_the_right_password_of_somebody_who_may_not_sign_in_is_refused_as_a_wrong_one():
    pages = set()
    for password in (PASSWORD, "not this one"):
        Counting.asked = 0
        pages.add(said(Client().post("/sign-in/", {"login": "left@demo.example", "password": password})))
        assert Counting.asked == 1
    assert len(pages) == 1


def test_to_ask_for_a_new_password_hashes_nothing_and_mails_everybody_once():
    pages = set()
    for name in EVERYBODY:
        Counting.asked, mail.outbox = 0, []
        answer = Client().post("/password/forgotten/", {"email": f"{name}@demo.example"}, follow=True)
        pages.add((answer.redirect_chain[0][0], said(answer)))
        assert (Counting.asked, len(mail.outbox)) == (0, 1), name
    assert len(pages) == 1


def test_each_link_is_hashed_once_and_one_that_ended_answers_as_one_that_never_was(monkeypatch):
    clinic = a_clinic()
    links = [a_link(clinic) for _ in range(3)]
    asked = []
    hashed = invitations._hashed
    monkeypatch.setattr(invitations, "_hashed", lambda secret: asked.append(secret) or hashed(secret))
    Invitation.objects.filter(pk=links[0][0].pk).update(expires_at="2020-01-01T00:00Z")
    Invitation.objects.filter(pk=links[1][0].pk).update(closed_at="2020-01-01T00:00Z")
    pages = {said(Client().get(f"/c/park-street/link/{secret}/")) for secret in (links[0][1], links[1][1], "never")}
    assert Client().get(f"/c/park-street/link/{links[2][1]}/").status_code == 302
    assert (len(pages), len(asked)) == (1, 4)


def test_who_is_not_admitted_by_a_link_learns_nothing_of_it_by_its_birth_page():
    invitation, _ = a_link(a_clinic())
    pages = set()
    for way in (f"link-{invitation.ref}", "link-0123456789ab", f"tablet-{invitation.ref}"):
        for answer in (Client().get(f"/c/park-street/{way}/birth/"), Client().post(f"/c/park-street/{way}/birth/")):
            pages.add((answer.status_code, said(answer)))
    assert len(pages) == 1
