"""The pages of a consent: record it, see it, withdraw it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clinic.consultations import consents
from clinic.consultations.consent_forms import ConsentForm, WithdrawForm
from clinic.consultations.consent_shown import ShownConsent
from clinic.consultations.consent_texts import current
from clinic.consultations.deciding_proposal import PROCEEDING
from clinic.consultations.models import Consent, Decision
from clinic.consultations.session_names import named, place_names
from clinic.consultations.signing_closing import open_sheets
from clinic.consultations.signing_content import check
from clinic.consultations.signing_strokes import path_of
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.forms import posted
from clinic.people.patients import of_present


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def add(request: HttpRequest, membership: Membership, decision_id: int) -> HttpResponse:
    """Record the consent that was signed for what a decision says."""
    decisions = Decision.objects.filter(clinic=membership.clinic, kind__in=PROCEEDING, voided=None)
    decision = get_object_or_404(decisions.select_related("patient"), pk=decision_id)
    decision.clinic = membership.clinic
    action = reverse("staff-consent-new", args=[decision.pk])
    files = request.FILES or None
    form = ConsentForm(posted(request), files, decision=decision, action=action, membership=membership)
    if form.is_valid():
        given = {"scan": form.keep_file(request), **form.given()}
        try:
            consents.record_consent(membership=membership, decision=decision, request=request, **given)
        except consents.ConsentRefused as error:
            form.refuse(error.refusals)
        else:
            messages.success(request, "The consent is recorded.")
            return redirect("staff-check", decision.patient_id, decision.treatment)
    if form.is_bound:
        form.stay(request)
    waiting = list(open_sheets(decision.patient, decision.treatment))
    context = {"form": form, "decision": decision, "sheets": waiting} | _about(decision)
    return render(request, "consultations/consent_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def consent(request: HttpRequest, membership: Membership, consent_id: int) -> HttpResponse:
    """Show a consent and, while it stands, the form that withdraws it."""
    joined = ("patient", "by", "decision", "withdrawal__by", "signed__sheet__decision__screening")
    rows = of_present(Consent, membership.clinic)
    row = get_object_or_404(rows.select_related(*joined), pk=consent_id)
    form = WithdrawForm(posted(request), action=reverse("staff-consent", args=[row.pk]))
    if form.is_valid():
        consents.withdraw(row, membership=membership, why=form.cleaned_data["why"], request=request)
        messages.success(request, "The consent is withdrawn. No session starts on it any more.")
        return redirect("staff-consent", row.pk)
    anew, last_day = consents.decided_now(row), consents.last_day(membership.clinic, row)
    end = consents.end_of(membership.clinic, row, anew, membership.clinic.now().date())
    context = {"consent": row, "form": form, "end": end, "last_day": last_day, "anew": anew}
    return render(request, "consultations/consent.html", context | _about(row) | _as_signed(row))


def _as_signed(row: Consent) -> dict[str, Any]:
    """Return what was chosen and, of a consent signed on a screen, the signatures and whether all is as it was."""
    signed = getattr(row, "signed", None)
    choices = current().choices if signed is None else ShownConsent.from_json(signed.sheet.shown).choices
    chosen = [
        (one.question, one.yes if row.choices[one.code] else one.no) for one in choices if one.code in row.choices
    ]
    signatures = list(signed.sheet.signatures.all()) if signed else []
    return {"chosen": chosen, "check": check(row), "signatures": [(one, path_of(one.strokes)) for one in signatures]}


def _about(row: Decision | Consent) -> dict[str, Any]:
    """Return what both pages say of a decision or a consent: whose, of what and where."""
    names = {"treatment": named(row.treatment), "places": place_names(row.sites)}
    return {"section": "patients", "patient": row.patient, **names}
