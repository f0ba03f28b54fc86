"""Issue the summary of a decision, and the record of a session."""

from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from clinic.consultations.decision_case_views import with_case
from clinic.consultations.models import Decision, Letter, Session
from clinic.documents.issuing_page import issued, says_when_not_drawn
from clinic.documents.session_paper import session_paper_of
from clinic.documents.summary import summary_of
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.patients import of_present

OF_DECISION = (
    "clinic", "patient", "by", "device", "assessment__by", "voided__by", "countersign__by", "screening__clinic",
    "screening__by", "screening__voided__by", "screening__patient",
)  # fmt: skip
# Without the letters themselves: their digest is enough.
SETTLED = (
    Prefetch("settlements__statement__letter", Letter.objects.defer("content")),
    Prefetch("settlements__referral__steps__letter", Letter.objects.defer("content")),
)
OF_SESSION = (
    "clinic", "patient", "by", "device", "voided__by", "decision__by", "consent", "check_screening__clinic",
    "check_screening__by", "check_screening__patient",
)  # fmt: skip
WRITTEN = ("records__by", "adverse_events__by", "decision__settlements")


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
@says_when_not_drawn
@with_case
@transaction.atomic
def summary(request: HttpRequest, membership: Membership, decision_id: int) -> HttpResponse:
    """Issue the consultation summary of a decision."""
    _lock(Decision, membership, decision_id)
    row = Decision.objects.select_related(*OF_DECISION).prefetch_related(*SETTLED).get(pk=decision_id)
    return issued(summary_of(row), membership=membership, request=request)


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
@says_when_not_drawn
@with_case
@transaction.atomic
def session_paper(request: HttpRequest, membership: Membership, session_id: int) -> HttpResponse:
    """Issue the record of a session."""
    _lock(Session, membership, session_id)
    row = Session.objects.select_related(*OF_SESSION).prefetch_related(*WRITTEN).get(pk=session_id)
    return issued(session_paper_of(row), membership=membership, request=request)


def _lock(kind: type[Decision | Session], membership: Membership, pk: int) -> None:
    """Lock a row of the clinic, so that what is read next is what stands when it is issued; another's is not found."""
    get_object_or_404(of_present(kind, membership.clinic).select_for_update(of=("self",)), pk=pk)
