"""What each finding asks of a decision, and whether what was recorded settles it. Pure: no rows, no clock.

The decision's form, its service and the gate of a session read the same functions, so that none is looser.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from clinic.consultations.models import Settlement
from screening.engine.answers import Answers, Plan
from screening.engine.outcome import Finding, Outcome
from screening.engine.rule_set import Question, Rule, RuleSet
from screening.engine.written import says_the_same, written_answer
from screening.presentation.facts import touches_plan

Reason = Settlement.Reason
# The two bars that a doctor may lift (catalogue, section 5); every other place is left out until it is free.
CLEARABLE = frozenset({"breast", "unhealed-fracture"})
MEASUREMENTS = ("blood-pressure", "number")


class Recorded(Protocol):
    """What is recorded against a finding: a Settlement, or what is to become one."""

    @property
    def rule(self) -> str: ...
    @property
    def grade(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def answers(self) -> Any: ...
    @property
    def sites(self) -> Any: ...
    @property
    def ends_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that speaks against the plan. `finding`: none where answers are missing, or places were not screened.

    `answers`: the deciding answers, which whatever settles it has to be for; `sites`: the places that are to be
    treated and that it is about. `ways`: the reasons (of Settlement) by which it may be settled; without any, no
    decision settles it. `words`: what would.
    """

    finding: Finding | None
    answers: Mapping[str, Any]
    sites: tuple[str, ...]
    ways: tuple[str, ...]
    words: str

    @property
    def is_hopeless(self) -> bool:
        """Whether no decision can settle it."""
        return not self.ways


def demands(  # noqa: PLR0913
    rule_set: RuleSet,
    plan: Plan,
    outcome: Outcome,
    answers: Answers,
    *,
    treated: Collection[str],
    channels_off: Collection[str],
    today: date,
) -> tuple[Demand, ...]:
    """Return what has to be settled before `treated` may be treated: what is missing, and each finding that touches it.

    `plan`, `outcome`, `answers`: of one screening, of either stage. Left out of a free plan is what is not in
    `treated`; of the suit's only what is in `channels_off`.
    """
    reached = reach(rule_set, plan.treatment, outcome.planned_sites, treated, channels_off)
    found = [Demand(None, {}, (), (), _missing_words(len(outcome.missing)))] if outcome.missing else []
    if unscreened := tuple(sorted(reached.difference(outcome.planned_sites))):
        found.append(Demand(None, {}, unscreened, (), "These places were not screened: store a screening with them."))
    for finding in outcome.findings:
        if finding.grade == "note" or has_passed(finding, today) or not _touches(outcome, finding, reached):
            continue
        sites = tuple(site for site in _sites_of(rule_set, finding) if site in reached)
        if finding.grade == "site" and finding.status == "met" and not sites:
            continue
        ways = _ways(rule_set, plan, finding, reached)
        words = _words(rule_set, plan, finding, ways)
        found.append(Demand(finding, deciding_answers(rule_set, finding, answers), sites, ways, words))
    return tuple(found)


def is_settled(demand: Demand, settlements: Iterable[Recorded], today: date) -> bool:
    """Return whether one of `settlements` settles `demand` on the day `today`.

    It has to be for the same finding with the same deciding answers, by a reason that is allowed, for every place
    that the finding bars, and not ended. A written agreement counts besides only once it is countersigned.
    """
    finding = demand.finding
    return finding is not None and any(
        one.rule == finding.rule
        and one.grade == finding.grade
        and one.reason in demand.ways
        and says_the_same(one.answers, demand.answers)
        and set(demand.sites) <= set(one.sites)
        and (one.ends_on is None or today <= one.ends_on)
        for one in settlements
    )


def deciding_answers(rule_set: RuleSet, finding: Finding, answers: Answers) -> dict[str, Any]:
    """Return the answers that a finding rests on, as JSON values by question, "where" and "which" included.

    A reading below the rule's limits is left out, and so is what is asked in place of one: the rule judged it already,
    and a reading of another day is never the same.
    """
    rule = rule_set.rules[finding.rule]
    harmless = _harmless(rule)
    asked = (rule_set.questions[code] for code in rule_set.questions if code in answers)
    return {
        question.code: written_answer(answers[question.code])
        for question in asked
        if (question.code in finding.answers or _is_detail(question, finding.answers))
        and question.code not in harmless
        and not _stands_in(question, harmless)
    }


def reach(
    rule_set: RuleSet,
    treatment: str,
    planned: Collection[str],
    treated: Collection[str],
    channels_off: Collection[str],
) -> frozenset[str]:
    """Return the places that the current reaches: in the suit, every planned one whose channel is not off."""
    if rule_set.treatments[treatment].plan == "fixed":
        return frozenset(planned).difference(channels_off) | frozenset(treated)
    return frozenset(treated)


def has_passed(finding: Finding, today: date) -> bool:
    """Return whether a finding ended by its own date. One that ends at a time of the day is evaluated anew instead."""
    until = finding.until
    return isinstance(until, date) and not isinstance(until, datetime) and until <= today


def needs_countersign(settlements: Iterable[Recorded]) -> bool:
    """Return whether a decision with these counts only with another person's word."""
    return any(one.reason == Reason.AGREEMENT for one in settlements)


