"""A file as the answer of a page."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def as_file(content: bytes, content_type: str, name: str, *, to_save: bool = False) -> HttpResponse:
    """Return the answer that shows a file or, `to_save`, has it saved. `name`: says nothing of whom or what."""
    headers = {"Content-Disposition": str(content_disposition_header(to_save, name))}
    return HttpResponse(content, content_type=content_type, headers=headers)
