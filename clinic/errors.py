"""What people read when the service itself fails: what became of what they sent, and what to do now."""

import sys
from collections.abc import Iterator

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader

from clinic.people.holding import TYPED_BY, typed
from screening.rulesets import NotScreenable

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
CAUSES = {"database": (OperationalError, InterfaceError), "rules": (NotScreenable,), "session": (SessionInterrupted,)}
ANSWERED = {"database": ("503.html", 503), "rules": ("503.html", 503), "session": ("500.html", 400)}


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a request that raised: 503 where rules or database cannot be had now, 400 where its session has ended.

    Everything else is a 500. It asks no database. Nothing of the reason is in it; what was typed into a form is, so
    that it can be sent again.
    """
    cause = _cause(sys.exc_info()[1])
    context = {
        "cause": cause,
        "is_staff": request.path_info.startswith("/staff/"),
        "is_sent": request.method not in SAFE,
        "typed": _sent_again(request),
        "address": request.get_full_path(),
        "csrf_token": get_token(request),
        # A file that was chosen is in no page.
        "has_file": request.content_type == "multipart/form-data",
    }
    template, status = ANSWERED.get(cause, ("500.html", 500))
    response = HttpResponse(loader.get_template(template).render(context), status=status)
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response


def _cause(reason: BaseException | None) -> str:
    """Return what could not be had: "database" or "rules"; or "session", which has ended; or nothing of these."""
    behind = list(_behind(reason))
    return next((name for name, kinds in CAUSES.items() if any(isinstance(one, kinds) for one in behind)), "")


def _behind(reason: BaseException | None) -> Iterator[BaseException]:
    while reason is not None:
        yield reason
        reason = reason.__cause__ or reason.__context__


def _sent_again(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields that were sent; nothing where a password is among them, or where they cannot be read."""
    if request.method in SAFE or getattr(request, "sensitive_post_parameters", None):
        return []
    try:
        # Who typed it goes with it: nobody else may send it.
        sent = [*typed(request), *((TYPED_BY, one) for one in request.POST.getlist(TYPED_BY))]
    except Exception:  # noqa: BLE001 - whatever is wrong with the body, the page that says so has to come
        return []
    return [] if any("password" in name for name, _ in sent) else sent
