"""Everything that is due once a day, one step after the other; each may run twice, and by two processes at once."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.privacy import ended, retention_run
from clinic.privacy.erasing import erase_record, has_left
from clinic.privacy.erasing_traces import empty_journal
from clinic.privacy.sealing import seal_trail, unsealed
from clinic.privacy.trail_heads import NotMailed, mail_heads

_log = logging.getLogger(__name__)
# So long a row that was written while its patient was being erased is looked for.
LOOKED_BACK = timedelta(days=30)
CLOCK = (
    "The trail was silent for a week, or is ahead of the clock: is the clock right? Nothing was erased. "
    "The run of another day erases."
)
Lines = Iterator[str]


class Failed(Exception):
    """A step could not do its work; says why in words for whoever looks after the machine."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is due. `does(now, dry)` yields a line for each thing done, or that would be."""

    name: str
    does: Callable[[datetime, bool], Lines]


def run_daily(now: datetime, *, dry: bool = False) -> Iterator[tuple[str, bool]]:
    """Do everything that is due, and yield each line with whether it tells of a failure; one failure stops no other."""
    for step in STEPS:
        try:
            for line in step.does(now, dry):
                yield f"{step.name}: {line}", False
        except Failed as failed:
            yield f"{step.name}: {failed}", True
        except Exception as error:  # noqa: BLE001 - whatever it is, the other steps are due all the same
            _log.exception("A step of the daily run failed.")
            # A connection that was lost is made anew for the next step.
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            yield f"{step.name}: failed ({type(error).__name__}). The log says more.", True


def _drafts(now: datetime, dry: bool) -> Lines:
    yield from _removed(ended.drafts(now), "unsent self-check", dry)


def _links(now: datetime, dry: bool) -> Lines:
    yield from _removed(ended.links(now), "link that ended unused", dry)


def _sign_ins(now: datetime, dry: bool) -> Lines:
    yield from _removed(ended.sign_ins(now), "expired sign-in", dry)


def _cache(now: datetime, dry: bool) -> Lines:
    if count := ended.cache_rows(now, remove=not dry):
        yield f"{_would(dry)}{count} × expired row of the cache"


def _removed(rows: QuerySet[Any], what: str, dry: bool) -> Lines:
    count = rows.count() if dry else _deleted(rows)
    if count:
        yield f"{_would(dry)}{count} × {what}"


def _deleted(rows: QuerySet[Any]) -> int:
    return rows.delete()[1].get(rows.model._meta.label, 0)


def _retention(now: datetime, dry: bool) -> Lines:
    try:
        retention_run.check_clock(now)
    except retention_run.ClockJumped:
        for clinic in () if dry else Clinic.objects.defer("logo").order_by("slug"):
            retention_run.report(clinic, {}, now)
        raise Failed(CLOCK) from None
    for clinic in Clinic.objects.defer("logo").order_by("slug"):
        gone = retention_run.due_counts(clinic, now) if dry else retention_run.run(clinic, now)
        if gone:
            yield f"{_would(dry)}{clinic.slug}: {retention_run.in_words(gone)}"


def _leftovers(now: datetime, dry: bool) -> Lines:
    """Erase once more whoever has a row again: it was being written while the record was erased."""
    for patient in Patient.with_erased.filter(erased_at__gte=now - LOOKED_BACK):
        if has_left(patient):
            if not dry:
                erase_record(patient, "A late row of an erased record.", by=None)
            yield f"{_would(dry)}patient {patient.pk} once more"


def _seals(now: datetime, dry: bool) -> Lines:
    if dry:
        if waiting := unsealed():
            yield f"would seal {waiting} × event"
        return
    for seal in seal_trail(now):
        yield f"seal {seal.pk} over {seal.count} × event"
    if waiting := unsealed():
        raise Failed(f"{waiting} × event not sealed: the trail was being written to. The next run seals them.")


def _heads(now: datetime, dry: bool) -> Lines:
    if dry:
        return
    try:
        count = mail_heads(now)
    except NotMailed as fault:
        raise Failed(str(fault)) from fault
    if count:
        yield f"mailed to the owners of {count} × clinic"


def _journal(now: datetime, dry: bool) -> Lines:  # noqa: ARG001
    if not dry:
        empty_journal()
    yield from ()


def _would(dry: bool) -> str:
    return "would remove " if dry else "removed "


STEPS = (
    Step("drafts", _drafts),
    Step("links", _links),
    Step("sign-ins", _sign_ins),
    Step("cache", _cache),
    Step("retention", _retention),
    Step("erased before", _leftovers),
    Step("seals of the trail", _seals),
    Step("head of the trail", _heads),
    Step("journal", _journal),
)
