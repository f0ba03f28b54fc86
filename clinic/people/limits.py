"""How often an address, or a person, may do what costs the server much or what somebody could guess at.

The numbers stand in ACCOUNT_RATE_LIMITS; what is counted lies in the database, where every process sees it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def too_often(request: HttpRequest, action: str) -> HttpResponse | None:
    """Count one request, and return the answer that says to wait (429) where it is one too many."""
    refused: HttpResponse | None = ratelimit.consume_or_429(
        request, app="allauth.account", action=action, limit_get=True
    )
    return refused


def limited(action: str, *methods: str) -> Callable[[View], View]:
    """Turn a view into one that answers an address, or a person, that asks too often with a word to wait.

    `methods`: which requests count; without any, those that post. Of a person: goes below `staff_of_a_clinic`.
    """

    def as_limited(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            counts = request.method in (methods or ("POST",))
            return (too_often(request, action) if counts else None) or view(request, *args, **kwargs)

        return page

    return as_limited
