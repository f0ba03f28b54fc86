"""Which screening of a patient stands for a treatment today, or why none does."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from clinic.people.clinics import LONGEST_VALIDITY, Clinic
from clinic.screenings.models import STAFF_DOORS, AwaitingReview, Screening
from screening.engine.calendar import add_months
from screening.presentation.moments import moment_in_words

Pair = tuple[int, str]
PRACTITIONER = "practitioner"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a screening does not stand: a code, a sentence, and who can put it right."""

    code: str
    words: str
    who: str = PRACTITIONER


@dataclass(frozen=True, slots=True)
class Standing:
    """The screening that a patient's treatment rests on. It counts only where `stands`, that is without faults.

    With faults `screening` is the one that they are about; none where there is nothing at all.
    """

    screening: Screening | None
    faults: tuple[Fault, ...]

    @property
    def stands(self) -> bool:
        """Whether it may be built on."""
        return self.screening is not None and not self.faults


class Standings(dict[Pair, Standing]):
    """By patient and treatment. Ask with `[pair]`: a pair that nothing is known of has a standing too, with a fault."""

    def __init__(self, awaiting: Collection[int]) -> None:
        super().__init__()
        self.awaiting = awaiting

    def __missing__(self, pair: Pair) -> Standing:
        return Standing(None, (NONE, *self.waiting(pair[0])))

    def waiting(self, patient_id: int) -> tuple[Fault, ...]:
        """Return the fault of a self-check that nobody has reviewed, if there is one."""
        return (AWAITING,) if patient_id in self.awaiting else ()


NONE = Fault("none", "There is no screening for this treatment yet. Do the intake.")
VOIDED = Fault("voided", "The newest screening was struck out. Screen again: an older one does not take its place.")
CORRECTED = Fault("corrected", "This screening was corrected. The correction counts.")
NOT_BY_STAFF = Fault("not-by-staff", "Nobody of the staff stands behind the answers yet. Do the intake together.")
INCOMPLETE = Fault("incomplete", "Required answers are missing in the screening. Ask them in a new one.")
AWAITING = Fault("awaiting-review", "A self-check of this person waits to be reviewed. Review it first.")


class _Row(NamedTuple):
    """A consultation screening without what was answered."""

    pk: int
    patient_id: int
    treatment: str
    door: str
    by_id: int | None
    answered_at: datetime
    corrects_id: int | None
    voided: int | None
    clinic_id: int
    oldest_at: datetime | None

    @property
    def is_by_staff(self) -> bool:
        return self.door in STAFF_DOORS and self.by_id is not None

    @property
    def age(self) -> tuple[datetime, int]:
        return self.answered_at, self.pk

    @property
    def begun(self) -> datetime:
        """When the oldest answer carried into it was given."""
        return min(self.oldest_at or self.answered_at, self.answered_at)


_COLUMNS = (
    "pk", "patient_id", "treatment", "door", "by_id", "answered_at", "corrects_id", "voided", "clinic_id", "oldest_at",
)  # fmt: skip


def standing_screenings(clinic: Clinic, patient_ids: Iterable[int], now: datetime) -> Mapping[Pair, Standing]:
    """Return how each of the patients stands for each treatment; three queries, however many there are.

    Ask the answer with `[patient_id, treatment]`, also for a treatment never screened for. `now`: aware.
    """
    ids = set(patient_ids)
    # By patient alone: with the clinic beside it, SQLite walks through everything that the clinic ever stored.
    waiting = AwaitingReview.objects.filter(patient_id__in=ids).values_list("patient_id", "clinic_id")
    standings = Standings(frozenset(patient_id for patient_id, of in waiting if of == clinic.pk))
    kept = Screening.objects.filter(patient_id__in=ids, stage="consultation")
    read = (_Row(*row) for row in kept.order_by("id").values_list(*_COLUMNS))
    rows = [row for row in read if row.clinic_id == clinic.pk]
    corrected = {row.corrects_id for row in rows}
    newest = _newest(rows, corrected)
    replaced = _replaced(rows)
    since = {pair: _since(row, rows, replaced) for pair, row in newest.items()}
    wanted = {row.pk for row in newest.values()} | {row.pk for later in since.values() for row in later}
    whole = kept.select_related("by").in_bulk(wanted)
    for pair, row in newest.items():
        screening = whole[row.pk]
        faults = _own_faults(clinic, row, screening, corrected, now)
        others = [whole[later.pk] for later in since[pair] if _says_otherwise(whole[later.pk], screening)]
        if others:
            faults.append(_newer(clinic, others[-1]))
        standings[pair] = Standing(screening, (*faults, *standings.waiting(pair[0])))
    return standings


