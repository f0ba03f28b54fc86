"""The referrals of a clinic: the open ones as a list, each with what became of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.consultations.countersigning import waiting
from clinic.consultations.deciding_case import screened
from clinic.consultations.decision_case_views import case_or_404, with_case
from clinic.consultations.decision_page import title_of
from clinic.consultations.models import Referral
from clinic.consultations.referrals import StepRefused, add_step, ask, next_kinds, open_ones
from clinic.consultations.referrals_form import ReferralForm, StepForm
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.forms import posted
from clinic.people.patients import of_present

ON_A_PAGE = 25


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def referrals(request: HttpRequest, membership: Membership) -> HttpResponse:
    """List what waits for somebody else: decisions for a countersign, referrals for an answer; the oldest first."""
    page = Paginator(open_ones(membership.clinic), ON_A_PAGE).get_page(request.GET.get("page"))
    unsigned = waiting(membership.clinic)[:ON_A_PAGE] if page.number == 1 else ()
    context = {"section": "referrals", "page": page, "unsigned": unsigned}
    return render(request, "consultations/referrals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
@with_case
def referral_new(request: HttpRequest, membership: Membership, screening_id: int, position: int) -> HttpResponse:
    """Ask a doctor about one finding of a screening."""
    case = case_or_404(membership, screening_id)
    if position >= len(case.outcome.findings) or hasattr(case.screening, "voided"):
        raise Http404
    finding, patient = case.outcome.findings[position], case.patient
    action = reverse("staff-referral-new", args=[screening_id, position])
    form = ReferralForm(posted(request), action=action, initial={"to": patient.doctor})
    if form.is_valid():
        made = ask(case, position=position, membership=membership, request=request, **form.cleaned_data)
        messages.success(request, "The referral is recorded. Say so here when it is sent.")
        return redirect("staff-referral", made.pk)
    context = {"section": "referrals", "form": form, "patient": patient, "screening": case.screening}
    about = {"title": case.rule_set.rules[finding.rule].title, "message": finding.message}
    return render(request, "consultations/referral_new.html", context | about)


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
@with_case
def referral(request: HttpRequest, membership: Membership, referral_id: int) -> HttpResponse:
    """Show a referral and what became of it."""
    row = _referral(membership, referral_id)
    return _page(request, row, _step_form(request, membership, row))


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
@with_case
def referral_step(request: HttpRequest, membership: Membership, referral_id: int) -> HttpResponse:
    """Record what became of a referral."""
    row = _referral(membership, referral_id)
    form = _step_form(request, membership, row)
    if form.is_valid():
        try:
            add_step(row, form.step(form.keep_file(request)), membership=membership, request=request)
        except StepRefused as error:
            form.refuse(error.refusals)
        else:
            messages.success(request, "It is recorded.")
            return redirect("staff-referral", row.pk)
    form.stay(request)
    return _page(request, row, form)


def _page(request: HttpRequest, row: Referral, form: StepForm) -> HttpResponse:
    context = {
        "section": "referrals",
        "referral": row,
        "patient": row.patient,
        "title": title_of(screened(row.screening), row),
        "steps": row.steps.select_related("by").order_by("id"),
        "form": form if next_kinds(row) else None,
    }
    return render(request, "consultations/referral.html", context)


def _step_form(request: HttpRequest, membership: Membership, row: Referral) -> StepForm:
    action = reverse("staff-referral-step", args=[row.pk])
    files = request.FILES if request.method == "POST" else None
    return StepForm(posted(request), files, referral=row, action=action, patient=row.patient, membership=membership)


def _referral(membership: Membership, referral_id: int) -> Referral:
    rows = of_present(Referral, membership.clinic).select_related("patient", "by", "screening__patient")
    found: Referral = get_object_or_404(rows, pk=referral_id)
    return found
