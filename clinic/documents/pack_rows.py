"""Which rows are the evidence of one patient and one treatment: one list, by table."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet

from clinic.consultations.models import (
    AdverseEvent,
    Assessment,
    Consent,
    ConsentWithdrawal,
    Countersign,
    Decision,
    Intake,
    Letter,
    Referral,
    ReferralStep,
    Session,
    SessionRecord,
    Settlement,
    Statement,
    Stop,
    VoidedDecision,
    VoidedSession,
)
from clinic.consultations.signing_models import ClosedSheet, ConsentSheet, ConsentSignature, SignedConsent
from clinic.documents.models import (
    Document,
    DocumentContent,
    ErasedDocument,
    ErasedPhotograph,
    Photograph,
    PhotographContent,
    SharedDocument,
    WithdrawnDocument,
)
from clinic.events import Event
from clinic.people.diary import Visit
from clinic.people.patients import Patient
from clinic.screenings.models import (
    AwaitingReview,
    Invitation,
    Match,
    Review,
    Screening,
    Sending,
    VoidedScreening,
)

Rows = QuerySet[Any]


def evidence_of(patient: Patient, treatment: str) -> dict[type[Model], Rows]:
    """Return the rows of every table that say something of a patient's treatment, each in the order it was written."""
    screened = Q(patient=patient) | Q(sending__match__patient=patient)
    screenings = Screening.objects.filter(screened, treatment=treatment)
    decisions = Decision.objects.filter(patient=patient, treatment=treatment)
    tables = [
        Patient.objects.filter(pk=patient.pk),
        Visit.objects.filter(patient=patient, treatment=treatment),
        Intake.objects.filter(patient=patient, treatment=treatment),
        *_screened(screenings),
        *_said(patient, screenings, decisions),
        *_decided(patient, treatment, decisions),
        *_consented(patient, treatment),
        *_documents(screenings, decisions, patient),
    ]
    found = {table.model: table.order_by("pk") for table in tables}
    found[Invitation] = _invitations(found).order_by("pk")
    found[Letter] = _letters(found).order_by("pk")
    return found


def events_of(patient: Patient, rows: Iterable[tuple[type[Model], Iterable[int]]]) -> Rows:
    """Return the events that are about one of these rows, or about the patient as a whole."""
    about = {f"{model._meta.model_name} {key}" for model, keys in rows for key in keys}
    theirs = Q(patient=patient, about__in=[*about, f"patient {patient.pk}", ""])
    # Of a self-check that came in from a stranger, nobody knew whose it was.
    a_strangers = Q(patient=None, clinic=patient.clinic_id, about__in=about)
    return Event.objects.filter(theirs | a_strangers).order_by("pk")


def _screened(screenings: Rows) -> Iterable[Rows]:
    sendings = Sending.objects.filter(screening__in=screenings)
    yield screenings
    yield VoidedScreening.objects.filter(screening__in=screenings)
    yield sendings
    yield Match.objects.filter(sending__in=sendings)
    yield Review.objects.filter(Q(sending__in=sendings) | Q(screening__in=screenings))
    yield AwaitingReview.objects.filter(sending__in=sendings)
    yield Assessment.objects.filter(screening__in=screenings)


def _said(patient: Patient, screenings: Rows, decisions: Rows) -> Iterable[Rows]:
    """Yield what doctors and others said; also what was said for another treatment, where a decision rests on it."""
    relied_on = Settlement.objects.filter(decision__in=decisions)
    asked = Q(screening__in=screenings) | Q(pk__in=relied_on.values("referral"))
    referrals = Referral.objects.filter(asked, patient=patient)
    said = Q(screening__in=screenings) | Q(pk__in=relied_on.values("statement"))
    yield Statement.objects.filter(said, patient=patient)
    yield referrals
    yield ReferralStep.objects.filter(referral__in=referrals)


def _decided(patient: Patient, treatment: str, decisions: Rows) -> Iterable[Rows]:
    sessions = Session.objects.filter(patient=patient, treatment=treatment)
    yield decisions
    yield Settlement.objects.filter(decision__in=decisions)
    yield Countersign.objects.filter(decision__in=decisions)
    yield VoidedDecision.objects.filter(decision__in=decisions)
    yield Stop.objects.filter(patient=patient, treatment=treatment)
    yield sessions
    yield SessionRecord.objects.filter(session__in=sessions)
    yield AdverseEvent.objects.filter(session__in=sessions)
    yield VoidedSession.objects.filter(session__in=sessions)


def _consented(patient: Patient, treatment: str) -> Iterable[Rows]:
    sheets = ConsentSheet.objects.filter(patient=patient, treatment=treatment)
    consents = Consent.objects.filter(patient=patient, treatment=treatment)
    yield consents
    yield ConsentWithdrawal.objects.filter(consent__in=consents)
    yield sheets
    yield ConsentSignature.objects.filter(sheet__in=sheets)
    yield SignedConsent.objects.filter(consent__in=consents)
    yield ClosedSheet.objects.filter(sheet__in=sheets)


def _documents(screenings: Rows, decisions: Rows, patient: Patient) -> Iterable[Rows]:
    about = (
        Q(screening__in=screenings)
        | Q(decision__in=decisions)
        | Q(consent__decision__in=decisions)
        | Q(session__decision__in=decisions)
        | Q(referral__screening__in=screenings)
    )
    documents = Document.objects.filter(about, patient=patient)
    photographs = Photograph.objects.filter(decision__in=decisions)
    yield documents
    yield DocumentContent.objects.filter(document__in=documents)
    yield ErasedDocument.objects.filter(document__in=documents)
    yield WithdrawnDocument.objects.filter(document__in=documents)
    yield SharedDocument.objects.filter(document__in=documents)
    yield photographs
    yield PhotographContent.objects.filter(photograph__in=photographs)
    yield ErasedPhotograph.objects.filter(photograph__in=photographs)


def _invitations(found: dict[type[Model], Rows]) -> Rows:
    used = [found[model].values("invitation") for model in (Sending, ConsentSheet, SharedDocument)]
    return Invitation.objects.filter(Q(pk__in=used[0]) | Q(pk__in=used[1]) | Q(pk__in=used[2]))


def _letters(found: dict[type[Model], Rows]) -> Rows:
    kept = [found[model].values("letter") for model in (Statement, ReferralStep)] + [found[Consent].values("scan")]
    return Letter.objects.filter(Q(pk__in=kept[0]) | Q(pk__in=kept[1]) | Q(pk__in=kept[2]))
