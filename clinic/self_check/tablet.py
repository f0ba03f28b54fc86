"""Locks a browser that was handed over to one self-check, until somebody of the staff signs in again."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from clinic.people.clinics import Clinic
from clinic.self_check.cookies import carry, drop, host_only
from clinic.self_check.sealing import seal, unseal

NAME = host_only("handed-over")
PURPOSE = "a tablet handed over"
# A tablet that was handed over stays locked for as long as a staff session could have lasted.
SECONDS = settings.SESSION_COOKIE_AGE


def lock(response: HttpResponse, clinic: Clinic, base: str) -> None:
    """Leave the browser with the pages below `base`, and what they show, only."""
    left = {"base": base, "logo": reverse("clinic-logo", args=[clinic.slug])}
    carry(response, NAME, seal(left, PURPOSE), seconds=SECONDS)


def tablet_lock(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take the next handler, give one that sends a locked browser to the sign-in page from anywhere else."""

    def handle(request: HttpRequest) -> HttpResponse:
        locked = unseal(request.COOKIES.get(NAME, ""), PURPOSE, SECONDS)
        if locked is None:
            return get_response(request)
        if request.path.startswith((locked["base"], locked["logo"], settings.STATIC_URL, reverse("sign-in"))):
            return get_response(request)
        if not request.user.is_authenticated:
            return redirect("sign-in")
        response = get_response(request)
        # The page may be the one that hands the tablet over again.
        if NAME not in response.cookies:
            drop(response, NAME)
        return response

    return handle
