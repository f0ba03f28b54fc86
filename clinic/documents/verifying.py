"""Whether a paper is genuine and still counts. Says the kind and the day of a document, never whose it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact, IsNull

from clinic.consultations.models import AdverseEvent, Consent, Decision, ReferralStep, SessionRecord
from clinic.documents import ledger
from clinic.documents.models import Document
from clinic.screenings.models import Mismatch, Screening


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
    "session__check_screening__voided", "consent__withdrawal", "consent__decision__voided",
    "consent__decision__screening__voided", "referral__screening__voided",
)  # fmt: skip

# With a record, what its papers rest on is gone: the row that struck it out too. A screening is emptied then.
_ERASED = Q(patient__erased_at__isnull=False) | Q(screening__stage="")


def with_state(rows: QuerySet[Document]) -> QuerySet[Document]:
    """Return the rows with what `state_of` reads, `is_withdrawn` and `is_replaced`, in the same query."""
    step = ReferralStep.objects.filter(referral=OuterRef("referral"), kind=ReferralStep.Kind.WITHDRAWN)
    ended = Q(Exists(step)) | Q(Exists(of_somebody_else())) | _ERASED
    for path in ENDED_BY:
        ended |= Q((f"{path}__isnull", False))
    newer = Q(replaced_by__isnull=False)
    since = (_corrected(), _decided_since(), _decided_after_copy(), _consented_since(), *_written_since())
    for rows_since in since:
        newer |= Q(Exists(rows_since))
    return rows.annotate(
        is_withdrawn=ExpressionWrapper(ended, BooleanField()), is_replaced=ExpressionWrapper(newer, BooleanField())
    )


def of_somebody_else() -> QuerySet[Mismatch]:
    """Return what says that the self-check a document is about is not its patient's, or was not when it was issued."""
    about = {"sending__screening": OuterRef("screening"), "patient": OuterRef("patient")}
    # Where it is not theirs now either, no clock is asked.
    is_theirs_now = Q(sending__match__patient=OuterRef("patient"))
    return Mismatch.objects.filter(~is_theirs_now | Q(at__gte=OuterRef("at")), **about)


def _corrected() -> QuerySet[Screening]:
    """Return the corrections of what a document is about; one that was struck out brings nothing back."""
    of = [Q(corrects=OuterRef(path)) for path in ("screening", "decision__screening", "consent__decision__screening")]
    return Screening.objects.filter(of[0] | of[1] | of[2])


def _decided_since() -> QuerySet[Decision]:
    """Return the decisions that take the place of the one a document is about, struck out since or not."""
    about = {name: OuterRef(f"decision__{name}") for name in ("clinic", "patient", "treatment")}
    return Decision.objects.filter(**about, pk__gt=OuterRef("decision"))


def _decided_after_copy() -> QuerySet[Decision]:
    """Return what was decided on a screening whose copy knows of no decision."""
    is_copy = Exact(OuterRef("kind"), Document.Kind.COPY)
    return Decision.objects.filter(
        is_copy, IsNull(OuterRef("decision"), True), screening=OuterRef("screening"), voided=None
    )


def _consented_since() -> QuerySet[Consent]:
    """Return the consents after the one a document is about: the newest alone counts, whatever became of it."""
    about = {name: OuterRef(f"consent__{name}") for name in ("clinic", "patient", "treatment")}
    return Consent.objects.filter(**about, pk__gt=OuterRef("consent"))


def _written_since() -> Iterator[QuerySet[Any]]:
    """Yield what was written of a session after its record was issued."""
    for model in (SessionRecord, AdverseEvent):
        yield model.objects.filter(session=OuterRef("session"), at__gt=OuterRef("at"))


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
    """Return how a document stands; one whose row is not as it was written was never issued so."""
    row = with_state(rows.select_related("clinic", "erased").defer("clinic__logo")).first()
    if row is None or not ledger.is_sealed(row):
        return UNKNOWN
    issued = row.at.astimezone(row.clinic.zone).date()
    return Verified(state_of(row), row.called, issued, is_erased=hasattr(row, "erased"))
