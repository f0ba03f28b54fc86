"""The walk through a clinic's ledger: names each row, and each content, that is not as it was issued."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from clinic.documents import ledger
from clinic.documents.models import Document, ErasedDocument, WithdrawnDocument
from clinic.documents.numbers import number_in_words
from clinic.events import Event
from clinic.people.clinics import Clinic
from screening.engine.canonical import canonical, digest_of

# So many rows are in memory at a time, each with its PDF.
AT_A_TIME = 20
ROWS_OF = {
    "document issued": (Document, "pk"),
    "document withdrawn": (WithdrawnDocument, "document_id"),
    "document erased": (ErasedDocument, "document_id"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the walk has to say. `is_broken`: False where it is as it should be, and only worth a word."""

    words: str
    is_broken: bool = True


@dataclass(slots=True)
class Walk:
    """A walk through one ledger. `rows`: how many there are; `gaps`: how many numbers are missing between them."""

    clinic: Clinic
    rows: int = 0
    gaps: int = 0

    def lines(self) -> Iterator[Line]:
        """Yield what is to be said, in the order of the numbers, in constant memory."""
        own = Document.objects.filter(clinic=self.clinic)
        rows = own.select_related("content", "erased", "withdrawn").order_by("number")
        number, seal = 0, ledger.BEGINNING
        for row in rows.iterator(chunk_size=AT_A_TIME):
            yield from self._missing(number, row.number)
            # After a row that is missing, or no longer itself, there is nothing to follow.
            yield from _of_row(row, follows=seal in ("", row.previous) or row.number != number + 1)
            self.rows, number = self.rows + 1, row.number
            seal = row.seal if ledger.is_sealed(row) else ""
        yield from self._removed()

    def _missing(self, last: int, number: int) -> Iterator[Line]:
        self.gaps += max(number - last - 1, 0)
        if number > last + 2:
            yield Line(f"{number_in_words(last + 1)} to {number_in_words(number - 1)} are missing.")
        elif number == last + 2:
            yield Line(f"{number_in_words(last + 1)} is missing.")

    def _removed(self) -> Iterator[Line]:
        """Yield what the trail knows of and the tables do not: a tail leaves no gap in the numbers."""
        if (more := sum(1 for _ in _without_row(self.clinic, "document issued")) - self.gaps) > 0:
            yield Line(f"{more} more that the trail says were issued {'is' if more == 1 else 'are'} missing.")
        for action, what in (("document withdrawn", "withdrawal"), ("document erased", "erasure")):
            for key in _without_row(self.clinic, action):
                row = Document.objects.filter(pk=key).first()
                yield Line(f"{number_in_words(row.number) if row else 'A missing one'}: its {what} was removed.")


def _of_row(row: Document, *, follows: bool) -> Iterator[Line]:
    number = number_in_words(row.number)
    if not ledger.is_sealed(row):
        was = _number_before(row)
        yield Line(f"{number} was number {number_in_words(was)}: it was moved." if was else f"{number} was changed.")
    elif not follows:
        yield Line(f"{number} does not follow the one before it.")
    for state, what in (("withdrawn", "withdrawal"), ("erased", "erasure")):
        if hasattr(row, state) and not _is_told(row, f"document {state}"):
            yield Line(f"{number}: it says that it is {state}, and the trail knows of no {what}.")
    if not hasattr(row, "content"):
        erased = hasattr(row, "erased")
        yield Line(f"{number}: its content is {'erased, for a recorded reason' if erased else 'missing'}.", not erased)
        return
    if hasattr(row, "erased"):
        yield Line(f"{number}: its content is still there, though it says it is erased.")
    if hashlib.sha256(bytes(row.content.pdf)).hexdigest() != row.sha256:
        yield Line(f"{number}: its PDF was changed.")
    if not _has_digest(row.content.values, row.values_sha256):
        yield Line(f"{number}: its values were changed.")


def _is_told(row: Document, action: str) -> bool:
    told = Event.objects.filter(patient=row.patient_id, action=action, about=f"document {row.pk}")
    return told.exists()


def _has_digest(values: Any, digest: str) -> bool:
    try:
        return digest_of(canonical(values)) == digest
    except TypeError:  # a number with a decimal point, which is never printed
        return False


def _number_before(row: Document) -> int | None:
    """Return the number that a row was sealed with, where only its number was changed: its rank by age."""
    now = row.number
    row.number = 1 + Document.objects.filter(clinic=row.clinic_id, pk__lt=row.pk).count()
    before = row.number if ledger.is_sealed(row) else None
    row.number = now
    return before


def _without_row(clinic: Clinic, action: str) -> Iterator[int]:
    """Yield the keys of the documents that the trail names with `action`, and that have no such row."""
    model, column = ROWS_OF[action]
    told = Event.objects.filter(clinic=clinic, action=action).order_by("id").values_list("about", flat=True)
    keys = (_key(about) for about in told.iterator())
    at = "" if model is Document else "document__"
    while chunk := list(islice(keys, 500)):
        # Of this clinic only: a row that was moved to another one is gone from here.
        rows: QuerySet[Document] = model._default_manager.filter(**{f"{column}__in": chunk, f"{at}clinic": clinic})
        there = set(rows.values_list(column, flat=True))
        yield from (key for key in chunk if key not in there)


def _key(about: str) -> int:
    """Return the key of the row that an event names; 0, which no row has, where it was changed and names none."""
    number = about.rpartition(" ")[2]
    return int(number) if number.isdecimal() else 0
