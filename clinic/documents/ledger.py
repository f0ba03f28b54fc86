"""The chain of a clinic's ledger: each row is sealed together with the seal of the row before it."""

from typing import Any

from clinic import keys
from clinic.documents.models import Document
from clinic.people.clinics import Clinic
from screening.engine.canonical import canonical

# What the first row of a ledger has before it.
BEGINNING = "0" * 64
_PURPOSE = "the ledger of documents"
_NOT_SEALED = ("id", "seal")


def newest(clinic: Clinic) -> Document | None:
    """Return the newest row of a clinic's ledger."""
    return Document.objects.filter(clinic=clinic).order_by("-number").first()


def seal_of(row: Document) -> str:
    """Return what a row's seal has to be: an HMAC-SHA-256 over all its columns, the previous seal included."""
    return keys.seal(_PURPOSE, _columns(row))


def is_sealed(row: Document) -> bool:
    """Return whether a row is as it was written: its seal fits its columns."""
    return keys.is_sealed(_PURPOSE, _columns(row), row.seal)


def _columns(row: Document) -> str:
    columns = {
        field.attname: _plain(row, field) for field in row._meta.concrete_fields if field.name not in _NOT_SEALED
    }
    return canonical(columns)


def _plain(row: Document, field: Any) -> Any:
    value = getattr(row, field.attname)
    return value.isoformat() if hasattr(value, "isoformat") else value
