"""Whether this server lives, and whether it can work: one word for whoever watches it, and no detail."""

import logging
from collections.abc import Callable
from functools import cache

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from clinic.databases import is_migrated

LIVE, READY = "/health/live/", "/health/ready/"

_log = logging.getLogger(__name__)


class NotMigratedError(Exception):
    """The database lacks a migration that this version of the code needs."""


def health(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take the next handler, give one that answers a watcher before hosts, https, sessions and cookies are looked at.

    A watcher stands inside, asks by a number for a host and without TLS; the answer says nothing of either.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path not in (LIVE, READY):
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return _word("no", 405)
        return _word("live", 200) if request.path == LIVE else _readiness()

    return handle


def _readiness() -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _be_migrated()
    except (DatabaseError, NotMigratedError):
        _log.exception("Not ready.")
        return _word("no", 503)
    return _word("ready", 200)


@cache
def _be_migrated() -> None:
    """Raise NotMigratedError unless every migration is applied. What was once, stays so while this process runs."""
    if not is_migrated():
        raise NotMigratedError


def _word(word: str, status: int) -> HttpResponse:
    return HttpResponse(word, content_type="text/plain; charset=utf-8", status=status)
