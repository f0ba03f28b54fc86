"""The bytes of an issued document: given only where they are still the ones that were issued."""

import hashlib

from clinic.documents import ledger
from clinic.documents.models import Document, DocumentContent
from clinic.documents.numbers import number_in_words


class ContentErased(Exception):
    """The content of a document was erased for a recorded reason."""


class ContentChanged(Exception):
    """The content of a document, or its row in the ledger, is not what was issued."""


def issued_bytes(document: Document) -> bytes:
    """Return the very bytes that were issued. Raises ContentErased or ContentChanged."""
    content = DocumentContent.objects.filter(document=document).only("pdf").first()
    if content is None and hasattr(document, "erased"):
        raise ContentErased
    pdf = bytes(content.pdf) if content else b""
    if hashlib.sha256(pdf).hexdigest() != document.sha256 or not ledger.is_sealed(document):
        raise ContentChanged
    return pdf


def file_name(document: Document) -> str:
    """Return the name of a document's file: its number."""
    return f"document-{number_in_words(document.number)}.pdf"
