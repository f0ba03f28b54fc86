"""What a patient sees behind a link to a document: that it counts, and the document; or that it counts no more."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from clinic.documents.models import Document
from clinic.documents.numbers import number_in_words
from clinic.documents.reading import ContentChanged, ContentErased, file_name, issued_bytes
from clinic.documents.sharing import shared_with
from clinic.documents.verifying import State, state_of
from clinic.events import record
from clinic.people.files import as_file
from clinic.screenings.models import Invitation
from clinic.self_check.entering import invited_by, turned_away
from clinic.self_check.ways import InvitedWay, NotAdmittedError

View = Callable[[HttpRequest, InvitedWay, Document], HttpResponse]


def shared_page(view: View) -> Callable[..., HttpResponse]:
    """Take a view of (request, way, document), give one of (request, slug, way), open to whom the link is for."""

    @login_not_required
    @wraps(view)
    def handle(request: HttpRequest, slug: str, way: str) -> HttpResponse:
        try:
            opened = InvitedWay(request, invited_by(slug, way, Invitation.Purpose.COPY), way)
            return opened.finish(view(request, opened, shared_with(opened.invitation)))
        except NotAdmittedError as refused:
            return turned_away(request, slug, way, refused)

    return handle


@require_safe
@shared_page
def shared_copy(request: HttpRequest, way: InvitedWay, document: Document) -> HttpResponse:
    """Say what the paper is and whether it counts, with the way to it."""
    context = {
        "clinic": way.clinic,
        "way": way,
        "document": document,
        "number": number_in_words(document.number),
        "day": document.at.astimezone(way.clinic.zone),
        "state": _state(document),
    }
    return render(request, "handing_over/shared.html", context)


@require_safe
@shared_page
def shared_paper(request: HttpRequest, way: InvitedWay, document: Document) -> HttpResponse:
    """Give the very bytes that were issued, and keep in the trail that they were read by the link."""
    if _state(document) != State.GENUINE:
        return redirect("shared-copy", slug=way.clinic.slug, way=way.text)
    about: dict[str, Any] = {
        "clinic": way.clinic,
        "patient": way.invitation.patient,
        "about": document,
        "request": request,
    }
    try:
        pdf = issued_bytes(document)
    except (ContentChanged, ContentErased):
        record("changed document refused", **about)
        context = {"clinic": way.clinic, "way": way, "state": "changed"}
        return render(request, "handing_over/shared.html", context, status=500)
    record("document read by link", **about)
    return as_file(pdf, "application/pdf", file_name(document))


def _state(document: Document) -> str:
    """Return how a document stands: as `State` has it, or "erased"."""
    return "erased" if hasattr(document, "erased") else state_of(document)
