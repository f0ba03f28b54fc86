"""Locks a browser that was handed over to one self-check, until somebody of the staff signs in again."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from clinic.self_check.sealing import seal, unseal
from clinic.self_check.ways import carry, drop

NAME = "handed-over" if settings.DEMO else "__Host-handed-over"
PURPOSE = "a tablet handed over"
# A tablet that was handed over stays locked for as long as a staff session could have lasted.
SECONDS = settings.SESSION_COOKIE_AGE


def lock(response: HttpResponse, base: str) -> None:
    """Leave the browser with the pages below `base` only."""
    carry(response, NAME, seal({"base": base}, PURPOSE), path="/", seconds=SECONDS)


def tablet_lock(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take the next handler, give one that sends a locked browser to the sign-in page from anywhere else."""

    def handle(request: HttpRequest) -> HttpResponse:
        locked = unseal(request.COOKIES.get(NAME, ""), PURPOSE, SECONDS)
        if locked is None:
            return get_response(request)
        if not request.path.startswith((locked["base"], settings.STATIC_URL, reverse("sign-in"))):
            if not request.user.is_authenticated:
                return redirect("sign-in")
            response = get_response(request)
            drop(response, NAME, path="/")
            return response
        return get_response(request)

    return handle
