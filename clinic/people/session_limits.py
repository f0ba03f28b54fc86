"""Ends the sessions of staff: after a time without a touch, and some hours after signing in, whatever was done."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import pluralize

from clinic.events import record
from clinic.people.access import current_membership
from clinic.people.holding import came_from, hold, is_staff_page, mark, takes_up, typed

# In the session, in seconds since 1970: when the person signed in, and when they last did something.
BEGAN = "signed in at"
TOUCHED = "touched at"
# A touch is written down once a minute, so that not every page writes.
GRAIN = 60
# A page that asks again by itself sends this header: nobody need be there.
UNATTENDED = "X-Unattended"


@receiver(user_logged_in)
def begin(request: HttpRequest, **_: Any) -> None:
    """Note when a person signed in."""
    request.session[BEGAN] = request.session[TOUCHED] = time.time()


class SessionLimitsMiddleware:
    """Signs out whoever left their screen, or signed in too long ago, and says why where they sign in again.

    Stands after the authentication and before what asks for a sign-in. Patients and tablets have no such session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            sentence = why_over(request.session, time.time())
            if sentence:
                end(request, sentence)
            elif UNATTENDED not in request.headers:
                touch(request.session, time.time())
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponse | None:
        """Say why a session ended, and lead to the sign-in; what was typed before it ended is held, not lost.

        What is held is saved for who typed it, and for nobody who signed in after them.
        """
        if not getattr(view, "login_required", True):
            return None
        if request.user.is_authenticated:
            return None if not is_staff_page(request) or takes_up(request) else hold(request, status=403)
        sentence = getattr(request, "session_over", "")
        if is_staff_page(request) and typed(request):
            return hold(request)
        if sentence:
            messages.warning(request, sentence)
        return redirect_to_login(came_from(request)) if request.method == "POST" else None


def why_over(session: Any, now: float) -> str:
    """Take a session and the time, give the sentence that says why it is over; nothing where it goes on.

    A time that lies ahead was written by a clock that has been put back since: it counts as now.
    """
    minutes, hours = settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS
    if now - session.get(TOUCHED, now) >= minutes * 60:
        return f"You were signed out, because nothing was done for {minutes} minute{pluralize(minutes)}."
    if now - session.get(BEGAN, now) >= hours * 60 * 60:
        return f"You were signed out, because you signed in {hours} hour{pluralize(hours)} ago."
    return ""


def touch(session: Any, now: float) -> None:
    """Write down that the person did something now."""
    if not now - GRAIN < session.get(TOUCHED, 0) <= now:
        session[TOUCHED] = now
    if session.get(BEGAN, now + 1) > now:
        session[BEGAN] = now


def end(request: HttpRequest, sentence: str) -> None:
    """Sign the person out, and remember for this request why. Django's own way would say that they signed out."""
    person: Any = request.user
    record("session ended by its limit", actor=person, about=person, request=request)
    request.typed_by = mark(current_membership(request))  # type: ignore[attr-defined]
    request.session.flush()
    request.user = AnonymousUser()
    request.session_over = sentence  # type: ignore[attr-defined]
