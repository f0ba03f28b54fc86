"""What the retention erases today, and the report of it."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from clinic.documents.models import Document, Photograph
from clinic.documents.photographs import erase_photographs
from clinic.documents.withdrawing import erase as erase_content
from clinic.events import Event, record
from clinic.people.clinics import Clinic
from clinic.people.diary import Visit
from clinic.people.patients import OnHold, Patient
from clinic.privacy.erasing import erase_record, erase_unmatched, leave_tombstone, remove
from clinic.privacy.erasing_map import mapped
from clinic.privacy.models import RetentionReport
from clinic.privacy.retention import BY_CODE, KINDS, due

TIME_IS_OVER = "The time that the clinic keeps it is over."
# In seconds: longer than SQLite lets whoever waits sleep between two tries.
A_MOMENT = 0.25
# A trail that was silent for so long, or that is ahead of the clock, tells of a clock that jumped.
LONGEST_SILENCE = timedelta(days=7)
AHEAD = timedelta(hours=1)
LATELY = timedelta(hours=12)


class ClockJumped(Exception):
    """The clock cannot be believed, so nothing is erased by it."""


def check_clock(now: datetime) -> None:
    """Raise ClockJumped where the trail is ahead of the clock, or was silent for long until lately.

    What was written within the last hours tells nothing: whoever works by a wrong clock writes by it, this run too.
    """
    trail, week = Event.objects.order_by("-pk").values_list("at", flat=True), now - LONGEST_SILENCE
    last, within = trail.first(), trail.filter(at__gte=week, at__lte=now - LATELY).first()
    is_silent = within is None and trail.filter(at__lt=week).first() is not None
    if is_silent or (last and last > now + AHEAD):
        raise ClockJumped


def due_counts(clinic: Clinic, now: datetime) -> dict[str, int]:
    """Return for each kind how much the next run erases; nothing is changed."""
    counted = {kind.code: due(clinic, kind.code, now).count() for kind in KINDS}
    return {code: count for code, count in counted.items() if count}


def run(clinic: Clinic, now: datetime) -> dict[str, int]:
    """Erase what is past its time at one clinic, each thing whole or not at all, and return how much of each kind."""
    erased: Counter[str] = Counter()
    for kind in KINDS:
        for number in list(due(clinic, kind.code, now).values_list("pk", flat=True)):
            erased[kind.code] += _erase_one(clinic, kind.code, number, now)
            _let_others_write()
    gone = dict(+erased)
    report(clinic, gone, now)
    return gone


def in_words(counts: Mapping[str, int]) -> str:
    """Return counts by kind as words: what one of a kind is called, and how many there are."""
    return ", ".join(f"{count} × {BY_CODE[code].counted}" for code, count in counts.items())


def _let_others_write() -> None:
    """Rest for a moment: SQLite has one writer at a time, and who waits for it would wait for the whole run."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(A_MOMENT)


@transaction.atomic
def _erase_one(clinic: Clinic, code: str, number: int, now: datetime) -> bool:
    """Erase one thing if it is still due, and return whether it was: a second process may have been faster."""
    rows = due(clinic, code, now).filter(pk=number)
    row = rows.model._default_manager.select_for_update(of=("self",)).filter(pk__in=rows).first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            _ERASE[code](row)
    except OnHold:
        return False
    return True


def _whole(row: Patient) -> None:
    erase_record(row, TIME_IS_OVER, by=None)


def _paper(row: Document) -> None:
    erase_content(row, TIME_IS_OVER, by=None)
    leave_tombstone(row.patient, TIME_IS_OVER, {"document": 1}, by=None, action="papers erased")


def _photograph(row: Photograph) -> None:
    erase_photographs([row], TIME_IS_OVER, by=None)
    leave_tombstone(row.patient, TIME_IS_OVER, {"photograph": 1}, by=None, action="photographs erased")


def _visit(row: Visit) -> None:
    row.patient.refuse_on_hold()
    remove({Visit: [row.pk]}, mapped())
    leave_tombstone(row.patient, TIME_IS_OVER, {"visit": 1}, by=None, action="visits erased")


_ERASE: Mapping[str, Callable[[Any], None]] = {
    "record": _whole,
    "patients": _whole,
    "unmatched": erase_unmatched,
    "papers": _paper,
    "photographs": _photograph,
    "visits": _visit,
}


@transaction.atomic
def report(clinic: Clinic, gone: dict[str, int], now: datetime) -> None:
    """Write down what went; a day on which nothing did has one report all the same, which says so."""
    today = clinic.midnight(now.astimezone(clinic.zone).date())
    if not gone and RetentionReport.objects.filter(clinic=clinic, at__gte=today).exists():
        return
    row = RetentionReport(clinic=clinic, gone=gone, at=now)
    row.save()
    record("retention run", clinic=clinic, about=row, at=now)
