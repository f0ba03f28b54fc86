"""Why a session may not start: each reason as a value. Pure: facts in, reasons out; no rows are read here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from clinic.consultations import consents, steps
from clinic.consultations.deciding_proposal import PROCEEDING
from clinic.consultations.gate_facts import Facts
from clinic.consultations.models import Decision, Stop
from clinic.consultations.settling import needs_countersign
from clinic.consultations.steps import Step
from clinic.people.clinics import SUPERVISING

PRACTITIONER, SUPERVISOR, OWNER = "a practitioner", "a supervisor or the owner", "the owner"
HEALTH_CHANGED = "health-changed"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks against the start: a code, a sentence, who can put it right, and where.

    `weight`: "before" (the screening, the decision or the consent is not there), "hold" (put it right, then go on) or
    "against" (today's check or what is asked for reopens the decision). `rule`, `grade`: of the finding it is about.
    """

    code: str
    words: str
    who: str = PRACTITIONER
    step: Step | None = None
    weight: Literal["before", "hold", "against"] = "before"
    rule: str = ""
    grade: str = ""


NOT_OFFERED = Reason("treatment", "Your clinic does not offer this treatment.", OWNER)


def before(facts: Facts, today: date) -> tuple[Reason, ...]:
    """Return what is not there that has to be there before today's check: an offer, screening, decision, consent."""
    return (*_of_offer(facts), *_of_screening(facts), *_of_decision(facts, today), *_of_consent(facts, today))


def no_more(facts: Facts, today: date) -> list[str]:
    """Return why the newest decision lets nothing start any more, whatever else is still to come; empty where it may.

    A sentence each, of what it rests on and what happened since.
    """
    since = (*_of_offer(facts), *_of_screening(facts), *_of_decision(facts, today))
    return [reason.words for reason in since if reason.code != "countersign"]


def _of_offer(facts: Facts) -> Iterator[Reason]:
    if facts.treatment not in facts.clinic.treatments:
        yield NOT_OFFERED


def _of_screening(facts: Facts) -> Iterator[Reason]:
    intake = steps.intake(facts.patient.pk, facts.treatment, "Open the intake")
    for fault in facts.standing.faults:
        step = Step("See what was received", "staff-received", ()) if fault.code == "awaiting-review" else intake
        yield Reason(fault.code, fault.words, PRACTITIONER, step)
    if any(_wants_another_screening(facts, stop) for stop in facts.stops):
        yield Reason("screen-again", "A session was stopped since. It wants a new screening.", PRACTITIONER, intake)


def _wants_another_screening(facts: Facts, stop: Stop) -> bool:
    """Return whether only a screening asked after `stop` ends it, and this one was not; whatever it was stopped for."""
    screening = facts.standing.screening
    if not stop.needs_screening or screening is None:
        return stop.needs_screening
    return screening.begun_at <= stop.at


def _of_decision(facts: Facts, today: date) -> Iterator[Reason]:
    decision, screening = facts.decision, facts.standing.screening
    decide = Step("Decide", "staff-decision-new", (screening.pk,)) if screening and facts.standing.stands else None
    if decision is None:
        yield Reason("no-decision", "Nothing was decided yet.", PRACTITIONER, decide)
        return
    see = Step("See the decision", "staff-decision", (decision.pk,))
    ended = decision.ends_on is not None and today > decision.ends_on
    checks = (
        ("decision-voided", hasattr(decision, "voided"), "The newest decision was struck out. Decide anew.", decide),
        ("decision-kind", decision.kind not in PROCEEDING, "The newest decision does not say proceed.", see),
        ("decision-treatment", decision.treatment != facts.treatment, "The decision is for another treatment.", decide),
        (
            "decision-screening",
            screening is None or decision.screening_id != screening.pk,
            "The decision was made on another screening. Decide on the one that counts now.",
            decide,
        ),
        ("decision-ended", ended, "The decision has ended. Decide anew.", decide),
        (
            "decision-reopened",
            any(_reopens(stop, decision) for stop in facts.stops),
            "A session was stopped since the decision. Decide anew.",
            decide,
        ),
    )
    if facts.is_harmed:
        words = "Something went wrong in a session since the decision. Read it, and decide anew."
        yield Reason("adverse-event", words, PRACTITIONER, decide)
    if facts.kept.intersection(one.rule for one in facts.settlements):
        words = "A doctor’s answer since the decision keeps a finding that it had settled. Decide anew."
        yield Reason("referral-kept", words, PRACTITIONER, decide)
    for code, holds, words, step in checks:
        if holds:
            yield Reason(code, words, PRACTITIONER, step)
    if needs_countersign(facts.settlements) and not is_countersigned(decision):
        words = "The decision goes against advice, and waits for another person’s countersign."
        yield Reason("countersign", words, SUPERVISOR, see)


def _reopens(stop: Stop, decision: Decision) -> bool:
    if not stop.reopens or stop.treatment != decision.treatment:
        return False
    return stop.decision_id == decision.pk or stop.at >= decision.at


def is_countersigned(decision: Decision) -> bool:
    """Return whether somebody else, as supervisor or owner, stands behind a decision too."""
    word = getattr(decision, "countersign", None)
    return word is not None and word.by_id != decision.by_id and word.role in SUPERVISING


def _of_consent(facts: Facts, today: date) -> Iterator[Reason]:
    decision = facts.decision
    if decision is None or decision.kind not in PROCEEDING:
        return
    end = consents.consent_end(
        facts.clinic, facts.consent, treatment=facts.treatment, sites=decision.sites, today=today
    )
    step = Step("Record the consent", "staff-consent-new", (decision.pk,))
    if end:
        yield Reason(end.code, end.words, PRACTITIONER, step)
    elif facts.consent and facts.consent.decision_id != decision.pk and consents.is_of_struck_out(facts.consent):
        words = "The consent was signed for what was struck out. Record one for this decision."
        yield Reason("consent-voided", words, PRACTITIONER, step)


def holds_only(reasons: Iterable[Reason]) -> bool:
    """Return whether nothing of it speaks against the decision itself."""
    return all(reason.weight != "against" for reason in reasons)


def wants_screening(reasons: Iterable[Reason]) -> bool:
    """Return whether only a new consultation screening ends it: the health changed, or something new of weight."""
    lighter = ("", "defer", "site", "prepare")
    return any(
        reason.weight == "against" and (reason.rule == HEALTH_CHANGED or reason.grade not in lighter)
        for reason in reasons
    )
