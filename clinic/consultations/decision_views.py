"""Decide on a screening; read a decision; countersign it; strike it out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.consultations import countersigning, gate_facts, gate_reasons
from clinic.consultations.correcting_forms import WhyForm
from clinic.consultations.deciding import DecisionRefused, decide
from clinic.consultations.deciding_case import screened
from clinic.consultations.deciding_proposal import PROCEEDING
from clinic.consultations.decision_case_views import case_or_404, with_case
from clinic.consultations.decision_form import DecisionForm
from clinic.consultations.decision_page import decided_page, deciding_page
from clinic.consultations.models import Decision
from clinic.consultations.progress import next_step
from clinic.consultations.settling import needs_countersign
from clinic.consultations.steps import Step
from clinic.consultations.voiding import void
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.forms import posted
from clinic.people.patients import of_present

TYPED = "decision typed"
FIRST = {"statement": "staff-statement-new", "referral": "staff-referral-new"}
JOINED = ("patient", "by", "device", "assessment__by", "voided__by", "countersign__by")
OF_SCREENING = ("screening__patient", "screening__clinic", "screening__by")
SETTLED = ("settlements__statement", "settlements__referral")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
@with_case
def decision_new(request: HttpRequest, membership: Membership, screening_id: int) -> HttpResponse:
    """Decide on a screening. What is typed waits while a letter or a referral is recorded first."""
    case = case_or_404(membership, screening_id)
    if elsewhere := _recorded_first(request, screening_id):
        return elsewhere
    form = DecisionForm(posted(request), case=case, membership=membership)
    if not form.is_bound and (typed := request.session.get(TYPED, {}).get(str(screening_id))):
        form.resume(QueryDict(typed))
    if form.is_valid():
        try:
            made = decide(case.screening, form.proposal(), membership=membership, request=request)
        except DecisionRefused as error:
            form.refuse(error.refusals)
        else:
            request.session.pop(TYPED, None)
            messages.success(request, "The decision is stored.")
            return redirect("staff-decision", made.pk)
    page = deciding_page(case, form, form.today)
    context = {"section": "patients", "form": form, "page": page, "patient": case.screening.patient}
    return render(request, "consultations/decision_new.html", context | {"screening": case.screening})


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
@with_case
def decision(request: HttpRequest, membership: Membership, decision_id: int) -> HttpResponse:
    """Show a decision as it was made."""
    row = _decision(membership, decision_id)
    return _page(request, membership, row, _countersign_form(request, row))


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
@with_case
def countersign_decision(request: HttpRequest, membership: Membership, decision_id: int) -> HttpResponse:
    """Countersign a decision against advice, as another person."""
    row = _decision(membership, decision_id)
    form = _countersign_form(request, row)
    if form.is_valid():
        try:
            countersigning.countersign(row, form.cleaned_data["why"], membership=membership, request=request)
        except countersigning.CountersignRefused as error:
            for line in error.lines:
                form.add_error(None, line)
        else:
            messages.success(request, "It is countersigned.")
            return redirect("staff-decision", row.pk)
    return _page(request, membership, row, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def void_decision(request: HttpRequest, membership: Membership, decision_id: int) -> HttpResponse:
    """Ask why a decision does not count, and strike it out."""
    row = _decision(membership, decision_id)
    if hasattr(row, "voided"):
        return redirect("staff-decision", row.pk)
    action = reverse("staff-decision-void", args=[row.pk])
    hint = "Such as: it was meant for another patient."
    form = WhyForm(posted(request), action=action, button="Strike it out", hint=hint)
    if form.is_valid():
        void(row, form.cleaned_data["why"], request.user, request)
        messages.success(request, "It is struck out. It opens nothing any more.")
        return redirect("staff-decision", row.pk)
    context = {"section": "patients", "form": form, "decision": row, "patient": row.patient}
    return render(request, "consultations/decision_void.html", context)


def _recorded_first(request: HttpRequest, screening_id: int) -> HttpResponse | None:
    """Keep what was typed, of one screening at a time, and lead to what is to be recorded before; else nothing."""
    what, _, position = request.POST.get("first", "").partition(" ")
    if what not in FIRST or not position.isdecimal():
        return None
    typed = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "first"):
        typed.pop(name, None)
    request.session[TYPED] = {str(screening_id): typed.urlencode()}
    return redirect(FIRST[what], screening_id, int(position))


def _page(request: HttpRequest, membership: Membership, row: Decision, form: WhyForm) -> HttpResponse:
    is_signed, is_voided = hasattr(row, "countersign"), hasattr(row, "voided")
    waits = not is_signed and not is_voided and needs_countersign(row.settlements.all())
    context = {
        "section": "patients",
        "page": decided_page(screened(row.screening), row, waits=waits),
        "decision": row,
        "patient": row.patient,
        "form": form,
        "may_sign": waits and not list(countersigning.against(row, membership)),
        "next": None if waits or is_voided else _next(row, membership),
        "no_more": [] if is_voided else _no_more(row, membership),
    }
    return render(request, "consultations/decision.html", context)


def _no_more(row: Decision, membership: Membership) -> list[str]:
    """Return why a yes does not count any more, in sentences; a no stays what it was."""
    if row.kind not in PROCEEDING:
        return []
    now = membership.clinic.now()
    facts = gate_facts.load(membership.clinic, row.patient, row.treatment, now)
    is_newest = facts.decision is not None and facts.decision.pk == row.pk
    return gate_reasons.no_more(facts, now.date()) if is_newest else ["A later decision takes its place."]


def _next(row: Decision, membership: Membership) -> Step | None:
    """Return what comes next with the patient, unless that is this very page."""
    row.patient.clinic = membership.clinic
    step = next_step(row.patient, row.treatment)
    is_here = step and (step.name, step.args) == ("staff-decision", (row.pk,))
    return None if is_here else step


def _countersign_form(request: HttpRequest, row: Decision) -> WhyForm:
    action = reverse("staff-countersign", args=[row.pk])
    hint = "In your own words. They stay with the decision, with your name."
    form = WhyForm(posted(request), action=action, button="Countersign", hint=hint)
    form.fields["why"].label = "Why do you agree?"
    return form


def _decision(membership: Membership, decision_id: int) -> Decision:
    """Return a decision of the clinic with everything its page names; another clinic's is not found."""
    rows = of_present(Decision, membership.clinic)
    joined = rows.select_related(*JOINED, *OF_SCREENING).prefetch_related(*SETTLED)
    found: Decision = get_object_or_404(joined, pk=decision_id)
    return found
