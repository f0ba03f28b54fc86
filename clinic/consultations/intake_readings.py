"""How old the answers of an intake are, and which readings of it count: one counts for its own day."""

from datetime import datetime
from typing import Any

from clinic.consultations.models import Intake
from screening.engine.answers import Answer
from screening.engine.operators import measured
from screening.engine.rule_set import RuleSet


def given_at(intake: Intake, code: str) -> datetime:
    """Return when an answer of a draft was given; what nobody typed here was there when it was opened, or before."""
    if mark := intake.marks.get(code):
        return datetime.fromisoformat(mark["at"])
    return intake.corrects.answered_at if intake.corrects else intake.opened_at


def of_its_day(intake: Intake, rule_set: RuleSet, answers: dict[str, Answer], at: datetime) -> dict[str, Answer]:
    """Return `answers` without the readings of another day than `at`, but for those that speak against a treatment.

    What is asked in place of a reading is asked then. On paper a reading is of the day on which that was filled in.
    """
    if intake.answered_at:
        return answers
    zone = intake.clinic.zone
    day = at.astimezone(zone).date()
    return {
        code: answer
        for code, answer in answers.items()
        if not rule_set.questions[code].ranges
        or given_at(intake, code).astimezone(zone).date() == day
        or _reaches_a_limit(rule_set, code, answer)
    }


def _reaches_a_limit(rule_set: RuleSet, code: str, answer: Any) -> bool:
    criteria = [one for rule in rule_set.rules.values() for group in rule.groups for one in group.criteria]
    return any(
        measured(answer, part) >= rule_set.limits[limit]
        for one in criteria
        if (one.question, one.operator) == (code, "at-least")
        for part, limit in one.value.items()
    )
