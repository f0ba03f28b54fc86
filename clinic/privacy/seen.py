"""Who looked at what: each answer of a staff page leaves a view in the trail, and each refusal a refusal.

Which row a page is about stands in its address; whose it is, in the row. So no page has to think of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse

from clinic.consultations.models import AdverseEvent, Consent, Decision, Intake, Letter, Referral, Session, Stop
from clinic.consultations.signing_models import ConsentSheet
from clinic.documents.models import Document, Photograph
from clinic.events import LONGEST_ACTION, Event, lately, record, record_refusal
from clinic.people.access import current_membership
from clinic.people.clinics import Membership
from clinic.people.diary import Visit
from clinic.people.patients import Patient
from clinic.privacy.models import LegalHold
from clinic.privacy.seen_pages import action_of
from clinic.screenings.models import Invitation, Screening, Sending

FORBIDDEN = 403
# The answers that show what is there: a page, a conflict, what is gone, what was not taken.
SHOWN = frozenset({200, 409, 410, 422})


OWN = F("patient")


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of row that addresses name: its model, and where in it the patient is."""

    model: type[Model]
    patient: Any = OWN

    def found(self, membership: Membership, key: Any, mine: QuerySet[Event]) -> Any:
        """Return the clinic's row of a key, with `of_patient` and with `was_seen`, whether `mine` has a view of it."""
        seen = Exists(mine.filter(patient=OuterRef("of_patient")))
        rows = self.model._default_manager.filter(clinic=membership.clinic_id).only("pk")
        return rows.annotate(of_patient=self.patient).annotate(was_seen=seen).filter(pk=key).first()


# The part of an address that names a row, and what it names. A page about one patient has one of these.
ROWS = {
    "patient_id": Row(Patient, F("pk")),
    "visit_id": Row(Visit),
    "invitation_id": Row(Invitation),
    "sending_id": Row(Sending, Coalesce("match__patient", "screening__patient")),
    "screening_id": Row(Screening),
    "intake_id": Row(Intake),
    "decision_id": Row(Decision),
    "letter_id": Row(Letter),
    "referral_id": Row(Referral),
    "sheet_id": Row(ConsentSheet),
    "consent_id": Row(Consent),
    "stop_id": Row(Stop),
    "session_id": Row(Session),
    "event_id": Row(AdverseEvent),
    "document_id": Row(Document),
    "photograph_id": Row(Photograph),
    "hold_id": Row(LegalHold),
}


def note_views(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take the next handler, give one that notes who saw a patient's data, before it is sent, and who was refused."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        membership = getattr(request, "membership", None)
        if response.status_code == FORBIDDEN:
            _note_refusal(request, name)
        elif membership and response.status_code in SHOWN and (action := action_of(name)):
            _note_view(request, membership, action)
        return response

    return handle


def _note_view(request: HttpRequest, membership: Membership, action: str) -> None:
    """Note what a page showed: the row its address names, or a list, which is nobody's."""
    places = request.resolver_match.kwargs if request.resolver_match else {}
    named = next((one for one in places if one in ROWS), None)
    mine = lately(action, membership.user_id)
    about: dict[str, Any] = {"clinic": membership.clinic, "request": request}
    if named is None:
        if not mine.filter(patient=None, clinic=membership.clinic).exists():
            record(action, **about)
        return
    row = ROWS[named].found(membership, places[named], mine)
    if row is None or row.was_seen:
        return
    # Whose a self-check is, nobody may know yet: then it is told apart by its own row.
    if row.of_patient is not None or not mine.filter(patient=None, about=f"{row._meta.model_name} {row.pk}").exists():
        patient = None if row.of_patient is None else Patient(pk=row.of_patient)
        record(action, patient=patient, about=row, **about)


def _note_refusal(request: HttpRequest, name: str) -> None:
    """Note that somebody was refused a page, by its name without what all staff pages' names begin with."""
    membership = current_membership(request) if request.user.is_authenticated else None
    clinic = membership.clinic if membership else None
    page = name.removeprefix("staff-").replace("-", " ")
    record_refusal(f"page refused: {page}"[:LONGEST_ACTION], clinic=clinic, request=request)
