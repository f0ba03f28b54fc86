"""What was issued for a patient: the list of it, one document itself, and its withdrawal."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clinic.consultations.correcting_forms import WhyForm
from clinic.documents.making import blank_forms, to_make
from clinic.documents.models import Document
from clinic.documents.papers import documents_of, issued_to
from clinic.documents.reading import ContentChanged, ContentErased, file_name, issued_bytes
from clinic.documents.withdrawing import withdraw
from clinic.events import record
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.files import as_file
from clinic.people.forms import posted
from clinic.people.offered import treatment_names
from clinic.people.patients import of_present

ON_A_PAGE = 25


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def papers(request: HttpRequest, membership: Membership, patient_id: int) -> HttpResponse:
    """List what was issued for a patient, and what can be issued now."""
    patient = get_object_or_404(membership.clinic.patients, pk=patient_id)
    patient.clinic = membership.clinic
    page = Paginator(documents_of(patient), ON_A_PAGE).get_page(request.GET.get("page"))
    names = treatment_names()
    shown = {
        "issued": issued_to(patient, page.object_list, names),
        "treatments": to_make(patient, names),
        "blank_forms": blank_forms(membership.clinic, names),
    }
    return render(request, "papers/papers.html", {"section": "patients", "patient": patient, "page": page} | shown)


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def document(request: HttpRequest, membership: Membership, document_id: int) -> HttpResponse:
    """Give the bytes of a document as they were issued, and keep in the trail who read it."""
    row = _document(membership, document_id)
    try:
        pdf = issued_bytes(row)
    except ContentErased:
        return render(request, "papers/erased.html", {"section": "patients", "document": row}, status=410)
    except ContentChanged:
        _record("changed document refused", membership, row, request)
        return render(request, "papers/changed.html", {"section": "patients", "document": row}, status=500)
    _record("document read", membership, row, request)
    return as_file(pdf, "application/pdf", file_name(row))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def withdraw_document(request: HttpRequest, membership: Membership, document_id: int) -> HttpResponse:
    """Ask why a document does not count any more, and withdraw it."""
    row = _document(membership, document_id)
    if hasattr(row, "withdrawn"):
        return redirect("staff-papers", row.patient_id)
    action = reverse("staff-document-withdraw", args=[row.pk])
    hint = "Such as: it was issued for another patient."
    form = WhyForm(posted(request), action=action, button="Withdraw it", hint=hint)
    if form.is_valid():
        withdraw(row, form.cleaned_data["why"], by=request.user, request=request)
        messages.success(request, "It is withdrawn. Whoever checks the paper is told so.")
        return redirect("staff-papers", row.patient_id)
    context = {"section": "patients", "form": form, "document": row, "patient": row.patient}
    return render(request, "papers/withdraw.html", context)


def _record(action: str, membership: Membership, row: Document, request: HttpRequest) -> None:
    record(action, clinic=membership.clinic, patient=row.patient, about=row, request=request)


def _document(membership: Membership, document_id: int) -> Document:
    """Return a document of the clinic; another clinic's is not found."""
    joined = ("patient", "withdrawn", "erased__by")
    rows = of_present(Document, membership.clinic).select_related(*joined)
    found: Document = get_object_or_404(rows, pk=document_id)
    return found
