"""The clinic's patients: find, add and change them."""

from django.contrib import messages
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

SEARCH = "patients searched"
SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic()
def patients(request: HttpRequest, membership: Membership) -> HttpResponse:
    """List the clinic's patients; a search is posted and kept in the session, so that no name stands in an address."""
    if request.method == "POST":
        request.session[SEARCH] = request.POST.get("name", "").strip()[:200]
        return redirect("staff-patients")
    searched = request.session.get(SEARCH, "")
    found = membership.clinic.patients.filter(name__icontains=searched)
    context = {
        "section": "patients",
        "searched": searched,
        "found": found.count(),
        "patients": found[:SHOWN],
    }
    return render(request, "people/patients.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic()
def add(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Add a patient to the clinic."""
    form = PatientForm(posted(request), clinic=membership.clinic, action=reverse("staff-patient-add"))
    if form.is_valid():
        keep(request, form, "patient added")
        request.session.pop(SEARCH, None)
        return redirect("staff-patients")
    context = {"section": "patients", "form": form, "heading": "Add a patient"}
    return render(request, "people/patient_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic()
def change(request: HttpRequest, membership: Membership, patient_id: int) -> HttpResponse:
    """Change a patient's own facts."""
    patient = get_object_or_404(membership.clinic.patients, pk=patient_id)
    action = reverse("staff-patient-change", args=[patient.pk])
    form = PatientForm(posted(request), instance=patient, clinic=membership.clinic, action=action)
    if form.is_valid():
        keep(request, form, "patient changed")
        return redirect("staff-patients")
    context = {"section": "patients", "form": form, "heading": "Change a patient"}
    return render(request, "people/patient_form.html", context)


@transaction.atomic
def keep(request: HttpRequest, form: PatientForm, action: str) -> None:
    """Save the patient of a valid form and say so, in the trail too."""
    patient: Patient = form.save()
    record(action, clinic=patient.clinic, patient=patient, about=patient, request=request)
    messages.success(request, f"{patient.name} is saved.")
