"""How long a clinic keeps each kind of record, and what is past that today."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.documents.models import Document, Photograph
from clinic.people.clinics import Clinic
from clinic.people.diary import Visit
from clinic.people.patients import Patient
from clinic.privacy.erasing_map import mapped
from clinic.privacy.models import LegalHold, Retention
from clinic.screenings.models import Invitation, Mismatch, Screening, Sending
from screening.engine.calendar import add_months

Rows = QuerySet[Any]
MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record. `counted`: what one of them is called; `since`: from when on its time counts.

    `law`: what to ask before a time is set. `follows`: its time is the clinic's `keep_years`, which patients are told.
    """

    code: str
    name: str
    counted: str
    since: str
    law: str
    follows: bool = False


RECORD = Kind(
    "record",
    "Screenings, decisions, consents and sessions",
    "whole record",
    "from the last entry about the person",
    "They rest on one another, so they go together, with everything else about the person. "
    "Many laws have health records kept ten years or more after the last treatment.",
    follows=True,
)
KINDS = (
    RECORD,
    Kind(
        "patients",
        "People without any record",
        "person without a record",
        "from the last contact",
        "Few laws ask you to keep people who never came.",
    ),
    Kind(
        "unmatched",
        "Self-checks that nobody was matched to",
        "unmatched self-check",
        "from the day it was sent, or was taken off the wrong person",
        "Few laws ask you to keep them.",
    ),
    Kind(
        "papers",
        "What issued papers say",
        "issued paper",
        "from the day it was issued",
        "Many laws have papers of a treatment kept as long as the record. What they were made from stays until then.",
    ),
    Kind(
        "photographs",
        "Photographs",
        "photograph",
        "from the day it was kept",
        "Ask whether yours count as part of the health record. If so, they are kept as long.",
    ),
    Kind("visits", "Visits without a session", "visit", "from the day of the visit", "Ask your accountant."),
)
BY_CODE: Mapping[str, Kind] = {kind.code: kind for kind in KINDS}


def longest(clinic: Clinic) -> int:
    """Return the months that patients are told; nothing is kept longer."""
    return clinic.keep_years * MONTHS_OF_A_YEAR


def months_of(clinic: Clinic) -> dict[str, int]:
    """Return for how many months a clinic keeps each kind: as was set last, never longer than patients are told."""
    most = longest(clinic)
    set_last = dict(Retention.objects.filter(clinic=clinic).order_by("pk").values_list("kind", "months"))
    return {kind.code: most if kind.follows else min(set_last.get(kind.code, most), most) for kind in KINDS}


def due(clinic: Clinic, code: str, now: datetime) -> Rows:
    """Return the rows of one kind whose time is over and that no legal hold keeps, the oldest first."""
    ended = cut_off(clinic, months_of(clinic)[code], now)
    rows: Rows = _DUE[code](clinic, ended).order_by("pk")
    if rows.model is Patient:
        # Who was asked for something and has time for it yet is not past theirs.
        asked = Invitation.objects.filter(patient=OuterRef("pk"), closed_at=None, expires_at__gt=now)
        rows = rows.exclude(Exists(asked))
    return rows


def span_in_words(months: int) -> str:
    """Return a number of months in words, in years where they are whole: patients are told years."""
    number, unit = (months // 12, "year") if months and months % 12 == 0 else (months, "month")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def cut_off(clinic: Clinic, months: int, now: datetime) -> datetime:
    """Return the moment before which a thing has been kept for so many months, on the clinic's clock."""
    return clinic.midnight(add_months(now.astimezone(clinic.zone).date(), -months))


def kept_until(patient: Patient, clinic: Clinic) -> date:
    """Return the day until which the clinic keeps what it has of a patient, counted from the last entry."""
    code = "record" if patient_has_record(patient) else "patients"
    moments = [patient.added_at]
    for rows, moment in _clocks(patient.pk):
        moments += rows.order_by(f"-{moment}").values_list(moment, flat=True)[:1]
    return add_months(max(moments).astimezone(clinic.zone).date(), months_of(clinic)[code])


def patient_has_record(patient: Patient) -> bool:
    """Return whether a patient has a health record: at least one screening."""
    return Patient.objects.filter(has_record(patient.pk), pk=patient.pk).exists()


def has_record(patient: Any) -> Q:
    """Return what holds of a patient (or an outer reference to one) with at least one screening."""
    return Q(Exists(Screening.objects.filter(Q(patient=patient) | Q(sending__match__patient=patient))))


def _clocks(patient: Any) -> Iterator[tuple[Rows, str]]:
    for model, fate in mapped().items():
        for way in fate.ways if fate.moment else ():
            yield QuerySet(model).filter(**{way: patient}), fate.moment


def _held(clinic: Clinic) -> Rows:
    return LegalHold.objects.filter(clinic=clinic, lifted=None).values("patient")


def _silent(clinic: Clinic, ended: datetime) -> Rows:
    """Return who was added before a moment, and of whom nothing was written since."""
    people = Patient.objects.filter(clinic=clinic, added_at__lt=ended).exclude(pk__in=_held(clinic))
    for rows, moment in _clocks(OuterRef("pk")):
        people = people.exclude(Exists(rows.filter(**{f"{moment}__gte": ended})))
    return people


def _of(model: Any, moment: str, **more: Any) -> Any:
    def rows(clinic: Clinic, ended: datetime) -> Rows:
        own = model.objects.filter(clinic=clinic, **{f"{moment}__lt": ended}, **more)
        rest: Rows = own.exclude(patient__in=_held(clinic))
        return rest

    return rows


def _unmatched(clinic: Clinic, ended: datetime) -> Rows:
    nobodys = Sending.objects.filter(clinic=clinic, screening__patient=None, match=None, sent_at__lt=ended)
    # What was just taken off the wrong person waits for the right one; a hold on the wrong one keeps it.
    lately = Mismatch.objects.filter(Q(at__gte=ended) | Q(patient__in=_held(clinic)), sending=OuterRef("pk"))
    return nobodys.exclude(Exists(lately))


_DUE = {
    "record": lambda clinic, ended: _silent(clinic, ended).filter(has_record(OuterRef("pk"))),
    "patients": lambda clinic, ended: _silent(clinic, ended).exclude(has_record(OuterRef("pk"))),
    "unmatched": _unmatched,
    "papers": _of(Document, "at", erased=None),
    "photographs": _of(Photograph, "at", erased=None),
    "visits": _of(Visit, "starts_at", sessions=None),
}
