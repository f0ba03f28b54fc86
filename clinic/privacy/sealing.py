"""Seals over the trail: each batch of events is sealed together with the seal before, under a key outside the database.

Events are added without a lock. One that commits late, below a key that is sealed already, would look put in later: so
only what is settled is sealed.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Max
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from clinic import keys
from clinic.events import Event
from clinic.privacy.models import Seal
from screening.engine.canonical import canonical

logger = logging.getLogger(__name__)

# So many events are sealed at once, at most.
BATCH = 1000
# After so many events it is looked how many wait for a seal.
LOOK_EVERY = 25
# What the first seal has before it.
BEGINNING = "0" * 64
COLUMNS = ("clinic_id", "actor_id", "patient_id", "action", "about", "at", "address")
_OF_ROW = "an event of the trail"
_OF_BATCH = "the trail"
# An event's key and the HMAC over its columns, as bytes.
_KEY, _DIGEST = 8, 32


@dataclass(frozen=True, slots=True)
class SealedRow:
    """What a seal keeps of one event: its key, and the HMAC over its columns, hexadecimal."""

    key: int
    digest: str


def seal_trail(now: datetime) -> list[Seal]:
    """Seal every event that is settled and not sealed yet, and return the new seals.

    Where the database does not let it, or another process seals just now, what is left waits for the next time.
    """
    made: list[Seal] = []
    try:
        end = _settled()
        while seal := _seal_next(end, now):
            made.append(seal)
    except IntegrityError:
        logger.info("Another process seals the trail.")
    except DatabaseError:
        logger.exception("The trail was not sealed. It is tried again.")
    return made


@receiver(post_save, sender=Event)
def look_for_a_batch(instance: Event, **_: Any) -> None:
    """Seal the trail once the transaction of an event is done, where a batch is about full. Breaks no request."""
    if instance.pk % LOOK_EVERY == 0:
        transaction.on_commit(seal_full_batch, robust=True)


def seal_full_batch() -> None:
    """Seal the trail before more than a batch waits for it."""
    if unsealed() > BATCH - LOOK_EVERY:
        seal_trail(timezone.now())


def newest() -> Seal | None:
    """Return the newest seal; none where nothing is sealed yet."""
    return Seal.objects.order_by("-pk").first()


def unsealed() -> int:
    """Return how many events no seal covers yet."""
    head = newest()
    return Event.objects.filter(pk__gt=head.last if head else 0).count()


def text_of_row(row: dict[str, Any]) -> str:
    """Return what an event's HMAC is over: its columns in canonical JSON. Its key is not among them: see `rows_of`."""
    return canonical({name: _plain(row[name]) for name in COLUMNS})


def digest_of_row(row: dict[str, Any]) -> str:
    """Return the HMAC over an event's columns, hexadecimal."""
    return keys.seal(_OF_ROW, text_of_row(row))


def digests_of_row(row: dict[str, Any]) -> list[str]:
    """Return each HMAC that an event may have been sealed with: under the key now, or one before it."""
    return keys.seals(_OF_ROW, text_of_row(row))


def rows_of(seal: Seal) -> list[SealedRow]:
    """Return what a seal keeps of its events, in their order. A rest that is no whole row is left out."""
    packed, size = bytes(seal.rows), _KEY + _DIGEST
    whole = (packed[at : at + size] for at in range(0, len(packed) - size + 1, size))
    return [SealedRow(int.from_bytes(one[:_KEY]), one[_KEY:].hex()) for one in whole]


def is_whole(seal: Seal) -> bool:
    """Return whether a seal is as it was made."""
    return keys.is_sealed(_OF_BATCH, _text_of_batch(seal), seal.seal)


def events_between(first: int, last: int) -> Any:
    """Return the rows of the events whose keys are in [first, last], in order, as `text_of_row` takes them."""
    return Event.objects.filter(pk__gte=first, pk__lte=last).order_by("pk").values("pk", *COLUMNS)


def _seal_next(end: int, now: datetime) -> Seal | None:
    with transaction.atomic():
        before = newest()
        rows = list(events_between(before.last + 1 if before else 0, end)[:BATCH])
        if not rows:
            return None
        seal = Seal(
            # Two processes that seal at once come to the same key, and the database takes one of them.
            pk=before.pk + 1 if before else 1,
            first=rows[0]["pk"],
            last=rows[-1]["pk"],
            count=len(rows),
            rows=_packed(SealedRow(row["pk"], digest_of_row(row)) for row in rows),
            previous=before.seal if before else BEGINNING,
            at=now,
        )
        seal.seal = keys.seal(_OF_BATCH, _text_of_batch(seal))
        with Seal.door():
            seal.save()
        return seal


def _settled() -> int:
    """Return the greatest key below which no event can appear any more.

    PostgreSQL gives keys out before it commits: a lock that waits for whoever is writing is taken and given back at
    once. SQLite lets one write at a time.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
                cursor.execute(f"LOCK TABLE {connection.ops.quote_name(Event._meta.db_table)} IN SHARE MODE")
        return Event.objects.aggregate(last=Max("pk"))["last"] or 0


def _text_of_batch(seal: Seal) -> str:
    return canonical(
        {
            "number": seal.pk,
            "first": seal.first,
            "last": seal.last,
            "count": seal.count,
            "rows": bytes(seal.rows).hex(),
            "previous": seal.previous,
            "at": _plain(seal.at),
        }
    )


def _packed(rows: Iterable[SealedRow]) -> bytes:
    return b"".join(row.key.to_bytes(_KEY) + bytes.fromhex(row.digest) for row in rows)


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
