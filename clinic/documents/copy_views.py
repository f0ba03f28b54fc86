"""Issuing a patient's copy, and making a link by which they read it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from clinic.documents.copy_stored import CopyRefused, copy_of_screening
from clinic.documents.issuing_page import issued, says_when_not_drawn
from clinic.documents.models import Document
from clinic.documents.sharing import ShareRefused, share
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.patients import of_present
from clinic.screenings.models import Screening
from clinic.screenings.patient_views import show_link


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
@says_when_not_drawn
def issue_copy(request: HttpRequest, membership: Membership, screening_id: int) -> HttpResponse:
    """Issue the patient's copy of a self-check or a consultation."""
    joined = ("patient", "by", "voided", "sending__match__patient")
    rows = of_present(Screening, membership.clinic).select_related(*joined)
    screening = get_object_or_404(rows, pk=screening_id)
    clinic = membership.clinic
    try:
        paper = copy_of_screening(screening, clinic, clinic.now())
    except CopyRefused as refused:
        messages.warning(request, str(refused))
        return redirect("staff-screening", screening.pk)
    return issued(paper, membership=membership, request=request)


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
def share_document(request: HttpRequest, membership: Membership, document_id: int) -> HttpResponse:
    """Make a link to a document and show it, this once: nobody keeps its secret, so the page is drawn at once."""
    rows = of_present(Document, membership.clinic).select_related("patient")
    document = get_object_or_404(rows, pk=document_id)
    try:
        invitation, secret = share(document, membership=membership, request=request)
    except ShareRefused as refused:
        messages.warning(request, str(refused))
        return redirect("staff-papers", document.patient_id)
    return show_link(request, invitation, secret)