def _newer(clinic: Clinic, other: Screening) -> Fault:
    day = moment_in_words(other.answered_at.astimezone(clinic.zone).date())
    words = f"Another screening, answered on {day}, says something else. Screen again."
    return Fault("newer-screening", words)


def last_valid_day(clinic: Clinic, screening: Screening) -> date:
    """Return the last day on which a screening is valid, on the clinic's calendar."""
    moments = (screening.oldest_at, screening.answered_at, screening.recorded_at)
    # What was answered first counts, and no time that lies after the row was written makes it younger.
    oldest = min(moment for moment in moments if moment is not None)
    months = min(clinic.validity_months, LONGEST_VALIDITY)
    return add_months(oldest.astimezone(clinic.zone).date(), months) - timedelta(days=1)


def _newest(rows: Iterable[_Row], corrected: Collection[int | None]) -> dict[Pair, _Row]:
    """Return by patient and treatment the row that was answered last: staff's own before self-checks."""
    found: dict[Pair, _Row] = {}
    for row in rows:
        pair = row.patient_id, row.treatment
        if pair not in found or _rank(row, corrected) > _rank(found[pair], corrected):
            found[pair] = row
    return found


def _rank(row: _Row, corrected: Collection[int | None]) -> tuple[Any, ...]:
    return row.is_by_staff, row.pk not in corrected, *row.age


def _replaced(rows: Iterable[_Row]) -> set[int | None]:
    """Return what a correction that counts, or one that was corrected in its turn, says anew.

    What a struck out correction replaced was said all the same: it opens nothing, and still speaks against others.
    """
    found: set[int | None] = set()
    for row in sorted(rows, reverse=True):
        if not row.voided or row.pk in found:
            found.add(row.corrects_id)
    return found


def _since(newest: _Row, rows: Iterable[_Row], replaced: Collection[int | None]) -> list[_Row]:
    """Return what staff stored or heard for the same person, whatever the treatment, after `newest`.

    After its oldest answer: a correction, and a draft that lay about, carry what was said before something newer.
    """
    return [
        row
        for row in rows
        if row.patient_id == newest.patient_id
        and row.is_by_staff
        and not row.voided
        and row.pk not in replaced
        and row.pk != newest.pk
        and (row.pk > newest.pk or row.age > newest.age or row.answered_at > newest.begun)
    ]


def _own_faults(
    clinic: Clinic, row: _Row, screening: Screening, corrected: Collection[int | None], now: datetime
) -> list[Fault]:
    last = last_valid_day(clinic, screening)
    expired = Fault("expired", f"The screening was valid until {moment_in_words(last)}. Screen again.")
    checks = (
        (VOIDED, row.voided is not None),
        (CORRECTED, row.pk in corrected),
        (NOT_BY_STAFF, not row.is_by_staff),
        (INCOMPLETE, bool(screening.outcome["missing"])),
        (expired, now.astimezone(clinic.zone).date() > last),
    )
    return [fault for fault, holds in checks if holds]


def _says_otherwise(later: Screening, earlier: Screening) -> bool:
    """Return whether an answer that both were asked differs. A reading counts for its own day, unless it met a rule."""
    weighty = {
        code for finding in later.outcome["findings"] if finding["grade"] != "note" for code in finding["answers"]
    }
    return any(
        _plain(answer) != _plain(earlier.answers[code]) and (code in weighty or not _is_reading(answer))
        for code, answer in later.answers.items()
        if code in earlier.answers
    ) or any(
        _is_reading(answer) and code in weighty for code, answer in later.answers.items() if code not in earlier.answers
    )


def _is_reading(answer: Any) -> bool:
    return isinstance(answer, (int, float, dict))


def _plain(answer: Any) -> Any:
    """Return an answer without what makes no difference: case and spaces of a text, the order of a list."""
    if isinstance(answer, str):
        return " ".join(answer.split()).casefold()
    return sorted(answer) if isinstance(answer, list) and all(isinstance(entry, str) for entry in answer) else answer
