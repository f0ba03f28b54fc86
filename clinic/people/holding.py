"""Holds what was typed into a staff page whose sign-in has ended: the answer carries it, and nothing is stored."""

from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.csrf import csrf_failure

from clinic.people.access import CHOSEN, current_membership, memberships_of
from clinic.people.clinics import Membership

TOKEN = "csrfmiddlewaretoken"  # noqa: S105
# In a held form: who typed it and for which clinic, by their numbers. Nobody knows it of who had signed out before.
TYPED_BY = "typed_by"


def is_staff_page(request: HttpRequest) -> bool:
    """Take a request, give whether it is for a page below /staff/. The sign-in's own pages take passwords."""
    match = request.resolver_match
    return bool(match and match.route.startswith("staff/"))


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Take a request, give the fields that somebody typed or chose."""
    return [(name, value) for name, values in request.POST.lists() if name not in (TOKEN, TYPED_BY) for value in values]


def mark(membership: Membership | None) -> str:
    """Take a membership, give whose words are typed in it: the numbers of person and clinic; nothing without one."""
    return f"{membership.user_id}-{membership.clinic_id}" if membership else ""


def takes_up(request: HttpRequest) -> bool:
    """Take a signed-in request, give whether this person may send what was held: not what somebody else typed.

    Who sends it works again for the clinic that they typed it for. What was not held is sent as ever.
    """
    typed_by = request.POST.get(TYPED_BY)
    if not typed_by:
        return True
    where = next((one for one in memberships_of(request.user) if mark(one) == typed_by), None)
    if where is not None:
        request.session[CHOSEN] = where.clinic_id
    return where is not None


def came_from(request: HttpRequest) -> str:
    """Take a request, give the address on this site from which it was sent; its own where the browser does not say."""
    sent_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(sent_from, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(sent_from)
        return urlunsplit(("", "", parts.path, parts.query, ""))
    return request.get_full_path()


def hold(request: HttpRequest, *, status: int = 401) -> HttpResponse:
    """Take what was posted and not done, give the page from which who typed it sends it once more, signed in."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=status)
    context = {
        "typed": typed(request),
        "typed_by": request.POST.get(TYPED_BY) or getattr(request, "typed_by", ""),
        "action": request.get_full_path(),
        "why": getattr(request, "session_over", ""),
        "has_files": bool(request.FILES),
    }
    if request.user.is_authenticated:
        context |= {"is_anothers": not takes_up(request), "now": current_membership(request)}
    return render(request, "people/holding.html", context, status=status)


def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token does not fit: a staff page of our own, after a new sign-in, keeps what was typed.

    Django gives these two reasons only after it has seen that the form did not come from another site.
    """
    is_stale = reason.startswith("CSRF token from POST") or reason == REASON_NO_CSRF_COOKIE
    if is_stale and is_staff_page(request) and typed(request):
        return hold(request, status=403)
    return csrf_failure(request, reason)
