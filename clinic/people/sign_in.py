"""How staff get in: allauth's ways, in our words and with our trail."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from django.contrib.auth.signals import user_logged_out
from django.core.management import call_command
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse

from clinic.events import record
from clinic.people.models import User


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves; whoever is let in or refused is in the trail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "That e-mail and password do not go together. Check both and try again.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
        "enter_current_password": "That is not your password now. Type it again.",
        "incorrect_password": "That is not your password. Type it again.",
        "rate_limited": "Too many tries. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Give whether a stranger may make an account: never."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Give where a person goes on after changing their password."""
        return reverse("staff")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Give whether somebody signed in has to show again who they are: not within five minutes of having done so.

        allauth would ask somebody twice who signs in for the first time and is led to the second factor.
        """
        shown = get_authentication_records(self.request, self.request.user)
        is_fresh = shown and time.time() - shown[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return not is_fresh and super().is_reauthentication_required(app=app, **kwargs)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Take what was typed, give the person; none where it does not fit or the person may not sign in.

        allauth lets the latter go on, to a page that would tell a stranger that the password was right.
        """
        user: User | None = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002
        """Note that somebody was refused, not which e-mail they typed."""
        record("sign-in refused", request=request)

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign the person in."""
        super().login(request, user)
        record("signed in", request=request, actor=user)

    def set_password(self, user: User, password: str) -> None:
        """Keep the person's new password."""
        super().set_password(user, password)
        record("password set", about=user, actor=user, request=context.request)


@receiver(user_logged_out)
def note_sign_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    """Note that a person signed out, or was signed out."""
    if user is not None:
        record("signed out", actor=user, request=request)


def make_room_for_limits(using: str, **_: Any) -> None:
    """Make the cache's table in the database `using`, where it is not there yet; called after each migrate."""
    call_command("createcachetable", database=using, verbosity=0)
