"""The second factor: a code from the person's phone beside the password. Nobody works outside the demo without one."""

from collections.abc import Callable
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_used
from django.conf import settings
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from clinic.events import record
from clinic.keys import box
from clinic.people.models import User
from clinic.people.qr import qr_code

PURPOSE = "a second factor"
# In the session: the number of the person who showed their second factor in it.
SHOWN = "second factor shown by"
# What somebody can open who has not shown a second factor yet.
OPEN = frozenset(
    {
        "sign-out",
        "account_change_password",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
    }
)


def seal(text: str) -> str:
    """Take a secret, give it as it is stored."""
    return box(PURPOSE).encrypt(text.encode()).decode()


def unseal(stored: str) -> str:
    """Take a stored secret, give it in the clear. Raises InvalidToken where no key of ours made it."""
    return box(PURPOSE).decrypt(stored.encode()).decode()


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's second factor with our words, encrypted where it is stored."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code does not fit. It changes every 30 seconds: type the one that is shown now.",
        "cannot_generate_recovery_codes": "Set up your second factor first. Recovery codes stand in for it.",
    }

    def encrypt(self, text: str) -> str:
        """Give a secret as it is stored."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Give a stored secret in the clear."""
        return unseal(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Give the QR code as a part of the page: no picture file, which our pages would refuse."""
        return render_to_string("mfa/qr.html", {"qr": qr_code(url)})


def is_set_up(user: User) -> bool:
    """Take a person, give whether they have a second factor; recovery codes alone are none."""
    found: bool = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return found


class SecondFactorMiddleware:
    """Leads a signed-in person who has not shown a second factor to where they set it up or show it.

    Every page that asks for a sign-in is closed until then; what strangers may open stays open.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponse | None:
        """Give where to go first; nothing where the page may open."""
        if settings.DEMO or not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if request.session.get(SHOWN) == request.user.pk:
            return None
        if request.resolver_match and request.resolver_match.url_name in OPEN:
            return None
        if not is_set_up(request.user):
            return redirect("mfa_activate_totp")
        wanted = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("staff")
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': wanted})}")


@receiver(post_save, sender=Authenticator)
def note_made(instance: Authenticator, created: bool, **_: Any) -> None:
    """Note, in the same transaction, that a person set up a second factor or got recovery codes.

    allauth's own signals for it come after the transaction, and a note could be lost. Who set it up has shown it.
    """
    if not created:
        return
    if instance.type == Authenticator.Type.TOTP:
        record("second factor set up", about=instance.user, request=context.request)
        if context.request and context.request.user == instance.user:
            context.request.session[SHOWN] = instance.user.pk
    else:
        record("recovery codes made", about=instance.user, request=context.request)


@receiver(post_delete, sender=Authenticator)
def note_removed(instance: Authenticator, **_: Any) -> None:
    """Note, in the same transaction, that a person has no second factor any more."""
    if instance.type == Authenticator.Type.TOTP:
        record("second factor removed", about=instance.user, request=context.request)
        if context.request and context.request.user == instance.user:
            context.request.session.pop(SHOWN, None)


@receiver(authenticator_used)
def note_used(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Note that a person showed their second factor, or spent a recovery code."""
    request.session[SHOWN] = user.pk
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        record("recovery code used", about=user, actor=user, request=request)


@receiver(authentication_failed)
def note_refused(request: HttpRequest, user: User, **_: Any) -> None:
    """Note that a code was refused; the password before it was right."""
    record("sign-in code refused", about=user, request=request)
