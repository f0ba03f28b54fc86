"""Invented cases for the samples: really screened, by the rules that come with the project, and without a database."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from django.conf import settings

from clinic.consultations.deciding_case import Screened
from clinic.screenings.models import Screening
from screening.engine.answers import Answer, Plan
from screening.engine.evaluate import evaluate
from screening.engine.flow import plannable, questions_asked
from screening.engine.outcome import Outcome
from screening.engine.rule_set import RuleSet
from screening.engine.witness import AT, answers_of, settled_case
from screening.presentation import Told, for_practitioner
from screening.rulesets import read_fixture

Stage = Literal["consultation", "session"]


@lru_cache(maxsize=1)
def rules() -> RuleSet:
    """Return the rules that come with the project."""
    return read_fixture(fixture())


def fixture() -> Any:
    """Return the rules that come with the project as they stand in their file, for whoever changes them."""
    return json.loads((settings.BASE_DIR / "fixtures" / "rule-set-1.json").read_text(encoding="utf-8"))


def a_case(
    treatment: str, sites: tuple[str, ...], stage: Stage = "consultation", goals: tuple[str, ...] = (), **said: Answer
) -> Screened:
    """Return the case of somebody who has nothing at all, but for what they `said` (pregnant="yes")."""
    safe = settled_case(rules(), rules().treatments[treatment], stage).answers
    answers = safe | {code.replace("_", "-"): answer for code, answer in said.items()}
    return _screened(Plan(treatment, sites, stage, goals), answers)


def the_worst_case(treatment: str, stage: Stage = "consultation") -> Screened:
    """Return the case of somebody who has everything that is asked about, for all places."""
    plan = Plan(treatment, tuple(plannable(rules(), rules().treatments[treatment])), stage)
    answers: dict[str, Answer] = {}
    while asked := [one for one in questions_asked(rules(), plan, answers, AT) if one.code not in answers]:
        for question in asked:
            possible = answers_of(rules(), question)
            unsafe = [one for one in possible if one not in (*question.safe_answers, "unsure")]
            answers[question.code] = "yes" if "yes" in unsafe else (unsafe or possible)[-1]
    return _screened(plan, answers)


def told_of(case: Screened) -> Told:
    """Return what a practitioner is told of a case."""
    return for_practitioner(case.rule_set, case.outcome, case.plan)


def _screened(plan: Plan, answers: Mapping[str, Answer]) -> Screened:
    outcome: Outcome = evaluate(rules(), answers, plan, AT)
    return Screened(Screening(treatment=plan.treatment), rules(), plan, answers, outcome)
