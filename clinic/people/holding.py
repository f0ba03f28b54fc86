"""Holds what was typed into a staff page whose sign-in has ended: the answer carries it, and nothing is stored."""

from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.csrf import csrf_failure

TOKEN = "csrfmiddlewaretoken"  # noqa: S105


def is_staff_page(request: HttpRequest) -> bool:
    """Take a request, give whether it is for a page below /staff/. The sign-in's own pages take passwords."""
    match = request.resolver_match
    return bool(match and match.route.startswith("staff/"))


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Take a request, give the fields that were sent, but for the token."""
    return [(name, value) for name, values in request.POST.lists() if name != TOKEN for value in values]


def came_from(request: HttpRequest) -> str:
    """Take a request, give the address on this site from which it was sent; its own where the browser does not say."""
    sent_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(sent_from, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(sent_from)
        return urlunsplit(("", "", parts.path, parts.query, ""))
    return request.get_full_path()


def hold(request: HttpRequest, why: str = "", *, status: int = 401) -> HttpResponse:
    """Take what was posted and why it was not done, give the page from which it is sent once more after signing in."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=status)
    context = {"typed": typed(request), "action": request.get_full_path(), "why": why, "has_files": bool(request.FILES)}
    return render(request, "people/holding.html", context, status=status)


def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token does not fit: a staff page of our own, after a new sign-in, keeps what was typed.

    Django gives these two reasons only after it has seen that the form did not come from another site.
    """
    is_stale = reason.startswith("CSRF token from POST") or reason == REASON_NO_CSRF_COOKIE
    if is_stale and is_staff_page(request) and typed(request):
        return hold(request, status=403)
    return csrf_failure(request, reason)
