"""The operators that criteria are made of: what each may read, what value it takes, and its truth.

| operator | reads | value | holds when |
|---|---|---|---|
| `is` | choice | choices | the answer is one of them; unknown while unanswered or open ("not sure") |
| `said`, `not-said` | choice | choices | the answer was (was not) one of them; nothing said is "not said" |
| `only`, `not-only` | kinds | choices | all kinds named are among them (not so, or none named) |
| `unanswered` | any question | null | there is no answer |
| `marked` | sites | null | places are marked; one finding for the places, one more for "not sure where" |
| `within-months` | operations | a limit | an operation is less than so many months old; one finding each |
| `within-minutes` | moment | a limit | less than so many minutes have gone by |
| `at-least`, `below` | number, blood-pressure | {part: limit} | any part reaches its limit (none does); unread: no |
| `planned` | the plan | sites | one of them is planned |
| `goal` | the plan | goals | one of them is a goal |
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast

from screening.engine.answers import Answers, BloodPressure
from screening.engine.rule_set import Criterion, Number, Question
from screening.engine.truth import NO, UNKNOWN, YES, Truth


class Case(NamedTuple):
    """What a criterion may look at. `answers` are those that count, `sites` the planned places."""

    answers: Answers
    sites: frozenset[str]
    goals: Collection[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a value may refer to."""

    limits: Collection[str]
    sites: Collection[str]
    goals: Collection[str]


Reader = Callable[[Case], Truth]

CHOICES, NOTHING, LIMIT, LIMITS, SITES, GOALS = "choices", "nothing", "limit", "limits", "sites", "goals"

# operator -> (kinds of question it reads; empty: the plan; None: any kind), (what its value is)
OPERATORS: Mapping[str, tuple[frozenset[str] | None, str]] = {
    "is": (frozenset({"choice"}), CHOICES),
    "said": (frozenset({"choice"}), CHOICES),
    "not-said": (frozenset({"choice"}), CHOICES),
    "only": (frozenset({"kinds"}), CHOICES),
    "not-only": (frozenset({"kinds"}), CHOICES),
    "unanswered": (None, NOTHING),
    "marked": (frozenset({"sites"}), NOTHING),
    "within-months": (frozenset({"operations"}), LIMIT),
    "within-minutes": (frozenset({"moment"}), LIMIT),
    "at-least": (frozenset({"number", "blood-pressure"}), LIMITS),
    "below": (frozenset({"number", "blood-pressure"}), LIMITS),
    "planned": (frozenset(), SITES),
    "goal": (frozenset(), GOALS),
}
# These say which places or which dates a finding is about, and may give several findings.
SPREADING = frozenset({"marked", "within-months", "within-minutes"})


def criterion_fault(operator: str, question: Question | None, value: Any, names: Names) -> str | None:
    """Return why a criterion cannot be evaluated, or None when it can."""
    if operator not in OPERATORS:
        return f"operator {operator!r} is unknown; use one of {', '.join(OPERATORS)}"
    kinds, takes = OPERATORS[operator]
    if kinds == frozenset():
        if question is not None:
            return f"operator {operator!r} reads the plan and takes no question"
    elif question is None:
        return f"operator {operator!r} needs a question"
    elif kinds is not None and question.kind not in kinds:
        return f"operator {operator!r} reads {' or '.join(sorted(kinds))}, but {question.code} is a {question.kind}"
    return _value_fault(takes, question, value, names)


def _value_fault(takes: str, question: Question | None, value: Any, names: Names) -> str | None:
    if takes == NOTHING:
        return None if value is None else "takes no value"
    if takes == LIMIT:
        return None if isinstance(value, str) and value in names.limits else f"value {value!r} is not a limit"
    if takes == LIMITS:
        parts = sorted(cast(Question, question).ranges)
        if not isinstance(value, dict) or sorted(value) != parts:
            return f"value must name a limit for each of {', '.join(parts)}"
        unknown = [name for name in value.values() if not isinstance(name, str) or name not in names.limits]
        return f"value {unknown[0]!r} is not a limit" if unknown else None
    known: Collection[str]
    if takes == CHOICES:
        known = [choice.code for choice in cast(Question, question).choices]
    else:
        known = names.sites if takes == SITES else names.goals
    if not isinstance(value, list | tuple) or not value:
        return f"value must be a list of {takes}, and not empty"
    strangers = [code for code in value if not isinstance(code, str) or code not in known]
    return f"{strangers[0]!r} is not one of its {takes}" if strangers else None


def reader(criterion: Criterion, question: Question | None, limits: Mapping[str, Number]) -> Reader:
    """Return the function that tells the truth of a checked criterion, other than a spreading one."""
    value = criterion.value
    if question is None:
        codes = frozenset(value)
        if criterion.operator == "planned":
            return lambda case: NO if codes.isdisjoint(case.sites) else YES
        return lambda case: NO if codes.isdisjoint(case.goals) else YES
    if question.kind == "choice" and criterion.operator != "unanswered":
        return _choice_reader(criterion, question)
    code = question.code
    if criterion.operator == "unanswered":
        return lambda case: NO if code in case.answers else YES
    if criterion.operator in ("only", "not-only"):
        return _kinds_reader(code, frozenset(value), *((YES, NO) if criterion.operator == "only" else (NO, YES)))
    return _measured_reader(code, {part: limits[name] for part, name in value.items()}, criterion.operator)


def _choice_reader(criterion: Criterion, question: Question) -> Reader:
    """Return a look-up in a table from answer (None: unanswered) to truth, made once."""
    code, named = question.code, frozenset(criterion.value)
    table: dict[Any, Truth]
    if criterion.operator == "is":
        table = {choice.code: UNKNOWN if choice.open else NO for choice in question.choices} | {None: UNKNOWN}
        table |= dict.fromkeys(named, YES)
    else:
        inside, outside = (YES, NO) if criterion.operator == "said" else (NO, YES)
        table = {choice.code: outside for choice in question.choices} | {None: outside}
        table |= dict.fromkeys(named, inside)
    return lambda case: table[case.answers.get(code)]


def _kinds_reader(code: str, named: frozenset[str], inside: Truth, outside: Truth) -> Reader:
    def read(case: Case) -> Truth:
        answer = cast(tuple[str, ...] | None, case.answers.get(code))
        return inside if answer and named.issuperset(answer) else outside

    return read


def _measured_reader(code: str, limits: Mapping[str, Number], operator: str) -> Reader:
    def read(case: Case) -> Truth:
        answer = case.answers.get(code)
        if answer is None:
            return NO
        reached = any(measured(answer, part) >= limit for part, limit in limits.items())
        return YES if reached == (operator == "at-least") else NO

    return read


def measured(answer: Any, part: str) -> Decimal:
    """Return one part of a measurement as it was written: `systolic` or `diastolic` in mmHg, else the number itself."""
    return as_written(getattr(answer, part) if isinstance(answer, BloodPressure) else answer)


def as_written(number: float) -> Decimal:
    """Return the number a person wrote: 37.9 reaches a limit of 37.9, though its float is a little less."""
    return Decimal(str(number))
