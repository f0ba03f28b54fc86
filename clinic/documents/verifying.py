"""Whether a paper is genuine and still counts. Says the kind and the day of a document, never whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

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
# What a document is about no longer counts once one of these rows is there.
ENDED_BY = (
    "withdrawn", "screening__voided", "decision__voided", "decision__screening__voided", "session__voided",
    "consent__withdrawal", "consent__decision__voided", "referral__screening__voided",
)  # fmt: skip


def with_state(rows: QuerySet[Document]) -> QuerySet[Document]:
    """Return the rows with everything that `state_of` reads, in the same query."""
    withdrawn = ReferralStep.objects.filter(referral=OuterRef("referral"), kind=ReferralStep.Kind.WITHDRAWN)
    is_of = Q(corrects=OuterRef("screening")) | Q(corrects=OuterRef("decision__screening"))
    return rows.select_related("replaced_by", "erased", *ENDED_BY).annotate(
        referral_is_withdrawn=Exists(withdrawn), is_corrected=Exists(Screening.objects.filter(is_of, voided=None))
    )


def state_of(row: Document) -> State:
    """Return how a document of `with_state` stands. A withdrawal says more than a newer version does."""
    if row.referral_is_withdrawn or any(_there(row, path.split("__")) for path in ENDED_BY):  # type: ignore[attr-defined]
        return State.WITHDRAWN
    if hasattr(row, "replaced_by") or row.is_corrected:  # type: ignore[attr-defined]
        return State.REPLACED
    return State.GENUINE


def by_code(number: int, check_code: str) -> Verified:
    """Return how the paper with this number and this check code stands. One query, whatever was typed."""
    return _verified(Document.objects.filter(number=number, check_code=check_code))


def by_digest(sha256: str) -> Verified:
    """Return how the file with this SHA-256, in small hexadecimal, stands."""
    return _verified(Document.objects.filter(sha256=sha256))


def _verified(rows: QuerySet[Document]) -> Verified:
    row = with_state(rows.select_related("clinic").defer("clinic__logo")).first()
    if row is None:
        return UNKNOWN
    issued = row.at.astimezone(row.clinic.zone).date()
    return Verified(state_of(row), row.get_kind_display(), issued, is_erased=hasattr(row, "erased"))


def _there(row: object, path: Sequence[str]) -> bool:
    for name in path:
        row = getattr(row, name, None)
    return row is not None
