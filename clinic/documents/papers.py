"""The papers that were issued for a patient, as the list of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from clinic.documents.models import Document
from clinic.documents.numbers import number_in_words
from clinic.documents.sharing import SHAREABLE
from clinic.documents.verifying import State, state_of, with_state
from clinic.people.patients import Patient

ENDED = {State.GENUINE: "", State.REPLACED: "Replaced", State.WITHDRAWN: "Withdrawn"}
# What a document is about, the narrowest first, and which time of it is named.
ABOUT = {
    "session": ("session", "at"),
    "consent": ("consent", "at"),
    "referral": ("referral", "at"),
    "decision": ("decision", "at"),
    "screening": ("screening", "answered_at"),
}
TREATMENTS = (
    "session__treatment", "consent__treatment", "referral__screening__treatment", "decision__treatment",
    "screening__treatment",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Issued:
    """One issued document. `ended`: empty while it counts; `about`: treatment, and what it is about with its day."""

    document: Document
    number: str
    ended: str
    about: str
    why: str

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether nobody has withdrawn it yet."""
        return not self.why

    @property
    def may_be_shared(self) -> bool:
        """Whether its patient may be given a link to it."""
        return self.document.kind in SHAREABLE and not self.ended and not self.is_erased

    @property
    def is_erased(self) -> bool:
        """Whether what it held is gone."""
        return hasattr(self.document, "erased")


def documents_of(patient: Patient) -> QuerySet[Document]:
    """Return a patient's documents, newest first, with everything that the list says of them."""
    about = [F("__".join(path)) for path in ABOUT.values()]
    rows: QuerySet[Document] = patient.documents.select_related("by", "erased")
    return with_state(rows).annotate(
        treatment=Coalesce(*TREATMENTS), about_at=Coalesce(*about), why=F("withdrawn__why")
    )


def issued_to(patient: Patient, rows: Iterable[Document], names: dict[str, str]) -> list[Issued]:
    """Return documents (of `documents_of`) as the list shows them. `names`: of the treatments, by code."""
    return [
        Issued(row, number_in_words(row.number), ENDED[state_of(row)], _about(patient, row, names), _why(row))
        for row in rows
    ]


def _about(patient: Patient, row: Any, names: dict[str, str]) -> str:
    what = next((name for name in ABOUT if getattr(row, f"{name}_id")), "")
    if not what:
        return ""
    day = row.about_at.astimezone(patient.clinic.zone)
    return f"{names.get(row.treatment, row.treatment)} · {what} of {day.day} {day:%B %Y}"


def _why(row: Any) -> str:
    return row.why or ""
