"""Today's session screening: the standing answers carried over, the changeable ones asked afresh. Nothing is stored."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from clinic.consultations.intake import read_answers
from clinic.people.clinics import Clinic
from clinic.screenings.models import Screening
from clinic.screenings.said import set_of
from screening.engine.answers import Answer, Answers, Plan
from screening.engine.evaluate import evaluate
from screening.engine.flow import ask, plannable, planned_sites, questions_asked
from screening.engine.moving import moved
from screening.engine.outcome import Outcome
from screening.engine.rule_set import Question, RuleSet


@dataclass(frozen=True)
class Check:
    """One session's screening by the rules of today. `at`: when the current is to start, on the clinic's clock.

    `carried`: the standing answers that hold today. `todays`: what was answered now; it never stands instead of a
    carried one. `again`: questions that are asked again because the rules have changed.
    """

    rule_set: RuleSet
    plan: Plan
    carried: Answers
    todays: Answers
    again: frozenset[str]
    at: datetime

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """All answers, without those that are asked for no more."""
        known = self.rule_set.scopes[self.plan.treatment, "session"].questions
        added = {code: answer for code, answer in self.todays.items() if code in known and code not in self.carried}
        whole = {**self.carried, **added}
        ignored = ask(self.rule_set, whole, self.plan, self.at).ignored
        return {code: answer for code, answer in whole.items() if code not in ignored}

    @cached_property
    def outcome(self) -> Outcome:
        """What today's answers come to."""
        return evaluate(self.rule_set, self.answers, self.plan, self.at)

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions to put today, in their order: all that is not carried over and counts."""
        asked = questions_asked(self.rule_set, self.plan, self.answers, self.at)
        return tuple(question for question in asked if question.code not in self.carried and self.is_put(question))

    def is_put(self, question: Question) -> bool:
        """Return whether a question is one of today's, when it is asked and not carried over."""
        wanted = question.required or question.afresh or question.stage == "session"
        return wanted or question.code in self.again

    @property
    def planned(self) -> tuple[str, ...]:
        """Every place that this screening is about, those of a fixed plan included."""
        return planned_sites(self.rule_set, self.plan)


def begin(  # noqa: PLR0913 - a check is these
    *,
    clinic: Clinic,
    standing: Screening | None,
    rule_set: RuleSet,
    treatment: str,
    sites: Collection[str],
    todays: Answers,
    at: datetime,
) -> Check:
    """Return today's check of `sites`, built on the standing screening; without one nothing is carried over."""
    carried, again = _carried(standing, rule_set, treatment)
    chosen = clinic.suit_sites if rule_set.treatments[treatment].plan == "fixed" else sites
    allowed = plannable(rule_set, rule_set.treatments[treatment])
    goals = standing.plan.get("goals", ()) if standing else ()
    plan = Plan(
        treatment=treatment,
        sites=tuple(site for site in allowed if site in chosen),
        stage="session",
        goals=tuple(goal for goal in goals if goal in rule_set.goals),
    )
    return Check(rule_set, plan, carried, todays, again, at)


def _carried(
    standing: Screening | None, rule_set: RuleSet, treatment: str
) -> tuple[Mapping[str, Answer], frozenset[str]]:
    """Return the standing answers that no session asks for anew, and the codes of what changed rules ask again."""
    if standing is None:
        return {}, frozenset()
    kept, _sites, _goals, again = moved(set_of(standing), rule_set, standing.answers)
    known = rule_set.scopes[treatment, "session"].questions
    lasting = {
        code: answer
        for code, answer in kept.items()
        if code in known and not known[code].afresh and known[code].stage != "session"
    }
    return read_answers(rule_set, lasting), frozenset(again)
