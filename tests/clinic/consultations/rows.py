"""Invented rows of a consultation, written past its services: for what only reads them."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.utils import timezone

from clinic.consultations.models import (
    AdverseEvent,
    Consent,
    Decision,
    Session,
    SessionRecord,
    Settlement,
    Stop,
    VoidedDecision,
    VoidedSession,
)
from clinic.people.diary import Visit
from clinic.screenings.models import Door
from tests.clinic.consultations.stored import a_screening
from tests.clinic.screenings.invented import a_case

TREATMENT = "body-myostimulation"
SITES = ["abdomen", "forearm-left"]


def whose(patient, by):
    return {"clinic": patient.clinic, "patient": patient, "by": by, "role": "practitioner"}


def a_visit(patient, *, day=None, at=time(10), **fields):
    """A visit on the clinic's clock; without `day`, today."""
    zone = patient.clinic.zone
    starts = datetime.combine(day or timezone.now().astimezone(zone).date(), at, zone)
    given = {"treatment": TREATMENT, "starts_at": starts, **fields}
    return Visit.objects.create(clinic=patient.clinic, patient=patient, **given)


def a_decision(screening, *, by, settles=(), **fields):
    """A decision on a screening; `settles`: the fields of each settlement besides rule and answers."""
    given = {"treatment": screening.treatment, "kind": "proceed", "sites": SITES, "words": "As planned.", **fields}
    decision = Decision(**whose(screening.patient, by), screening=screening, **given)
    with Decision.door(), Settlement.door():
        decision.save()
        for one in settles:
            Settlement(decision=decision, **{"rule": "hernia", "grade": "refer", "answers": {}, **one}).save()
    return decision


def a_consent(decision, *, by, **fields):
    given = {
        "treatment": decision.treatment,
        "sites": decision.sites,
        "text_version": decision.clinic.consent_version,
        "signed_on": timezone.now().date() - timedelta(days=1),
        "signed_by": "Nora Novak",
        **fields,
    }
    consent = Consent(**whose(decision.patient, by), decision=decision, **given)
    consent.save()
    return consent


def a_check(patient, *, by):
    case = a_case()
    return a_screening(patient, by=by, door=Door.SESSION, case=replace(case, plan=replace(case.plan, stage="session")))


def a_session(consent, *, by, is_recorded=False, **fields):
    given = {"treatment": consent.treatment, "sites": consent.sites, **fields}
    check = a_check(consent.patient, by=by)
    session = Session(
        **whose(consent.patient, by), decision=consent.decision, consent=consent, check_screening=check, **given
    )
    with Session.door():
        session.save()
    if is_recorded:
        SessionRecord(**whose(consent.patient, by), session=session, settings={}).save()
    return session


def a_stop(patient, *, by, **fields):
    given = {"treatment": TREATMENT, "reasons": ["finding"], "reopens": False, "needs_screening": False, **fields}
    stop = Stop(**whose(patient, by), check_screening=a_check(patient, by=by), **given)
    stop.save()
    return stop


def harm(session, *, by, severity="moderate", **fields):
    """Something that went wrong in a session."""
    told = {"happened_at": session.at, "what": "A burn.", "done": "Cooled.", "doctor_told": False, **fields}
    event = AdverseEvent(**whose(session.patient, by), session=session, severity=severity, **told)
    event.save()
    return event


def void(row, by):
    """Strike a decision or a session out."""
    kind = {Decision: VoidedDecision, Session: VoidedSession}[type(row)]
    kind(**{row._meta.model_name: row}, why="Another person.", by=by).save()
