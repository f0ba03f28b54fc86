"""What is known of the other treatments, by the answers that were given for one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from screening.engine.answers import Answers, Plan
from screening.engine.evaluate import evaluate
from screening.engine.flow import plannable, planned_sites, questions_asked
from screening.engine.outcome import Finding, Outcome
from screening.engine.rule_set import RuleSet, Treatment
from screening.presentation.facts import touches_plan
from screening.presentation.telling import for_patient
from screening.presentation.told import ICONS

# What a met finding alone leads to, which no further answer makes better, and the grade that does.
BARRED = {"contraindicated": "contraindicated", "not-advised": "not-advised", "deferred": "defer"}


@dataclass(frozen=True, slots=True)
class Other:
    """What is known of another treatment.

    `state`: barred (`because`: what makes it so), questions (`questions`: how many at least were not asked) or
    outcome. `needs_places`: its places are still to be chosen; `sites`: the names of the places that its outcome is
    about, where others could be chosen. `outcome`, `label`, `told`: its outcome, empty while questions are open.
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
    def alike(self) -> tuple[object, ...]:
        """What is the same for treatments of which the same is told."""
        return (self.state, self.because, self.questions, self.needs_places, self.sites, self.told)

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
    told = for_patient(rule_set, outcome, theirs)
    if outcome.outcome in BARRED:
        against = _against(outcome)
        return Other(
            code=treatment.code,
            treatment=treatment.name,
            state="barred",
            because=tuple(rule_set.rules[rule].title for rule in dict.fromkeys(finding.rule for finding in against)),
            sites=told.planned if treatment.plan != "fixed" and against[0].grade == "site" else (),
            outcome=outcome.outcome,
            label=told.label,
            told=told.headline,
        )
    left = _not_asked(given, theirs).union(outcome.missing)
    if left or not outcome.planned_sites:
        return Other(
            code=treatment.code,
            treatment=treatment.name,
            state="questions",
            questions=len(left),
            needs_places=not outcome.planned_sites,
        )
    return Other(
        code=treatment.code,
        treatment=treatment.name,
        state="outcome",
        sites=told.planned if treatment.plan != "fixed" else (),
        outcome=outcome.outcome,
        label=told.label,
        told=told.headline,
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


def _against(outcome: Outcome) -> list[Finding]:
    """Return the met findings that make the outcome what it is; those about places where they alone do."""
    met = [finding for finding in outcome.findings if finding.status == "met" and touches_plan(outcome, finding)]
    of_the_person = [finding for finding in met if finding.grade == BARRED[outcome.outcome]]
    return of_the_person or [finding for finding in met if finding.grade == "site"]
