"""The staff's pages of a consent that is signed on a screen, and of the form to be signed by hand."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from clinic.consultations.consent_shown import NoTextError, ShownConsent
from clinic.consultations.deciding_proposal import PROCEEDING
from clinic.consultations.decision_case_views import with_case
from clinic.consultations.models import Decision
from clinic.consultations.signing import NotSignable, Party, next_party, open_sheet
from clinic.consultations.signing_closing import close, why_over
from clinic.consultations.signing_faults import faults_of
from clinic.consultations.signing_models import ConsentSheet
from clinic.consultations.signing_strokes import path_of
from clinic.documents.consent import blank_paper
from clinic.documents.consent_signing import sign
from clinic.documents.issuing_page import issued, says_when_not_drawn
from clinic.documents.signing_forms import OpenForm, SignForm
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.forms import posted
from clinic.screenings.models import Door
from clinic.screenings.patient_views import show_link
from clinic.self_check.doors import hand_over

NO_TEXT = "There is no consent text for this treatment yet, so nobody can be asked to sign one."


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
@with_case
def consent_open(request: HttpRequest, membership: Membership, decision_id: int) -> HttpResponse:
    """Ask who signs and where; fix what they are asked to sign, and hand over the tablet or show the link."""
    decision = _decision(membership, decision_id)
    form = OpenForm(posted(request), action=reverse("staff-consent-open", args=[decision.pk]))
    if form.is_valid():
        try:
            invitation, secret = open_sheet(decision, form.asked(), membership=membership, request=request)
        except NotSignable as error:
            for line in error.lines:
                form.add_error(None, line)
        except NoTextError:
            form.add_error(None, NO_TEXT)
        else:
            return show_link(request, invitation, secret) if secret else hand_over(request, invitation)
    context = {"section": "patients", "form": form, "decision": decision, "patient": decision.patient}
    return render(request, "signing/open.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
@says_when_not_drawn
def consent_sheet(request: HttpRequest, membership: Membership, sheet_id: int) -> HttpResponse:
    """Show a consent that is being signed; hand it over again, close it, or sign it as the practitioner."""
    row = _sheet(membership, sheet_id)
    if hasattr(row, "signed"):
        return redirect("staff-consent", row.signed.consent_id)
    what = request.POST.get("do", "")
    if what == "hand-over":
        return _handed_over(request, row)
    return _closed(request, membership, row) if what == "close" else _sign_or_show(request, membership, row)


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
@with_case
@says_when_not_drawn
def consent_paper(request: HttpRequest, membership: Membership, decision_id: int) -> HttpResponse:
    """Issue the form that is signed by hand for what a decision says."""
    decision = _decision(membership, decision_id)
    try:
        paper = blank_paper(decision, membership.clinic)
    except NoTextError:
        messages.warning(request, NO_TEXT)
        return redirect("staff-consent-new", decision.pk)
    then = "Print it, have it signed, then record it."
    return issued(paper, membership=membership, request=request, then=then)


def _sign_or_show(request: HttpRequest, membership: Membership, row: ConsentSheet) -> HttpResponse:
    """Take the practitioner's signature, the last one, where it is its turn; else show how far it is."""
    faults, form = faults_of(row), None
    if not faults and next_party(row) == Party.PRACTITIONER:
        shown = ShownConsent.from_json(row.shown)
        form = SignForm(posted(request), shown=shown, party=Party.PRACTITIONER, name=membership.user.name)
    if form and form.is_valid():
        try:
            consent = sign(row, form.signing(), membership=membership, request=request)
        except NotSignable as error:
            return _page(request, row, None, error.lines)
        if consent is not None:
            messages.success(request, "The consent is signed by everybody. It counts from now on.")
            return redirect("staff-consent", consent.pk)
    return _page(request, row, form, faults)


def _handed_over(request: HttpRequest, row: ConsentSheet) -> HttpResponse:
    """Leave this device with the patient once more, at whose turn it is."""
    if row.invitation and may_hand_over(row) and not faults_of(row):
        return hand_over(request, row.invitation)
    messages.warning(request, "This cannot be handed over any more. Open the consent anew.")
    return redirect("staff-consent-sheet", row.pk)


def _closed(request: HttpRequest, membership: Membership, row: ConsentSheet) -> HttpResponse:
    close(row, "Staff closed it.", membership=membership, request=request)
    messages.success(request, "It is closed. Nobody can sign it any more.")
    return redirect("staff-consent-new", row.decision_id)


def may_hand_over(row: ConsentSheet) -> bool:
    """Return whether somebody else than the practitioner has still to sign on this clinic's tablet."""
    invitation = row.invitation
    is_open = invitation is not None and invitation.closed_at is None and invitation.expires_at > row.clinic.now()
    is_here = invitation is not None and invitation.door == Door.TABLET
    return is_open and is_here and next_party(row) not in ("", Party.PRACTITIONER)


def _page(request: HttpRequest, row: ConsentSheet, form: SignForm | None, faults: tuple[str, ...]) -> HttpResponse:
    signatures = [(one, path_of(one.strokes)) for one in row.signatures.all()]
    signed = {one.party for one, _ in signatures}
    context: dict[str, Any] = {
        "section": "patients",
        "patient": row.patient,
        "sheet": row,
        "shown": ShownConsent.from_json(row.shown),
        "form": form,
        "faults": faults,
        "is_over": bool(why_over(row)),
        "signatures": signatures,
        "waits_for": [Party(party).label for party in row.needs if party not in signed],
        "may_hand_over": not faults and may_hand_over(row),
    }
    return render(request, "signing/sheet.html", context)


def _decision(membership: Membership, decision_id: int) -> Decision:
    """Return a decision of the clinic that proceeds; any other is not found."""
    rows = Decision.objects.filter(clinic=membership.clinic, kind__in=PROCEEDING, voided=None)
    joined = rows.select_related("patient", "device", "screening__patient", "screening__clinic")
    decision: Decision = get_object_or_404(joined, pk=decision_id)
    decision.clinic = decision.patient.clinic = membership.clinic
    return decision


def _sheet(membership: Membership, sheet_id: int) -> ConsentSheet:
    joined = ("patient", "clinic", "invitation", "signed", "closed__by", "decision")
    rows = ConsentSheet.objects.filter(clinic=membership.clinic).select_related(*joined)
    sheet: ConsentSheet = get_object_or_404(rows, pk=sheet_id)
    return sheet
