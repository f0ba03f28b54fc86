"""What may be done with a patient's whole record: give it to them, hold it, erase it."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.consultations.correcting_forms import WhyForm
from clinic.documents.pack import Made, write_pack
from clinic.events import record
from clinic.people.access import CLINICAL, OWNER_ONLY, reauthenticated, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.forms import posted
from clinic.people.limits import limited
from clinic.people.patients import OnHold, Patient
from clinic.privacy import holds
from clinic.privacy.access_export import README, files_of_person
from clinic.privacy.erasing import erase_record
from clinic.privacy.erasing_rest import erase_rest
from clinic.privacy.models import LegalHold
from clinic.privacy.record_forms import REST, EraseForm
from clinic.privacy.retention import kept_until, patient_has_record


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def record_page(request: HttpRequest, membership: Membership, patient_id: int) -> HttpResponse:
    """Show until when a record is kept, whether a legal hold keeps it, and the ways to give, hold and erase it."""
    patient = _patient(membership, patient_id)
    context = _about(patient) | {"erasures": patient.erasures.select_related("by")}
    return render(request, "privacy/record.html", context)


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
@reauthenticated(back="staff-record")
@limited("export")
def export_person(request: HttpRequest, membership: Membership, patient_id: int) -> HttpResponseBase:
    """Give everything about one person as one ZIP. Nothing of it is stored but that it was made."""
    patient = _patient(membership, patient_id)
    made = Made(
        patient=f"{patient.name}, born {patient.born.isoformat()}",
        treatment="",
        clinic=membership.clinic.name,
        at=membership.clinic.now(),
        by=membership.user.name,
        verify=request.build_absolute_uri(reverse("verify")),
    )
    packed = write_pack(files_of_person(patient), made, README)
    record("record exported for the person", clinic=membership.clinic, patient=patient, about=patient, request=request)
    return FileResponse(packed, as_attachment=True, filename="record.zip", content_type="application/zip")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def hold(request: HttpRequest, membership: Membership, patient_id: int) -> HttpResponse:
    """Ask why nothing of a record may be erased, and hold it."""
    patient = _patient(membership, patient_id)
    action = reverse("staff-hold", args=[patient.pk])
    form = WhyForm(posted(request), action=action, button="Hold the record", hint="Such as: a claim was announced.")
    if form.is_valid():
        holds.set_hold(patient, form.cleaned_data["why"], by=request.user, request=request)
        messages.success(request, "A legal hold keeps the record. Nothing of it is erased until the hold is lifted.")
        return redirect("staff-record", patient.pk)
    return render(request, "privacy/hold.html", {"form": form} | _about(patient))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=OWNER_ONLY)
@reauthenticated()
def lift(request: HttpRequest, membership: Membership, hold_id: int) -> HttpResponse:
    """Ask why a legal hold ends, and lift it."""
    rows = LegalHold.objects.filter(clinic=membership.clinic, patient__erased_at=None).select_related("patient")
    row: LegalHold = get_object_or_404(rows, pk=hold_id)
    action = reverse("staff-hold-lift", args=[row.pk])
    form = WhyForm(posted(request), action=action, button="Lift the hold", hint="Such as: the claim was settled.")
    if form.is_valid():
        holds.lift_hold(row, form.cleaned_data["why"], by=request.user, request=request)
        messages.success(request, "The legal hold is lifted.")
        return redirect("staff-record", row.patient_id)
    return render(request, "privacy/lift.html", {"form": form, "row": row} | _about(row.patient))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=OWNER_ONLY)
@reauthenticated()
def erase(request: HttpRequest, membership: Membership, patient_id: int) -> HttpResponse:
    """Ask what of a record is erased and why, and erase it."""
    patient, clinic = _patient(membership, patient_id), membership.clinic
    if request.method != "POST" and holds.hold_of(patient):
        return redirect("staff-record", patient.pk)
    action, today = reverse("staff-erase", args=[patient.pk]), clinic.now().date()
    # Where there is no health record, none has to stay.
    until = kept_until(patient, clinic) if patient_has_record(patient) else today
    form = EraseForm(posted(request), until=until, today=today, action=action)
    if not form.is_valid():
        return render(request, "privacy/erase.html", {"form": form} | _about(patient))
    given: dict[str, Any] = form.cleaned_data
    who: dict[str, Any] = {"by": request.user, "request": request}
    try:
        if given["scope"] == REST:
            erase_rest(patient, given["why"], law=given["law"], until=until, **who)
            messages.success(request, "It is erased, but for the health record.")
            return redirect("staff-record", patient.pk)
        erase_record(patient, given["why"], **who)
    except OnHold as held:
        messages.warning(request, str(held))
        return redirect("staff-record", patient.pk)
    messages.success(request, "The record is erased. What stays says only that it was, when and why.")
    return redirect("staff-retention")


def _patient(membership: Membership, patient_id: int) -> Patient:
    patient: Patient = get_object_or_404(membership.clinic.patients, pk=patient_id)
    patient.clinic = membership.clinic
    return patient


def _about(patient: Patient) -> dict[str, Any]:
    until, held = kept_until(patient, patient.clinic), holds.hold_of(patient)
    return {"section": "patients", "patient": patient, "until": until, "hold": held}
