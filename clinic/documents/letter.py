"""The letter to the doctor: one finding, one question, and a reply to tick."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.formats import date_format

from clinic.consultations.consent_texts import text_for
from clinic.consultations.deciding_case import Screened
from clinic.consultations.models import Referral
from clinic.consultations.settling import deciding_answers
from clinic.documents.findings import answer_in_words
from clinic.documents.models import Document
from clinic.documents.paper import Letterhead, Paper, Unstored
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.screenings.said import lines_of
from clinic.self_check.journey import Journey
from screening.engine.outcome import Outcome
from screening.engine.rule_set import RuleSet
from screening.presentation import Told, ToldFinding, for_practitioner
from screening.presentation.telling import in_short

TEMPLATE, TITLE = "letter.html", "Letter to the doctor"
RULED_OUT = "contraindicated"
QUESTION = "From a medical point of view: may this person have this treatment, given this finding?"
QUESTION_RULED_OUT = "Does this person have what is named here, now?"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to tick. `has_line`: something is to be written beside it."""

    words: str
    has_line: bool = False


@dataclass(frozen=True, slots=True)
class LetterPage:
    """What a letter says. Empty `to`, `name`, `born`: lines to write on by hand.

    `by_patient`: a self-check that nobody at the clinic has seen. `findings`: by one rule; `answers`: what they rest
    on, as question and answer. `rule`: what follows from the answer for the treatment. `send_to`: a line each.
    """

    to: str
    day: str
    name: str
    born: str
    by: str
    by_patient: bool
    treatment: str
    device_class: str
    current: str
    places: tuple[str, ...]
    findings: tuple[ToldFinding, ...]
    answers: tuple[tuple[str, str], ...]
    rule: str
    question: str
    replies: tuple[Reply, ...]
    send_to: tuple[str, ...]
    rules: str


MAY_BE_TREATED = (
    Reply("They can be treated as planned."),
    Reply("They can be treated only if:", has_line=True),
    Reply("They should not be treated, because:", has_line=True),
)
IS_IT_SO = (
    Reply("They do not have it, or it has ended on:", has_line=True),
    Reply("They have it."),
    Reply("It cannot be said yet. What is needed first:", has_line=True),
)
# What the answer means for the treatment, by the finding's grade.
_RULES: Mapping[str, str] = {
    RULED_OUT: "With it, the treatment is not given, whatever else is agreed.",
    "not-advised": "With it, the treatment is given only if you agree to it in writing.",
    "refer": "The treatment waits for your answer.",
}


def letter_of_referral(case: Screened, referral: Referral, clinic: Clinic) -> Paper:
    """Return the letter that a referral asks for: its own doctor, question and deciding answers. Nothing is judged."""
    patient = referral.patient
    told = for_practitioner(case.rule_set, case.outcome, case.plan)
    page = _page(clinic, case.rule_set, told, case.plan.treatment, referral.rule)
    page = replace(
        page,
        to=referral.to,
        day=_day(referral.at.astimezone(clinic.zone)),
        by=referral.by.name,
        answers=_answers(case.rule_set, case.outcome, referral.rule, referral.answers),
        question=referral.question,
        **_person(patient),
    )
    return Paper(
        kind=Document.Kind.LETTER,
        template=TEMPLATE,
        title=TITLE,
        letterhead=Letterhead.of(clinic),
        page=page,
        clinic=clinic,
        patient=patient,
        about={"referral": referral, "screening": case.screening},
        rule_set=astuple(case.outcome.rule_set),
        engine=case.outcome.engine,
    )


def letter_of_result(journey: Journey, rule: str, patient: Patient | None) -> Unstored:
    """Return the letter that a person takes to a doctor about what a rule found; `patient`: them, where known.

    `rule`: a code of `clinic.self_check.result.letters`.
    """
    rule_set, outcome = journey.rule_set, journey.outcome
    told = for_practitioner(rule_set, outcome, journey.plan)
    page = _page(journey.clinic, rule_set, told, journey.plan.treatment, rule)
    resting: dict[str, Any] = {}
    for finding in outcome.findings:
        if finding.rule == rule:
            resting |= deciding_answers(rule_set, finding, journey.answers)
    page = replace(
        page,
        day=_day(journey.at),
        by_patient=True,
        answers=_answers(rule_set, outcome, rule, resting),
        **(_person(patient) if patient else {}),
    )
    return Unstored(TEMPLATE, TITLE, Letterhead.of(journey.clinic), page)


def _page(clinic: Clinic, rule_set: RuleSet, told: Told, treatment: str, rule: str) -> LetterPage:
    """Return what is the same on every letter about a rule's findings."""
    findings = tuple(finding for finding in told.findings if finding.rule == rule)
    grade, text = rule_set.rules[rule].grade, text_for(treatment)
    is_ruled_out = any(finding.grade == RULED_OUT for finding in findings) or (not findings and grade == RULED_OUT)
    return LetterPage(
        to="",
        day="",
        name="",
        born="",
        by="",
        by_patient=False,
        treatment=told.treatment,
        device_class=text.device_class if text else "",
        current=text.current if text else "",
        places=told.planned,
        findings=findings,
        answers=(),
        rule=_RULES[RULED_OUT] if is_ruled_out else _RULES.get(findings[0].grade if findings else grade, ""),
        question=QUESTION_RULED_OUT if is_ruled_out else QUESTION,
        replies=IS_IT_SO if is_ruled_out else MAY_BE_TREATED,
        send_to=tuple(filter(None, (clinic.name, clinic.street, clinic.phone, clinic.email))),
        rules=f"Rules {told.rule_set}, version {told.version} ({told.digest[:12]}), engine {told.engine}.",
    )


def _answers(rule_set: RuleSet, outcome: Outcome, rule: str, answers: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what a rule's findings rest on, question by question; what of it has no answer is named as a gap."""
    read = {one.question for group in rule_set.rules[rule].groups for one in group.criteria}
    said, gaps = lines_of(rule_set, answers), read.intersection(outcome.missing)
    questions = rule_set.questions
    return tuple(
        (in_short(questions[code].wording), answer_in_words(said.get(code, ()), is_open=code in gaps))
        for code in questions
        if code in gaps or code in said
    )


def _person(patient: Patient) -> dict[str, Any]:
    return {"name": patient.name, "born": date_format(patient.born, "j F Y")}


def _day(at: datetime) -> str:
    return date_format(at.date(), "j F Y")
