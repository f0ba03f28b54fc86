"""Everything that happened with one patient, newest first: what was sent, screened, decided, signed and done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.fields import CharField

from clinic.consultations.models import AdverseEvent, Consent, Decision, Referral, Session, Statement, Stop
from clinic.consultations.timeline_rows import (
    Entry,
    adverse_event,
    consent,
    decision,
    referral,
    screening,
    sending,
    session,
    statement,
    stop,
)
from clinic.people.patients import Patient
from clinic.screenings.models import STAFF_DOORS, Screening, Sending

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row. `rows`: of a patient; `at`: the column of when it was; `whole`: as `entry` needs them."""

    rows: Callable[[Patient], QuerySet[Any]]
    at: str
    whole: Callable[[], QuerySet[Any]]
    entry: Callable[[Any, Names], Entry]


def _of(model: Any, *joined: str) -> Callable[[], QuerySet[Any]]:
    return lambda: model.objects.select_related(*joined)


def _screenings() -> QuerySet[Any]:
    corrections = Screening.objects.filter(corrects=OuterRef("pk"))
    whole: QuerySet[Any] = Screening.objects.select_related("by", "voided").annotate(is_corrected=Exists(corrections))
    return whole


def _sendings() -> QuerySet[Any]:
    whole: QuerySet[Any] = Sending.objects.select_related("screening", "awaiting")
    return whole


KINDS: Mapping[str, Kind] = {
    "sending": Kind(lambda patient: Sending.objects.filter(screening__patient=patient), "sent_at", _sendings, sending),
    "match": Kind(lambda patient: Sending.objects.filter(match__patient=patient), "sent_at", _sendings, sending),
    "screening": Kind(
        lambda patient: Screening.objects.filter(patient=patient, stage="consultation", door__in=STAFF_DOORS),
        "answered_at",
        _screenings,
        screening,
    ),
    "decision": Kind(
        lambda patient: Decision.objects.filter(patient=patient), "at", _of(Decision, "by", "voided"), decision
    ),
    "referral": Kind(
        lambda patient: Referral.objects.filter(patient=patient),
        "at",
        lambda: Referral.objects.select_related("by").prefetch_related("steps"),
        referral,
    ),
    "statement": Kind(lambda patient: Statement.objects.filter(patient=patient), "at", _of(Statement, "by"), statement),
    "consent": Kind(
        lambda patient: Consent.objects.filter(patient=patient), "at", _of(Consent, "by", "withdrawal"), consent
    ),
    "session": Kind(
        lambda patient: Session.objects.filter(patient=patient), "at", _of(Session, "by", "voided"), session
    ),
    "stop": Kind(lambda patient: Stop.objects.filter(patient=patient), "at", _of(Stop, "by"), stop),
    "adverse": Kind(
        lambda patient: AdverseEvent.objects.filter(patient=patient), "at", _of(AdverseEvent, "by"), adverse_event
    ),
}


def timeline_of(patient: Patient) -> QuerySet[Any]:
    """Return kind, key and time of everything there is of a patient, newest first, as one query to be sliced."""
    first, *others = (_listed(name, kind, patient) for name, kind in KINDS.items())
    return first.union(*others, all=True).order_by("-moment", "-row")


def entries(listed: list[tuple[str, int, datetime]], names: Names) -> list[Entry]:
    """Return a slice of `timeline_of` in words; one query for each kind that is in it. `names`: of the treatments."""
    whole: dict[str, dict[int, Any]] = {
        kind: KINDS[kind].whole().in_bulk({row for of, row, _ in listed if of == kind}) for kind in KINDS
    }
    return [KINDS[kind].entry(whole[kind][row], names) for kind, row, _ in listed]


def _listed(name: str, kind: Kind, patient: Patient) -> QuerySet[Any]:
    told = {
        "of_kind": Value(name, output_field=CharField()),
        "row": F("pk"),
        "moment": F(kind.at),
    }
    rows: QuerySet[Any] = kind.rows(patient).order_by().annotate(**told)
    return rows.values_list("of_kind", "row", "moment")