def is_about(one: Recorded, finding: Finding, deciding: Mapping[str, Any]) -> bool:
    """Return whether what is recorded deals with this very finding; `deciding`: the answers that it rests on.

    Several findings of one rule, such as one for each operation, rest on the same answers: places tell them apart.
    """
    is_of_rule = (one.rule, one.grade) == (finding.rule, finding.grade) and says_the_same(one.answers, deciding)
    is_there = not (one.sites and finding.sites) or not set(one.sites).isdisjoint(finding.sites)
    return is_of_rule and is_there and finding.status == "met"


def _sites_of(rule_set: RuleSet, finding: Finding) -> tuple[str, ...]:
    """Return the places that a finding is about: what it bars, or what a doctor is asked about."""
    return finding.sites or (places_in(rule_set, finding.rule) if finding.rule in CLEARABLE else ())


def _touches(outcome: Outcome, finding: Finding, reached: Collection[str]) -> bool:
    """Return whether a finding has a bearing on what was screened, or on a place that is treated all the same."""
    return touches_plan(outcome, finding) or not set(finding.sites).isdisjoint(reached)


def _ways(rule_set: RuleSet, plan: Plan, finding: Finding, reached: frozenset[str]) -> tuple[str, ...]:
    """Return by which reasons the grade allows a finding to be settled. What is unresolved is settled by asking."""
    if finding.status == "unresolved":
        return ()
    by_grade: dict[str, tuple[str, ...]] = {
        "not-advised": (Reason.AGREEMENT,),
        "defer": () if _is_said_again(rule_set, plan, finding) else (Reason.ENDED,),
        "site": (Reason.CLEARANCE,),
        "refer": (Reason.ANSWERED, Reason.ASSESSED, Reason.OTHER),
    }
    if finding.rule in CLEARABLE:
        is_left_out = reached.isdisjoint(places_in(rule_set, finding.rule))
        by_grade["refer"] = (Reason.LEFT_OUT,) if is_left_out else (Reason.CLEARANCE, Reason.ANSWERED)
    elif finding.grade == "site":
        return ()
    return by_grade.get(finding.grade, ())


def _is_said_again(rule_set: RuleSet, plan: Plan, finding: Finding) -> bool:
    """Return whether a deferral cannot have ended by a record: it has a date of its own, or an answer of today."""
    asked_today = plan.stage == "session" and any(
        rule_set.questions[code].afresh or rule_set.questions[code].kind in MEASUREMENTS for code in finding.answers
    )
    return finding.until is not None or asked_today


def places_in(rule_set: RuleSet, rule: str) -> tuple[str, ...]:
    """Return the planned places that a rule is about, in catalogue order."""
    criteria = [criterion for group in rule_set.rules[rule].groups for criterion in group.criteria]
    named = {site for one in criteria if one.operator == "planned" for site in one.value}
    return tuple(site for site in rule_set.sites if site in named)


def _harmless(rule: Rule) -> frozenset[str]:
    """Return the measurements that a rule reads only to see that they are below a limit."""
    read: dict[str, set[str]] = {}
    for group in rule.groups:
        for one in group.criteria:
            if one.question:
                read.setdefault(one.question, set()).add(one.operator)
    return frozenset(code for code, operators in read.items() if operators == {"below"})


def _stands_in(question: Question, measurements: Collection[str]) -> bool:
    """Return whether a question is asked only where one of these measurements is not there."""
    return bool(question.when) and all(
        any(one.operator == "unanswered" and one.question in measurements for one in group) for group in question.when
    )


def _is_detail(question: Question, deciding: Collection[str]) -> bool:
    """Return whether a question asks what, or where, a deciding one is about. Remarks that no rule reads are none."""
    return not question.shown_only and any(one.question in deciding for group in question.when for one in group)


def _missing_words(number: int) -> str:
    what = "One question is not answered" if number == 1 else f"{number} questions are not answered"
    return f"{what}. Nothing is decided past that: ask, and store the answers."


def _words(rule_set: RuleSet, plan: Plan, finding: Finding, ways: tuple[str, ...]) -> str:
    """Return what would settle a finding, in one or two short sentences."""
    if finding.status == "unresolved":
        return "It is not known yet. Only an answer settles it: ask, and store a new screening."
    if not ways and finding.grade in ("contraindicated", "not-advised", "refer"):
        return "No decision settles it while the answer holds."
    if finding.grade == "defer":
        return _defer_words(finding, ways)
    if finding.grade == "site":
        is_suit = rule_set.treatments[plan.treatment].plan == "fixed"
        left_out = "Leave the places out: switch their channels off." if is_suit else "Leave the places out."
        return f"{left_out} Or record the doctor’s clearance for them." if ways else left_out
    return {
        "not-advised": "Only with a doctor’s written agreement about it, and another person’s countersign.",
        "refer": _refer_words(ways),
        "prepare": "Put it right before the current starts.",
    }[finding.grade]


def _defer_words(finding: Finding, ways: tuple[str, ...]) -> str:
    if finding.until is not None:
        return "Wait for its date."
    return "Wait until it has ended, and record that it has." if ways else "Wait until it has ended, and ask again."


def _refer_words(ways: tuple[str, ...]) -> str:
    if Reason.LEFT_OUT in ways:
        return "The places that it is about are left out."
    if Reason.CLEARANCE in ways:
        return "Record the doctor’s clearance or answer, or leave the places out."
    return "Record the doctor’s answer, or your reason."
