"""What was said in a stored screening, question by question, and what was said last time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clinic.people.patients import Patient
from clinic.screenings.models import STAFF_DOORS, Door, Screening
from clinic.screenings.store import kept_case
from screening.engine.answer_reading import read_answer
from screening.engine.faults import Faults
from screening.engine.flow import questions_asked
from screening.engine.rule_set import Question, RuleSet
from screening.rulesets import pinned_set
from screening.wording import in_words

# What was said longer ago than these screenings is on the patient's page. Each session has one.
LOOKED_BACK = 40


@dataclass(frozen=True, slots=True)
class LastSaid:
    """What was answered to one question last time, with staff: the answer as JSON, in words, and when."""

    value: Any
    lines: tuple[str, ...]
    at: datetime


def set_of(screening: Screening) -> RuleSet | None:
    """Return the rules that a screening was made by; None where they are not as they were published."""
    named = screening.outcome["rule_set"]
    return pinned_set((named["code"], named["version"], named["digest"]))


def patient_codes(screening: Screening) -> frozenset[str]:
    """Return the questions that a self-check put to the patient; those answered, where its rules are not to be had."""
    rule_set = set_of(screening)
    if rule_set is None:
        return frozenset(screening.answers)
    request = kept_case(rule_set, screening)
    asked = questions_asked(rule_set, request.plan, request.answers, request.at)
    return frozenset(question.code for question in asked if question.asked_by == "patient")


def lines_of(rule_set: RuleSet, answers: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return JSON answers to questions of `rule_set` in words, a line for each entry of a list."""
    questions = rule_set.questions
    return {code: _lines(rule_set, questions[code], value) for code, value in answers.items() if code in questions}


def last_said(patient: Patient | None, before: datetime | None = None) -> dict[str, LastSaid]:
    """Return, by question, what was answered last with staff, before `before`; voided and corrected ones count not.

    One query.
    """
    if patient is None:
        return {}
    # A session's answers count too: what was said before the current started is what was said last.
    kept = Screening.objects.filter(
        patient=patient, door__in=(*STAFF_DOORS, Door.SESSION), voided=None, corrections=None
    ).order_by("-answered_at", "-id")
    if before is not None:
        kept = kept.filter(answered_at__lt=before)
    columns = ("answers", "answered_at", "rule_set__code", "rule_set__version", "rule_set__digest")
    found: dict[str, LastSaid] = {}
    for answers, at, *named in kept.values_list(*columns)[:LOOKED_BACK]:
        newer = {code: value for code, value in answers.items() if code not in found}
        rule_set = pinned_set(named) if newer else None
        for code, lines in lines_of(rule_set, newer).items() if rule_set else ():
            found[code] = LastSaid(newer[code], lines, at)
    return found


def _lines(rule_set: RuleSet, question: Question, value: Any) -> tuple[str, ...]:
    faults = Faults()
    answer = read_answer(rule_set, question, value, None, faults)
    return () if faults.lines else in_words(rule_set, question, answer)
