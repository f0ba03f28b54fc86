from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from clinic.models import Event, User
from clinic.people.second_factor import seal

pytestmark = pytest.mark.django_db


def test_a_lost_second_factor_goes_with_every_session_and_is_noted(client):
    olive = User.objects.create_user("olive@demo.example", name="Olive")
    Authenticator.objects.create(user=olive, type="totp", data={"secret": seal("A")})
    Authenticator.objects.create(user=olive, type="recovery_codes", data={"seed": seal("B"), "used_mask": 0})
    client.force_login(olive)
    printed = StringIO()
    call_command("reset_second_factor", "OLIVE@demo.example", stdout=printed)
    assert printed.getvalue() == (
        "olive@demo.example is signed out everywhere, and sets up a second factor at the next sign-in.\n"
    )
    assert not Authenticator.objects.exists()
    assert client.get("/staff/").url == "/sign-in/?next=/staff/"
    last = Event.objects.first()
    assert (last.action, last.about, last.actor) == ("second factor reset on the server", f"user {olive.pk}", None)


def test_an_e_mail_that_nobody_has_is_told():
    with pytest.raises(CommandError, match=r"Nobody signs in with this e-mail\."):
        call_command("reset_second_factor", "nobody@demo.example")
    assert not Event.objects.exists()
