"""Who may open which staff page, and for which clinic."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from clinic.people.clinics import CLINICAL, EVERYBODY, Membership

__all__ = [
    "CLINICAL",
    "EVERYBODY",
    "OWNER_ONLY",
    "current_membership",
    "memberships_of",
    "staff_context",
    "staff_of_a_clinic",
]

OWNER_ONLY = (Membership.Role.OWNER,)
CHOSEN = "clinic"

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
