"""What staff make of a self-check besides an intake, and the way in for a form that was filled in on paper."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clinic.consultations.correcting import enter_paper
from clinic.consultations.correcting_forms import PaperForm, SetAsideForm
from clinic.consultations.intake import IntakeError
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.forms import posted
from clinic.screenings.models import Sending
from clinic.screenings.reviews import AlreadyReviewed, review
from screening.presentation.practitioner_words import LABELS
from screening.presentation.told import ICONS


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def set_aside(request: HttpRequest, membership: Membership, sending_id: int) -> HttpResponse:
    """Ask why nothing is made of a self-check, and take it off the list."""
    sendings = Sending.objects.select_related("screening").filter(clinic=membership.clinic)
    sending = get_object_or_404(sendings, pk=sending_id)
    form = SetAsideForm(posted(request), action=reverse("staff-set-aside", args=[sending.pk]))
    if form.is_valid():
        try:
            review(sending, by=request.user, set_aside=form.why, request=request)
            messages.success(request, "It is set aside. It can still be read.")
        except AlreadyReviewed:
            messages.warning(request, "Somebody has dealt with this self-check already.")
        return redirect("staff-received-one", sending.pk)
    outcome = sending.screening.outcome["outcome"]
    context = {"section": "received", "form": form, "sending": sending, "tone": outcome}
    return render(
        request, "consultations/review_set_aside.html", context | {"label": LABELS[outcome], "icon": ICONS[outcome]}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def paper(request: HttpRequest, membership: Membership, patient_id: int) -> HttpResponse:
    """Ask when a paper form was filled in, and open the intake in which its answers are entered."""
    patient = get_object_or_404(membership.clinic.patients, pk=patient_id)
    patient.clinic = membership.clinic
    action = reverse("staff-paper", args=[patient.pk])
    form = PaperForm(posted(request), clinic=membership.clinic, action=action)
    if form.is_valid():
        try:
            treatment, answered_at = form.cleaned_data["treatment"], form.answered_at
            intake = enter_paper(patient, treatment, answered_at, by=request.user, request=request)
        except IntakeError as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("staff-intake", intake.pk)
    context = {"section": "patients", "form": form, "patient": patient}
    return render(request, "consultations/screening_paper.html", context)
