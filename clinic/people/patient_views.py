"""The clinic's patients: find, add and change them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clinic.events import record
from clinic.people.access import staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.forms import posted
from clinic.people.patient_forms import PatientForm
from clinic.people.patients import Patient
from clinic.people.search import MOST, search

SEARCH = "patients searched"
LONGEST_SEARCH = 200
ON_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic()
def patients(request: HttpRequest, membership: Membership) -> HttpResponse:
    """List the clinic's patients; a search is posted and kept in the session, so that no name stands in an address.

    What is typed is answered at once with the hits alone; without script, a button leads back to the list.
    """
    live = bool(request.htmx)  # type: ignore[attr-defined]
    if request.method == "POST":
        keep_search(request)
        if not live:
            return redirect("staff-patients")
    context = {"section": "patients"} | hits(request, membership)
    return render(request, "people/patients_found.html" if live else "people/patients.html", context)


def keep_search(request: HttpRequest) -> None:
    """Keep what was typed in the session."""
    request.session[SEARCH] = request.POST.get("typed", "").strip()[:LONGEST_SEARCH]


def hits(request: HttpRequest, membership: Membership) -> dict[str, object]:
    """Return who is shown: the hits of the search that the session keeps, or else a page of everybody."""
    if searched := request.session.get(SEARCH, ""):
        found = search(membership.clinic, searched)
        return {"searched": searched, "patients": found, "is_cut": len(found) == MOST}
    everybody = membership.clinic.patients.defer("notes")
    page = Paginator(everybody, ON_A_PAGE).get_page(request.GET.get("page"))
    return {"searched": "", "patients": page.object_list, "page": page}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic()
def add(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Add a patient to the clinic, once nobody who is there already may be the same person."""
    form = PatientForm(posted(request), membership=membership, action=reverse("staff-patient-add"))
    return saved_or_asked(request, form, "patient added", "Add a patient")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic()
def change(request: HttpRequest, membership: Membership, patient_id: int) -> HttpResponse:
    """Change a patient's own facts."""
    patient = get_object_or_404(membership.clinic.patients, pk=patient_id)
    action = reverse("staff-patient-change", args=[patient.pk])
    form = PatientForm(posted(request), instance=patient, membership=membership, action=action)
    return saved_or_asked(request, form, "patient changed", "Change a patient")


def saved_or_asked(request: HttpRequest, form: PatientForm, action: str, heading: str) -> HttpResponse:
    """Save a valid form and go to the patient; show the form where it is not, or where somebody may be the same."""
    duplicates = form.duplicates() if form.is_valid() else []
    seen = request.POST.get("seen", "").split(",")
    if form.is_valid() and all(str(each.pk) in seen for each in duplicates):
        patient = keep(request, form, action)
        return redirect("staff-patient", patient.pk)
    context = {"section": "patients", "form": form, "heading": heading, "duplicates": duplicates}
    return render(request, "people/patient_form.html", context)


@transaction.atomic
def keep(request: HttpRequest, form: PatientForm, action: str) -> Patient:
    """Save the patient of a valid form and say so, in the trail too."""
    patient: Patient = form.save()
    record(action, clinic=patient.clinic, patient=patient, about=patient, request=request)
    messages.success(request, f"{patient.name} is saved.")
    return patient
