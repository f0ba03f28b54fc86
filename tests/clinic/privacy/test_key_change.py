"""After a change of SECRET_KEY nobody loses their second factor, and the earlier key can be forgotten."""

from io import StringIO

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import InvalidToken
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from clinic.models import Event, User
from clinic.people.second_factor import unseal

pytestmark = pytest.mark.django_db
EARLIER, NOW = "e" * 60, "n" * 60


@pytest.fixture
def known(settings):
    """What somebody's phone and recovery codes are made from, stored under the earlier key."""
    settings.SECRET_KEY = EARLIER
    user = User.objects.create_user("olive@demo.example", name="Olive")
    request = RequestFactory().get("/")
    request.user, request.session = user, {}
    with context.request_context(request):
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    return in_the_clear()


def in_the_clear():
    return [unseal(row.data.get("secret") or row.data["seed"]) for row in Authenticator.objects.order_by("pk")]


def run():
    told = StringIO()
    call_command("encrypt_anew", stdout=told)
    return told.getvalue()


def test_the_earlier_key_can_be_forgotten(settings, known):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NOW, [EARLIER]
    assert run() == "2 encrypted under the key of now.\n"
    settings.SECRET_KEY_FALLBACKS = []
    assert in_the_clear() == known
    assert Event.objects.first().action == "second factors encrypted anew"


def test_without_the_earlier_key_it_says_so_and_changes_nothing(settings, known):
    settings.SECRET_KEY = NOW
    with pytest.raises(CommandError, match="is under none of the keys"):
        run()
    with pytest.raises(InvalidToken):
        in_the_clear()
    settings.SECRET_KEY = EARLIER
    assert in_the_clear() == known
