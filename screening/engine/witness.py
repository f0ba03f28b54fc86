"""Actual answers that reach a rule: found by search over its criteria, and proved by running them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import Any, Literal, cast

from screening.engine.answers import Answer, BloodPressure, Operation, Plan
from screening.engine.calendar import PartialDate
from screening.engine.evaluate import evaluate
from screening.engine.flow import ask, plannable
from screening.engine.outcome import Finding, Outcome
from screening.engine.rule_set import STAGES, Criterion, Group, Question, Rule, RuleSet, Treatment
from screening.engine.scope import Readier, scope_of

# Any moment will do; the first one after the newest year a date may be written in would not.
AT = datetime(2026, 11, 20, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Witness:
    """A case: a plan, the answers, and what came of it. Everybody else's answers are the safe ones."""

    plan: Plan
    answers: dict[str, Answer]
    outcome: Outcome

    def finding_of(self, rule: Rule, group: Group | None = None) -> Finding | None:
        """Return the rule's finding in this case, or that of the group's grade and status."""
        return next(
            (
                finding
                for finding in self.outcome.findings
                if finding.rule == rule.code
                and (group is None or (finding.grade, finding.status) == (group.grade, group.status))
            ),
            None,
        )


@dataclass(frozen=True)
class _Wish:
    """What a case must hold: these answers, none to these questions, these planned sites and goals."""

    answers: dict[str, Answer] = field(default_factory=dict)
    unanswered: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    goals: frozenset[str] = frozenset()

    def joined(self, other: "_Wish") -> "_Wish | None":
        """Return both wishes as one, or None where they contradict each other."""
        answers = self.answers | other.answers
        unanswered = self.unanswered | other.unanswered
        agree = all(answers[code] == answer for code, answer in self.answers.items())
        if not agree or not unanswered.isdisjoint(answers):
            return None
        return _Wish(answers, unanswered, self.sites | other.sites, self.goals | other.goals)


def witness_of(rule_set: RuleSet, rule: Rule, group: Group) -> Witness | None:
    """Return a case in which this group of the rule gives its finding; None when no answers reach it."""
    for treatment in offered(rule_set):
        for stage in STAGES:
            if rule.code not in (ready.rule.code for ready in rule_set.scopes[treatment.code, stage].groups):
                continue
            for wish in _wishes(rule_set, treatment, group.criteria):
                case = _case(rule_set, treatment, stage, wish)
                if case.finding_of(rule, group) is not None and _is_this_group(rule_set, rule, group, case):
                    return case
    return None


def asked_cases(
    rule_set: RuleSet, treatment: Treatment, stage: str, question: Question, answer: Answer
) -> list[Witness]:
    """Return cases in which the question is asked and answered so; none when it is not asked there.

    They are all the ways in which it is asked, each once beside the first safe answers and the first site, and once
    beside the last ones and harmless readings; where a rule that reads it looks at the plan, beside every site. What
    an answer comes to must not hang on which harmless things stand beside it.
    """
    ways = [
        whole
        for group in question.when or ((),)
        for wish in _wishes(rule_set, treatment, group)
        if (whole := wish.joined(_Wish({question.code: answer}))) is not None
    ]
    if _reads_the_plan_too(rule_set, question) and treatment.plan == "free":
        beside = [_Wish(sites=frozenset({site})) for site in plannable(rule_set, treatment)]
        ways += [whole for way in ways for site in beside if (whole := way.joined(site)) is not None]
    cases = [_case(rule_set, treatment, stage, way, last=last) for way in ways for last in (False, True)]
    return [case for case in cases if question.code not in case.outcome.ignored]


def settled_case(rule_set: RuleSet, treatment: Treatment, stage: str) -> Witness:
    """Return the case of a person who has nothing at all."""
    return _case(rule_set, treatment, stage, _Wish())


def _reads_the_plan_too(rule_set: RuleSet, question: Question) -> bool:
    """Return whether a rule that reads the question looks at the plan, beyond what the question is asked for."""
    asked_for = [criterion for group in question.when for criterion in group]
    return any(
        any(criterion.question == question.code for criterion in group.criteria)
        and any(criterion.operator == "planned" and criterion not in asked_for for criterion in group.criteria)
        for rule in rule_set.rules.values()
        for group in rule.groups
    )


def offered(rule_set: RuleSet) -> list[Treatment]:
    """Return the treatments that can be screened."""
    return [treatment for treatment in rule_set.treatments.values() if treatment.plan != "not-offered"]


def _is_this_group(rule_set: RuleSet, rule: Rule, group: Group, case: Witness) -> bool:
    """Return whether the finding is gone without the group: another group of the rule may have given it."""
    without = replace(rule, groups=tuple(other for other in rule.groups if other is not group))
    rules = replace(rule_set, rules={**rule_set.rules, rule.code: without})
    scope = scope_of(rules, case.plan.treatment, case.plan.stage, Readier(rules))
    alone = replace(rules, scopes={(case.plan.treatment, case.plan.stage): scope})
    outcome = evaluate(alone, case.answers, case.plan, AT)
    return replace(case, outcome=outcome).finding_of(rule, group) != case.finding_of(rule, group)


