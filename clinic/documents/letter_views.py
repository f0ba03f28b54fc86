"""Issuing the letter that a referral asks for. That it was sent is recorded by itself, with the referral."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from clinic.consultations.deciding_case import screened
from clinic.consultations.decision_case_views import with_case
from clinic.consultations.models import Referral
from clinic.consultations.referrals import next_kinds
from clinic.documents.issuing_page import issued, says_when_not_drawn
from clinic.documents.letter import letter_of_referral
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.patients import of_present


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
@with_case
@says_when_not_drawn
def issue_letter(request: HttpRequest, membership: Membership, referral_id: int) -> HttpResponse:
    """Issue the letter of a referral that is still open."""
    joined = ("patient", "by", "screening__voided")
    rows = of_present(Referral, membership.clinic).select_related(*joined)
    referral = get_object_or_404(rows, pk=referral_id)
    if not next_kinds(referral) or hasattr(referral.screening, "voided"):
        messages.warning(request, "This referral has ended, so no letter is made for it.")
        return redirect("staff-referral", referral.pk)
    paper = letter_of_referral(screened(referral.screening), referral, membership.clinic)
    return issued(paper, membership=membership, request=request, then="Record with the referral when it is sent.")
