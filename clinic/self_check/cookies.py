"""The cookies of patients and of the tablet: read by no script, sent by no other site, set by no other host."""

from django.conf import settings
from django.http import HttpResponse


def host_only(name: str) -> str:
    """Return the name that a cookie goes by: outside the demo one that a browser takes from this very host alone."""
    return name if settings.DEMO else f"__Host-{name}"


def carry(response: HttpResponse, name: str, value: str, *, seconds: int) -> None:
    """Give the browser a cookie, to be thrown away after `seconds`."""
    response.set_cookie(name, value, max_age=seconds, secure=not settings.DEMO, httponly=True, samesite="Lax")


def drop(response: HttpResponse, name: str) -> None:
    """Take a cookie from the browser."""
    carry(response, name, "", seconds=0)
