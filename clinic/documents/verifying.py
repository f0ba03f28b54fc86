"""Whether a paper is genuine and still counts. Says the kind and the day of a document, never whose it is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from clinic.consultations.models import ReferralStep
from clinic.documents.models import Document
from clinic.screenings.models import Screening


class State(StrEnum):
    """How an issued document stands."""

    GENUINE = "genuine"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verified:
    """What anybody may know of a paper. `issued`: the day on the clinic's calendar; none of an unknown one."""

    state: State
    kind: str = ""
    issued: date | None = None
    is_erased: bool = False


UNKNOWN = Verified(State.UNKNOWN)
# A document, or what it is about, no longer counts once one of these rows is there.
ENDED_BY = (
    "withdrawn", "screening__voided", "decision__voided", "decision__screening__voided", "session__voided",
    "consent__withdrawal", "consent__decision__voided", "referral__screening__voided",
)  # fmt: skip


def with_state(rows: QuerySet[Document]) -> QuerySet[Document]:
    """Return the rows with what `state_of` reads, `is_withdrawn` and `is_replaced`, in the same query."""
    step = ReferralStep.objects.filter(referral=OuterRef("referral"), kind=ReferralStep.Kind.WITHDRAWN)
    ended = Q(Exists(step))
    for path in ENDED_BY:
        ended |= Q((f"{path}__isnull", False))
    is_of = Q(corrects=OuterRef("screening")) | Q(corrects=OuterRef("decision__screening"))
    corrected = Q(Exists(Screening.objects.filter(is_of, voided=None)))
    return rows.annotate(
        is_withdrawn=ExpressionWrapper(ended, BooleanField()),
        is_replaced=ExpressionWrapper(Q(replaced_by__isnull=False) | corrected, BooleanField()),
    )


def state_of(row: Document) -> State:
    """Return how a document of `with_state` stands. A withdrawal says more than a newer version does."""
    if row.is_withdrawn:  # type: ignore[attr-defined]
        return State.WITHDRAWN
    return State.REPLACED if row.is_replaced else State.GENUINE  # type: ignore[attr-defined]


def by_code(number: int, check_code: str) -> Verified:
    """Return how the paper with this number and this check code stands. One query, whatever was typed."""
    return _verified(Document.objects.filter(number=number, check_code=check_code))


def by_digest(sha256: str) -> Verified:
    """Return how the file with this SHA-256, in small hexadecimal, stands."""
    return _verified(Document.objects.filter(sha256=sha256))


def _verified(rows: QuerySet[Document]) -> Verified:
    row = with_state(rows.select_related("clinic", "erased").defer("clinic__logo")).first()
    if row is None:
        return UNKNOWN
    issued = row.at.astimezone(row.clinic.zone).date()
    return Verified(state_of(row), row.get_kind_display(), issued, is_erased=hasattr(row, "erased"))
