"""A stored screening, exactly as it was; what corrects it, and what strikes it out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clinic.consultations.correcting import correct
from clinic.consultations.correcting_forms import WhyForm
from clinic.consultations.intake import IntakeError
from clinic.consultations.screening_page import screening_page
from clinic.consultations.voiding import void
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.forms import posted
from clinic.people.patients import of_present
from clinic.screenings.models import Screening
from clinic.screenings.stored import still_counts


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def show(request: HttpRequest, membership: Membership, screening_id: int) -> HttpResponse:
    """Show a screening of staff; a self-check has a page of its own."""
    screening = _screening(membership, screening_id)
    if hasattr(screening, "sending"):
        return redirect("staff-received-one", screening.sending.pk)
    page = screening_page(membership.clinic, screening, membership.clinic.now())
    context = {"section": "patients", "page": page, "screening": screening, "patient": screening.patient}
    return render(request, "consultations/screening.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def correct_it(request: HttpRequest, membership: Membership, screening_id: int) -> HttpResponse:
    """Ask why a screening is corrected, and open the intake that will replace it."""
    screening = _screening(membership, screening_id)
    if not still_counts(screening):
        messages.warning(request, "This screening cannot be corrected: it does not count any more.")
        return redirect("staff-screening", screening.pk)
    action = reverse("staff-screening-correct", args=[screening.pk])
    hint = "Such as: the blood pressure was mistyped. It stays with both screenings."
    form = WhyForm(posted(request), action=action, button="Open the correction", hint=hint)
    if form.is_valid():
        try:
            intake = correct(screening, form.cleaned_data["why"], by=request.user, request=request)
        except IntakeError as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("staff-intake", intake.pk)
    context = {"section": "patients", "form": form, "screening": screening, "patient": screening.patient}
    return render(request, "consultations/screening_correct.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def void_it(request: HttpRequest, membership: Membership, screening_id: int) -> HttpResponse:
    """Ask why a screening does not count, and strike it out."""
    screening = _screening(membership, screening_id)
    if hasattr(screening, "sending") or hasattr(screening, "voided"):
        return redirect("staff-screening", screening.pk)
    action = reverse("staff-screening-void", args=[screening.pk])
    hint = "Such as: the answers are those of another patient."
    form = WhyForm(posted(request), action=action, button="Strike it out", hint=hint)
    if form.is_valid():
        void(screening, form.cleaned_data["why"], request.user, request)
        messages.success(request, "It is struck out. It opens nothing any more.")
        return redirect("staff-screening", screening.pk)
    context = {"section": "patients", "form": form, "screening": screening, "patient": screening.patient}
    return render(request, "consultations/screening_void.html", context)


def _screening(membership: Membership, screening_id: int) -> Screening:
    """Return a screening of the clinic with everything its page names; another clinic's is not found."""
    joined = ("patient", "by", "voided__by", "corrects", "sending")
    of_clinic = of_present(Screening, membership.clinic).select_related(*joined)
    found: Screening = get_object_or_404(of_clinic, pk=screening_id)
    found.clinic = membership.clinic
    return found
