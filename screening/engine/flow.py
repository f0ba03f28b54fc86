"""Which questions are asked, and in what order, given treatment, stage, plan and the answers so far."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast

from screening.engine.answers import Answer, Answers, Operation, Plan
from screening.engine.operators import Case, Reader
from screening.engine.order import in_order
from screening.engine.rule_set import Question, RuleSet, Treatment
from screening.engine.scope import Scope
from screening.engine.spread import still_counts
from screening.engine.truth import YES


class Asked(NamedTuple):
    """What the flow makes of a request: what counts (`case`), and the codes of answers by what became of them.

    `loud`: the counted answers that can bring anything to anything; `opened`: the conditional questions that are
    asked; `planned`: the planned places in catalogue order.
    """

    case: Case
    loud: Collection[tuple[str, Answer]]
    opened: Collection[str]
    planned: tuple[str, ...]
    missing: tuple[str, ...]
    unsure: tuple[str, ...]
    ignored: tuple[str, ...]


def planned_sites(rule_set: RuleSet, plan: Plan) -> tuple[str, ...]:
    """Return the planned places in catalogue order, those of a fixed plan included."""
    return _planned(rule_set.scopes[plan.treatment, plan.stage], plan)


def plannable(rule_set: RuleSet, treatment: Treatment) -> list[str]:
    """Return the sites that a plan of the treatment may hold, in catalogue order."""
    return [
        site.code
        for site in rule_set.sites.values()
        if site.code in treatment.fixed_sites or (site.plannable and site.region in treatment.regions)
    ]


def ask(rule_set: RuleSet, answers: Answers, plan: Plan, at: datetime) -> Asked:
    """Sort `answers` into those that count and those that were not asked for, and find what is missing.

    `at` is when the current starts, an aware date-time; on its day an operation may have stopped to count.
    """
    scope = rule_set.scopes[plan.treatment, plan.stage]
    planned = _planned(scope, plan)
    quiet_answer = scope.quiet.get
    loud = [(code, answer) for code, answer in answers.items() if quiet_answer(code) != answer]
    counted = dict(answers)
    case = Case(counted, frozenset(planned), plan.goals, at)
    opened = _opened(scope, case, counted, loud, planned)
    loud = [pair for pair in loud if pair[0] in counted]
    missing = scope.required.difference(counted).union(
        [code for code in opened if code not in counted and scope.questions[code].required],
        [code for code in scope.counted_months if code in counted and _in_part(scope, code, counted[code], at)],
    )
    order = scope.questions_order
    return Asked(
        case=case,
        loud=loud,
        opened=opened,
        planned=planned,
        missing=in_order(missing, order),
        unsure=in_order([code for code, answer in loud if _is_unsure(scope.questions[code], answer)], order),
        ignored=in_order(answers.keys() - counted.keys(), order) if len(counted) < len(answers) else (),
    )


def asked_later(rule_set: RuleSet, asked: Asked, plan: Plan, at: datetime) -> Asked:
    """Return what `ask` would make of the same request at a later time: some operations may have stopped to count."""
    scope, answers = rule_set.scopes[plan.treatment, plan.stage], asked.case.answers
    missing = [code for code in asked.missing if code not in answers or _in_part(scope, code, answers[code], at)]
    return asked._replace(case=asked.case._replace(at=at), missing=tuple(missing))


def questions_asked(rule_set: RuleSet, plan: Plan, answers: Answers, at: datetime) -> tuple[Question, ...]:
    """Return the questions to ask, optional ones included, in the order in which they are put to a person."""
    scope = rule_set.scopes[plan.treatment, plan.stage]
    asked = scope.always_asked.union(ask(rule_set, answers, plan, at).opened)
    return in_flow_order({code: scope.questions[code] for code in asked})


def questions_of(rule_set: RuleSet, plan: Plan, *, any_sites: bool = False) -> tuple[Question, ...]:
    """Return the questions that some answers bring up for a plan, in the order in which they are put to a person.

    `any_sites`: for whatever places of the treatment are planned.
    """
    scope = rule_set.scopes[plan.treatment, plan.stage]
    sites = frozenset(plannable(rule_set, rule_set.treatments[plan.treatment]) if any_sites else _planned(scope, plan))
    return in_flow_order(
        {code: question for code, question in scope.questions.items() if _may_be_asked(question, sites)}
    )


def next_question(rule_set: RuleSet, plan: Plan, answers: Answers, at: datetime) -> Question | None:
    """Return the first required question not, or not fully, answered; None when nothing is missing."""
    missing = ask(rule_set, answers, plan, at).missing
    return next(iter(in_flow_order({code: rule_set.questions[code] for code in missing})), None)


def in_flow_order(questions: Mapping[str, Question]) -> tuple[Question, ...]:
    """Return `questions` in the order in which they are put to a person."""
    return tuple(sorted(questions.values(), key=lambda question: question.order))


def _may_be_asked(question: Question, sites: frozenset[str]) -> bool:
    return not question.when or any(
        all(criterion.operator != "planned" or not sites.isdisjoint(criterion.value) for criterion in group)
        for group in question.when
    )


def _planned(scope: Scope, plan: Plan) -> tuple[str, ...]:
    return in_order((*scope.fixed_sites, *plan.sites), scope.sites_order) if plan.sites else scope.fixed_sites


def _opened(
    scope: Scope, case: Case, counted: dict[str, Answer], loud: list[tuple[str, Answer]], planned: tuple[str, ...]
) -> list[str]:
    """Return the conditional questions that are asked; leave in `counted` only the answers that were asked for."""
    waiting = {code: answer for code, answer in loud if code not in scope.always_asked}
    for code in waiting:
        del counted[code]
    opened: list[str] = []
    # In catalogue order: a condition looks only at earlier questions, and finds their answers only if they count.
    for position in scope.opens.woken(loud, planned):
        code, readers = scope.conditional[position]
        if code not in opened and _all_hold(readers, case):
            opened.append(code)
            if code in waiting:
                counted[code] = waiting[code]
    return opened


def _all_hold(readers: tuple[Reader, ...], case: Case) -> bool:
    for read in readers:  # noqa: SIM110  (a generator would cost more than the reading)
        if read(case) is not YES:
            return False
    return True


def _in_part(scope: Scope, code: str, answer: Answer, at: datetime) -> bool:
    """Return whether an operation that may still count was given without its date or without its places."""
    months, day = scope.counted_months[code], at.date()
    return any(
        (operation.date is None or not operation.sites) and still_counts(operation, months, day)
        for operation in cast(tuple[Operation, ...], answer)
    )


def _is_unsure(question: Question, answer: Any) -> bool:
    open_answers = question.open_answers
    if isinstance(answer, str):
        return answer in open_answers
    return isinstance(answer, tuple) and any(
        not open_answers.isdisjoint((entry.date, *entry.sites))
        if isinstance(entry, Operation)
        else entry in open_answers
        for entry in answer
    )
