"""A patient's record with one row of everything, made past the services: for tests of who may open what."""

import hashlib
from datetime import UTC, date, datetime

from clinic.consultations.consent_shown import shown_for
from clinic.documents import ledger
from clinic.documents.numbers import new_check_code
from clinic.models import (
    AdverseEvent,
    Assessment,
    Consent,
    ConsentSheet,
    Decision,
    Device,
    Document,
    DocumentContent,
    Intake,
    LegalHold,
    Letter,
    LiftedHold,
    Membership,
    Photograph,
    PhotographContent,
    Referral,
    Session,
    SessionRecord,
    Statement,
    Stop,
    Visit,
)
from clinic.screenings.invitations import invite
from clinic.screenings.store import store
from screening.engine.canonical import canonical, digest_of
from screening.engine.request import read_document
from screening.rulesets import published
from tests.clinic.screenings.invented import a_link, a_patient, a_sending
from tests.screening.case_files import base_answers

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)


def a_screening(clinic, patient, by, *, stage="consultation", door="intake", at=AT, sites=("forearm-left",), **answers):
    """Everything answered in the safe way, but for `answers`; stored as staff would."""
    request = {"treatment": "body-myostimulation", "sites": list(sites), "stage": stage, "at": at.isoformat()}
    request["answers"] = base_answers(request) | answers
    case = read_document(published(), request, lambda: at)
    return store(
        clinic=clinic, patient=patient, rule_set=published(), plan=case.plan, answers=case.answers, at=case.at,
        door=door, by=by, role="practitioner",
    )  # fmt: skip


def a_record(clinic, by):
    """One row of everything for a new patient; return the ids by the names that addresses have for them."""
    patient = a_patient(clinic, alerts="A strange alert", notes="A strange note")
    own = {"clinic": clinic, "patient": patient, "by": by, "role": "practitioner"}
    device = Device.objects.create(clinic=clinic, make="Invented Works", model="Suit One")
    invitation, _ = a_link(clinic, patient=patient)
    sending = a_sending(clinic=clinic, invitation=invite(clinic=clinic, patient=patient, door="link", by=by)[0])
    screening = a_screening(clinic, patient, by)
    letter = Letter.objects.create(content=b"%PDF-1.4", content_type="application/pdf", sha256="0" * 64, **own)
    finding = {"screening": screening, "rule": "heart-disease", "answers": {"heart-disease": "yes"}}
    said = {"said_by": "Dr Invented", "said_on": date(2026, 11, 19)}
    Statement.objects.create(kind="agreement", letter=letter, **finding, **said, **own)
    referral = Referral.objects.create(to="Dr Invented", question="May the current be used?", **finding, **own)
    assessment = Assessment.objects.create(screening=screening, kind="body", entries={}, qualification="-", **own)
    plan = {"treatment": "body-myostimulation", "sites": ["forearm-left"], "device": device}
    with Decision.door():
        decision = Decision(screening=screening, assessment=assessment, kind="proceed", words="Agreed.", **plan, **own)
        decision.save()
    consent = Consent.objects.create(
        decision=decision, treatment="body-myostimulation", sites=["forearm-left"], text_version="1",
        signed_on=date(2026, 11, 20), signed_by="Nora Novak", **own,
    )  # fmt: skip
    sheet = ConsentSheet.objects.create(
        decision=decision, treatment="body-myostimulation", sites=["forearm-left"], text_version="consent-text-1",
        shown=shown_for(decision).to_json(), needs=["patient", "practitioner"], **own,
    )  # fmt: skip
    visit = Visit.objects.create(clinic=clinic, patient=patient, starts_at=AT, treatment="body-myostimulation")
    check, stopped = (a_screening(clinic, patient, by, stage="session", door="session") for _ in range(2))
    stop = Stop.objects.create(
        treatment="body-myostimulation", check_screening=stopped, decision=decision, reasons=["fever"],
        reopens=False, needs_screening=False, **own,
    )  # fmt: skip
    with Session.door():
        session = Session(decision=decision, consent=consent, check_screening=check, visit=visit, **plan, **own)
        session.save()
    SessionRecord.objects.create(session=session, settings={}, **own)
    adverse = AdverseEvent.objects.create(
        session=session, happened_at=AT, severity="mild", what="A red patch.", done="Cooled.", doctor_told=False, **own
    )
    member = Membership.objects.get(clinic=clinic, user=by)
    intake = Intake.objects.create(
        clinic=clinic, patient=patient, treatment="facial-ems", opened_by=by, changed_by=by, sites=["forehead"],
        rule_set=list(rule_set_named()),
    )  # fmt: skip
    document = a_document(clinic, patient, by, decision=decision)
    photograph = Photograph.objects.create(
        decision=decision, consent=consent, moment="before", site="forearm-left", taken_on=date(2026, 11, 20),
        sha256=hashlib.sha256(b"a picture").hexdigest(), **own,
    )  # fmt: skip
    PhotographContent.objects.create(photograph=photograph, jpeg=b"a picture")
    hold = LegalHold.objects.create(clinic=clinic, patient=patient, why="A claim.", by=by)
    LiftedHold.objects.create(hold=hold, why="Settled.", by=by)
    return {
        "patient_id": patient.pk, "invitation_id": invitation.pk, "sending_id": sending.pk, "device_id": device.pk,
        "screening_id": screening.pk, "letter_id": letter.pk, "referral_id": referral.pk, "decision_id": decision.pk,
        "consent_id": consent.pk, "visit_id": visit.pk, "session_id": session.pk, "event_id": adverse.pk,
        "stop_id": stop.pk, "member_id": member.pk, "intake_id": intake.pk, "treatment": "body-myostimulation",
        "document_id": document.pk, "photograph_id": photograph.pk,
        "sheet_id": sheet.pk, "hold_id": hold.pk,
    }  # fmt: skip


def a_document(clinic, patient, by, pdf=b"%PDF-1.7 invented", kind="summary", **about):
    """The next row of the ledger with its bytes, which nothing has drawn."""
    last = ledger.newest(clinic)
    row = Document(
        clinic=clinic, patient=patient, kind=kind, number=last.number + 1 if last else 1,
        check_code=new_check_code(), sha256=hashlib.sha256(pdf).hexdigest(), values_sha256=digest_of(canonical({})),
        stationery="1", at=AT, by=by, role="practitioner", previous=last.seal if last else ledger.BEGINNING, **about,
    )  # fmt: skip
    row.seal = ledger.seal_of(row)
    with Document.door():
        row.save()
    DocumentContent.objects.create(document=row, pdf=pdf, values={})
    return row


def rule_set_named():
    named = published().named
    return named.code, named.version, named.digest
