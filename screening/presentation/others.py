"""What is known of the other treatments, by the answers that were given for one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from screening.engine.answers import Answers, Plan
from screening.engine.evaluate import evaluate
from screening.engine.flow import plannable, planned_sites, questions_asked
from screening.engine.outcome import Outcome
from screening.engine.rule_set import RuleSet, Treatment
from screening.presentation.facts import kind_of
from screening.presentation.telling import for_patient
from screening.presentation.told import ICONS

# What a met finding alone leads to; a question that is still open cannot make these better.
BARRED = frozenset({"contraindicated", "not-advised", "deferred"})
AGAINST = frozenset({"contraindicated", "not-advised", "defer", "site"})


@dataclass(frozen=True, slots=True)
class Other:
    """What is known of another treatment.

    `state`: barred (`because`: what speaks against it too), questions (`questions`: how many at least were not asked)
    or outcome. `needs_places`: its places are still to be chosen; `sites`: the names of those it was looked at for.
    `outcome`, `tone`, `icon`, `label`, `told`: its own outcome and the headline, empty while questions are open.
    """

    code: str
    treatment: str
    state: Literal["barred", "questions", "outcome"]
    because: tuple[str, ...] = ()
    questions: int = 0
    needs_places: bool = False
    sites: tuple[str, ...] = ()
    outcome: str = ""
    label: str = ""
    told: str = ""

    @property
    def tone(self) -> str:
        """The name of the tone that it is told in."""
        return self.outcome or "undetermined"

    @property
    def icon(self) -> str:
        """The icon that goes with the tone."""
        return ICONS[self.tone]


@dataclass(frozen=True, slots=True)
class _Given:
    """What was answered, and for which plan."""

    rule_set: RuleSet
    plan: Plan
    answers: Answers
    at: datetime


def others(  # noqa: PLR0913  (a screening has this many parts)
    rule_set: RuleSet,
    offered: Iterable[str],
    plan: Plan,
    answers: Answers,
    at: datetime,
    *,
    suit_sites: Sequence[str] = (),
) -> tuple[Other, ...]:
    """Return what is known of each other treatment of `offered`, in that order.

    `suit_sites`: the places that the clinic adds to a fixed plan. Chosen places carry over where they are places of
    the other treatment. Nothing is called possible while one of its questions was not asked.
    """
    given = _Given(rule_set, plan, answers, at)
    treatments = [rule_set.treatments[code] for code in offered if code != plan.treatment]
    return tuple(_other(given, treatment, suit_sites) for treatment in treatments if treatment.plan != "not-offered")


def _other(given: _Given, treatment: Treatment, suit_sites: Sequence[str]) -> Other:
    rule_set, plan = given.rule_set, given.plan
    theirs = Plan(treatment.code, _carried(rule_set, treatment, plan, suit_sites), plan.stage, plan.goals)
    outcome = evaluate(rule_set, given.answers, theirs, given.at)
    left = _not_asked(given, theirs).union(outcome.missing)
    is_barred = outcome.outcome in BARRED
    is_known = is_barred or not (left or not outcome.planned_sites)
    told = for_patient(rule_set, outcome, theirs)
    return Other(
        code=treatment.code,
        treatment=treatment.name,
        state="barred" if is_barred else "outcome" if is_known else "questions",
        because=_reasons(rule_set, outcome) if is_barred else (),
        questions=0 if is_known else len(left),
        needs_places=not outcome.planned_sites,
        sites=() if treatment.plan == "fixed" else told.planned,
        outcome=outcome.outcome if is_known else "",
        label=told.label if is_known else "",
        told=told.headline if is_known else "",
    )


def _carried(rule_set: RuleSet, treatment: Treatment, plan: Plan, suit_sites: Sequence[str]) -> tuple[str, ...]:
    if treatment.plan == "fixed":
        return tuple(suit_sites)
    its_own = plannable(rule_set, treatment)
    return tuple(site for site in planned_sites(rule_set, plan) if site in its_own)


def _not_asked(given: _Given, theirs: Plan) -> frozenset[str]:
    """Return the questions of another plan that were neither answered nor put, optional ones included."""
    rule_set, answers, at = given.rule_set, given.answers, given.at
    put = {question.code for question in questions_asked(rule_set, given.plan, answers, at)}
    asked = [question for question in questions_asked(rule_set, theirs, answers, at) if question.asked_by == "patient"]
    return frozenset(question.code for question in asked if question.code not in answers and question.code not in put)


def _reasons(rule_set: RuleSet, outcome: Outcome) -> tuple[str, ...]:
    """Return the titles of what speaks against it, each once."""
    against = [
        finding.rule
        for finding in outcome.findings
        if finding.status == "met" and kind_of(rule_set, outcome, finding) in AGAINST
    ]
    return tuple(rule_set.rules[rule].title for rule in dict.fromkeys(against))
