"""A document that counts no more, and one whose content is erased. The ledger's row stays, and says so."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from clinic.documents.models import Document, DocumentContent, ErasedDocument, WithdrawnDocument
from clinic.events import record


@transaction.atomic
def withdraw(document: Document, why: str, *, by: Any, request: HttpRequest | None = None) -> WithdrawnDocument:
    """Withdraw a document, for the reason `why` in staff's own words; the second time, the first withdrawal is given.

    Raises ValueError without a reason.
    """
    locked = _locked(document, why)
    if already := WithdrawnDocument.objects.filter(document=locked).first():
        found: WithdrawnDocument = already
        return found
    withdrawn = WithdrawnDocument(document=locked, why=why.strip(), by=by)
    withdrawn.save()
    _record("document withdrawn", locked, by, request)
    return withdrawn


@transaction.atomic
def erase(document: Document, why: str, *, by: Any, request: HttpRequest | None = None) -> ErasedDocument:
    """Erase what a document holds, bytes and values; the second time, the first erasure is given.

    Its row, with number and digests, stays in the ledger. Raises ValueError without a reason, OnHold on a legal hold.
    """
    locked = _locked(document, why)
    locked.patient.refuse_on_hold()
    if already := ErasedDocument.objects.filter(document=locked).first():
        found: ErasedDocument = already
        return found
    erased = ErasedDocument(document=locked, why=why.strip(), by=by)
    erased.save()
    # Past the model's own manager, which removes nothing: this is the one place that may.
    QuerySet(DocumentContent).filter(document=locked).delete()
    _record("document erased", locked, by, request)
    return erased


def _locked(document: Document, why: str) -> Document:
    if not why.strip():
        raise ValueError("It wants a reason.")
    row: Document = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
    return row


def _record(action: str, row: Document, by: Any, request: HttpRequest | None) -> None:
    record(action, clinic=row.clinic, patient=row.patient, about=row, request=request, actor=by)
