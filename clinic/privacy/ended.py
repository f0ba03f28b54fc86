"""What has ended by itself: drafts nobody can send any more, links nobody can open, sign-ins, rows of the cache."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q, QuerySet

from clinic.privacy.models import LegalHold
from clinic.screenings.models import Draft, Invitation

# So long staff still see on a patient's page that a link was there and was not used.
LINKS_SEEN = timedelta(days=90)


def drafts(now: datetime) -> QuerySet[Draft]:
    """Return the answers so far of links and tablets that have expired or were closed."""
    return Draft.objects.filter(Q(invitation__expires_at__lte=now) | Q(invitation__closed_at__isnull=False))


def links(now: datetime) -> QuerySet[Invitation]:
    """Return the links and hand-overs that ended long ago, and by which nothing was sent, signed or shared.

    A legal hold keeps them as everything else.
    """
    unused = Invitation.objects.filter(sending=None, consent_sheet=None, shared_document=None)
    unused = unused.exclude(patient__in=LegalHold.objects.filter(lifted=None).values("patient"))
    return unused.filter(Q(expires_at__lte=now - LINKS_SEEN) | Q(closed_at__lte=now - LINKS_SEEN))


def sign_ins(now: datetime) -> QuerySet[Session]:
    """Return the sign-ins that have expired."""
    return Session.objects.filter(expire_date__lt=now)


def cache_rows(now: datetime, *, remove: bool) -> int:
    """Return how many rows of the cache have expired, and remove them if asked to; Django waits until it is full."""
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    ended: list[Any] = [connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))]
    with connection.cursor() as cursor:
        if remove:
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", ended)  # noqa: S608 - a setting of ours
            return int(cursor.rowcount)
        cursor.execute(f"SELECT COUNT(*) FROM {table} WHERE expires < %s", ended)  # noqa: S608 - a setting of ours
        return int(cursor.fetchone()[0])
