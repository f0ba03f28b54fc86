"""The one service that makes a screening, and the sending that brings a patient's self-check to the clinic."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from clinic.events import record
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.screenings.models import AwaitingReview, Draft, Invitation, Screening, Sending
from screening.engine.answer_reading import read_answer
from screening.engine.answers import Answers, Plan
from screening.engine.evaluate import evaluate
from screening.engine.faults import Faults
from screening.engine.request import Request, RequestError
from screening.engine.rule_set import URGENCIES, RuleSet
from screening.engine.written import written_case
from screening.rulesets import key_of


def store(  # noqa: PLR0913
    *,
    clinic: Clinic,
    patient: Patient | None,
    rule_set: RuleSet,
    plan: Plan,
    answers: Answers,
    at: datetime,
    door: str,
    by: Any = None,
    role: str = "",
    oldest_at: datetime | None = None,
    based_on: Screening | None = None,
    corrects: Screening | None = None,
    why: str = "",
    notes: Mapping[str, str] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Screening:
    """Screen, and keep what was planned, answered and found; return the row, which is never changed again.

    `at`: when the current is taken to start, aware of its offset. `by`, `role`: the member of staff who stands behind
    the answers. The others are fields of the row. `plan` and `answers` of the row make the same request again.
    """
    outcome = evaluate(rule_set, answers, plan, at)
    case = written_case(plan, answers, at)
    screening = Screening(
        clinic=clinic,
        patient=patient,
        rule_set_id=key_of(rule_set),
        engine_version=outcome.engine,
        stage=plan.stage,
        door=door,
        treatment=plan.treatment,
        answers=case.pop("answers"),
        plan=case,
        outcome=outcome.to_json(),
        answered_at=at,
        by=by,
        role=role,
        oldest_at=oldest_at or at,
        based_on=based_on,
        corrects=corrects,
        why=why,
        notes=notes or {},
        changes=changes or {},
    )
    screening.save(force_insert=True)
    return screening


def kept_case(rule_set: RuleSet, screening: Screening) -> Request:
    """Return the case of a stored screening, read by the set that it was made by; raises RequestError if it cannot."""
    written, faults = screening.plan, Faults()
    plan = Plan(
        treatment=written["treatment"],
        sites=tuple(written.get("sites", ())),
        stage=written["stage"],
        goals=tuple(written.get("goals", ())),
    )
    questions = rule_set.questions
    read = {
        code: read_answer(rule_set, questions[code], value, None, faults) for code, value in screening.answers.items()
    }
    if faults.lines:
        raise RequestError(faults.lines)
    answers = {code: answer for code, answer in read.items() if answer is not None}
    return Request(plan, answers, datetime.fromisoformat(written["at"]))


def send(  # noqa: PLR0913
    *,
    clinic: Clinic,
    invitation: Invitation | None,
    key: UUID,
    answered_for: str,
    name: str,
    born: date,
    email: str,
    phone: str,
    keeping_agreed: str,
    rule_set: RuleSet,
    plan: Plan,
    answers: Answers,
    at: datetime,
    door: str,
    request: HttpRequest | None = None,
) -> Sending:
    """Bring a self-check to the clinic, once, and return its sending; the draft is gone then.

    The same `key` again, or the same invitation with whatever key, gives the sending that is there already.
    """
    sender = {"name": name, "born": born, "email": email, "phone": phone}
    agreed = {"answered_for": answered_for, "keeping_agreed": keeping_agreed}
    try:
        with transaction.atomic():
            screening = store(
                clinic=clinic,
                patient=invitation.patient if invitation else None,
                rule_set=rule_set,
                plan=plan,
                answers=answers,
                at=at,
                door=door,
                oldest_at=invitation.made_at if invitation else None,
            )
            sending = Sending(clinic=clinic, screening=screening, invitation=invitation, key=key, **sender, **agreed)
            sending.save(force_insert=True)
            AwaitingReview.objects.create(
                clinic=clinic,
                sending=sending,
                patient=screening.patient,
                urgency=urgency_of(screening),
                sent_at=sending.sent_at,
            )
            if invitation:
                Draft.objects.filter(invitation=invitation).delete()
            record("self-check sent", clinic=clinic, patient=screening.patient, about=sending, request=request)
            return sending
    except IntegrityError:
        # A second press: the first one's sending is the one, and of this one nothing was kept.
        if already := _sent(clinic, invitation, key):
            return already
        raise


def urgency_of(screening: Screening) -> int:
    """Return how soon somebody has to look: the worst urgency of its findings, as its place among them."""
    return max((URGENCIES.index(finding["urgency"]) for finding in screening.outcome["findings"]), default=0)


def _sent(clinic: Clinic, invitation: Invitation | None, key: UUID) -> Sending | None:
    """Return what was sent already with this key or for this invitation."""
    sent = Sending.objects.select_related("screening").filter(clinic=clinic)
    found: Sending | None = (sent.filter(invitation=invitation) if invitation else sent.filter(key=key)).first()
    return found
