"""Who may open which staff page, and for which clinic."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, TypeVar

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, is_reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from clinic.people.clinics import CLINICAL, EVERYBODY, Membership

__all__ = [
    "CLINICAL",
    "EVERYBODY",
    "OWNER_ONLY",
    "current_membership",
    "memberships_of",
    "reauthenticated",
    "staff_context",
    "staff_of_a_clinic",
]

OWNER_ONLY = (Membership.Role.OWNER,)
CHOSEN = "clinic"
NOTHING_DONE = "Nothing was done yet: you first had to show that it is you. Do it again now."

Answer = TypeVar("Answer", bound=HttpResponseBase)


def memberships_of(user: Any) -> QuerySet[Membership]:
    """Take a signed-in person, give the memberships they work with, each with its clinic (without the logo)."""
    return Membership.objects.filter(user=user, suspended=False).select_related("clinic").defer("clinic__logo")


def current_membership(request: HttpRequest) -> Membership | None:
    """Take a request, give the membership chosen in its session, else the person's first, else none."""
    memberships = list(memberships_of(request.user))
    request.memberships = memberships  # type: ignore[attr-defined]
    chosen = request.session.get(CHOSEN)
    return next((one for one in memberships if one.clinic_id == chosen), memberships[0] if memberships else None)


def staff_context(request: HttpRequest) -> dict[str, Any]:
    """Take a request, give what every staff page shows: the membership, its clinic and all of the person's memberships.

    Nothing on other pages.
    """
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    return {"membership": membership, "clinic": membership.clinic, "memberships": request.memberships}  # type: ignore[attr-defined]


def staff_of_a_clinic(
    *, roles: Collection[str] = EVERYBODY
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Take roles, give what turns view(request, membership, ...) into a page for these roles of the current clinic.

    Everybody else gets the page that says so (403). `membership.clinic` is the only clinic whose rows such a
    view may touch: look them up by it, so that another clinic's row answers as one that does not exist.
    """

    def only_for_these(view: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer:
            membership = current_membership(request)
            if membership is None or membership.role not in roles:
                raise PermissionDenied
            request.membership = membership  # type: ignore[attr-defined]
            return view(request, membership, *args, **kwargs)

        return page

    return only_for_these


def reauthenticated(*, back: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give what lets only those into a view who showed within five minutes that it is them; others show it first.

    Stands below `staff_of_a_clinic`. `back` names the page a view's form stands on (its own address: none needed);
    it takes the view's own arguments, or none. After showing it a person comes to that page: nothing is done by itself.
    """

    def only_shown(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not is_reauthentication_required(request, app="clinic"):
                return view(request, *args, **kwargs)
            # What allauth kept of an earlier try would be done by itself, if it came from the same address.
            request.session.pop(STATE_SESSION_KEY, None)
            if request.method == "POST":
                messages.warning(request, NOTHING_DONE)
            ways = get_adapter().get_reauthentication_methods(request.user)
            return redirect(f"{ways[0]['url']}?{urlencode({'next': page_of(request, back)})}")

        return page

    return only_shown


def page_of(request: HttpRequest, back: str) -> str:
    """Take a request and the name of the page its form stands on, give that page's address; without a name its own.

    What the form's address asks for besides is kept: the page of a list with filters comes back with them.
    """
    if not back:
        return request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    places = [*(request.resolver_match.kwargs if request.resolver_match else {}).items()]
    address, asked = _reversed(back, places), request.META.get("QUERY_STRING", "")
    return f"{address}?{asked}" if asked else address


def _reversed(name: str, places: list[tuple[str, Any]]) -> str:
    """Return the address of a page that stands at the same places as another one, or at the first of them."""
    try:
        return reverse(name, kwargs=dict(places))
    except NoReverseMatch:
        if not places:
            raise
        return _reversed(name, places[:-1])