def _case(rule_set: RuleSet, treatment: Treatment, stage: str, wish: _Wish, *, last: bool = False) -> Witness:
    possible = plannable(rule_set, treatment)
    one = possible[-1:] if last else possible[:1]
    sites = () if treatment.plan == "fixed" else tuple(sorted(wish.sites) or one)
    plan = Plan(treatment.code, sites, cast(Literal["consultation", "session"], stage), tuple(sorted(wish.goals)))
    scope = rule_set.scopes[treatment.code, stage]
    answers: dict[str, Answer] = {
        code: question.safe_answers[-1 if last else 0]
        for code, question in scope.questions.items()
        if question.required and question.safe_answers
    }
    if last:
        answers |= {code: harmless_reading(rule_set, rule_set.questions[code]) for code in rule_set.limits_on}
    answers = {code: answer for code, answer in answers.items() if code not in wish.unanswered} | wish.answers
    # A safe answer to what is not asked is taken out again, but never one that was wished for.
    for code in ask(rule_set, answers, plan, AT).ignored:
        if code not in wish.answers:
            del answers[code]
    return Witness(plan, answers, evaluate(rule_set, answers, plan, AT))


def _wishes(rule_set: RuleSet, treatment: Treatment, criteria: tuple[Criterion, ...]) -> Iterator[_Wish]:
    """Yield the ways in which all criteria hold, every question they read being asked."""
    for ways in product(*(list(_ways(rule_set, treatment, criterion)) for criterion in criteria)):
        joined: _Wish | None = _Wish()
        for way in ways:
            joined = joined.joined(way) if joined else None
        if joined is not None:
            yield from _asked(rule_set, treatment, joined)


def _asked(rule_set: RuleSet, treatment: Treatment, wish: _Wish) -> Iterator[_Wish]:
    """Yield the wish together with the ways in which the questions it answers are asked."""
    gates = [rule_set.questions[code].when for code in wish.answers if rule_set.questions[code].when]
    ways = [[way for group in gate for way in _wishes(rule_set, treatment, group)] for gate in gates]
    for chosen in product(*ways):
        joined: _Wish | None = wish
        for way in chosen:
            joined = joined.joined(way) if joined else None
        if joined is not None:
            yield joined


def _ways(rule_set: RuleSet, treatment: Treatment, criterion: Criterion) -> Iterator[_Wish]:
    possible = plannable(rule_set, treatment)
    if criterion.operator == "planned":
        yield from (_Wish(sites=frozenset({site})) for site in criterion.value if site in possible)
    elif criterion.operator == "goal":
        yield from (_Wish(goals=frozenset({goal})) for goal in criterion.value)
    else:
        question = rule_set.questions[cast(str, criterion.question)]
        if criterion.operator in ("unanswered", "not-said", "not-only", "below"):
            yield _Wish(unanswered=frozenset({question.code}))
        for answer in answers_of(rule_set, question, criterion):
            yield _Wish({question.code: answer})


def answers_of(rule_set: RuleSet, question: Question, criterion: Criterion | None = None) -> list[Answer]:
    """Return answers to a question: every choice (of kinds also every two), and the telling values of other kinds.

    `criterion`: for a measurement, the one whose limits are to be reached, and just missed.
    """
    sites = list(rule_set.sites)[:1]
    today = PartialDate(AT.year, AT.month, AT.day)
    choices: list[Any] = list(question.choice_codes)
    by_kind: dict[str, list[Any]] = {
        "choice": choices,
        "kinds": [*((choice,) for choice in choices), *combinations(choices, 2)],
        "sites": [(sites[0],), *((choice,) for choice in choices)],
        "operations": [(Operation(today, tuple(sites)),), (Operation("unsure", tuple(sites)),)],
        "moment": [AT - timedelta(seconds=1), *choices],
        "partial-date": [today, *choices],
        "text": ["some words"],
    }
    if question.kind in by_kind:
        return by_kind[question.kind]
    reaching, harmless = readings_at_limits(rule_set, question), harmless_reading(rule_set, question)
    return [harmless, *reaching] if criterion is None or criterion.operator == "below" else [*reaching, harmless]


def readings_at_limits(rule_set: RuleSet, question: Question) -> list[Answer]:
    """Return a reading at each limit that a rule has for it, every other part being low."""
    limits = rule_set.limits_on[question.code]
    reachable = {
        part: [float(limit) for limit in limits[part] if lowest <= limit <= highest]
        for part, (lowest, highest) in question.ranges.items()
    }
    if question.kind == "number":
        return list(reachable["value"])
    lowest = float(question.ranges["diastolic"][0])
    return [
        *(BloodPressure(systolic, lowest) for systolic in reachable["systolic"]),
        *(BloodPressure(diastolic + 1, diastolic) for diastolic in reachable["diastolic"]),
    ]


def harmless_reading(rule_set: RuleSet, question: Question) -> Answer:
    """Return a reading below every limit that a rule has for it; the lowest one where there is none."""
    low = {
        part: float(min(limits)) - 1 if limits else float(question.ranges[part][0])
        for part, limits in rule_set.limits_on[question.code].items()
    }
    return low["value"] if question.kind == "number" else BloodPressure(low["systolic"], low["diastolic"])
