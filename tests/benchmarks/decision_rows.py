"""The rules as rows of a decision table, generated from the same rule set that the engine evaluates.

A row is one way in which a rule is met or left open: a test for each answer it reads, and what it finds. A decision
table knows only yes and no, so the three-valued logic is written out as rows. It has no calendar either, and rows
cannot be made from a list in an answer; so our own engine works out beforehand, at no cost to the other side, which
answers count (`ask`) and what the answers about places, operations and meals come to (`spread`).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from screening.engine.answers import BloodPressure
from screening.engine.flow import ask
from screening.engine.operators import SPREADING
from screening.engine.request import Request
from screening.engine.rule_set import Criterion, Group, Rule, RuleSet
from screening.engine.scope import applies
from screening.engine.spread import Part

# What the parts of a spreading criterion come to. "beside" ones stay where the same rule is met as well.
STATES = ("met", "open", "met-beside", "open-beside", "met open-beside", "met-beside open-beside")
PARTS = ("met", "open", "met-beside", "open-beside")


@dataclass(frozen=True)
class Cell:
    """A test of one column: its value is among some (None: nothing there), or an expression of `$` holds."""

    among: tuple[str | None, ...] = ()
    expression: str = ""

    def in_column(self) -> str:
        return self.expression or ", ".join(map(json.dumps, self.among))

    def with_column(self, column: str) -> str:
        if self.expression:
            return f"({self.expression.replace('$', column)})"
        named = [value for value in self.among if value is not None]
        tests = [f"{column} == {json.dumps(named[0])}" if len(named) == 1 else f"{column} in {json.dumps(named)}"]
        nothing = [f"{column} == null"] if None in self.among else []
        return f"({' or '.join([*(tests if named else []), *nothing])})"


Cells = Mapping[str, Cell]


@dataclass(frozen=True)
class Row:
    """`finds`: rule, grade, status, and `beside` where that stays although the same rule is met."""

    cells: Cells
    finds: str


def rows_of(rule_set: RuleSet, treatment: str, stage: str) -> list[Row]:
    return [
        row
        for rule in rule_set.rules.values()
        if applies(rule.stage, rule.treatments, stage, treatment)
        for group in rule.groups
        for row in _group_rows(rule_set, rule, group)
    ]


def found(finds: Iterable[str]) -> set[tuple[str, str, str]]:
    """Rule, grade and status of what some rows find: where a rule is met, it is not also open."""
    told = {tuple(find.split()) for find in finds}
    met = {(rule, grade) for rule, grade, status, *_ in told if status == "met"}
    return {
        (rule, grade, status)
        for rule, grade, status, *beside in told
        if status == "met" or beside or (rule, grade) not in met
    }


def prepared(rule_set: RuleSet, request: Request, columns: Iterable[str]) -> dict[str, Any]:
    """The values of the columns for a request: answers that count, places, goals, and what dates come to."""
    case = ask(rule_set, request.answers, request.plan, request.at).case
    values: dict[str, Any] = {_column(code): _plain(answer) for code, answer in case.answers.items()}
    values |= {"sites": sorted(case.sites), "goals": list(case.goals)}
    for ready in rule_set.scopes[request.plan.treatment, request.plan.stage].groups:
        if ready.spread is not None:
            values[_column(_spreading(ready.group).question)] = _state(ready.spread(case))
    needed = {column.partition(".")[0] for column in columns}
    return {column: value for column, value in values.items() if column in needed and value is not None}


def _column(question: str) -> str:
    return question.replace("-", "_")


def _plain(answer: Any) -> Any:
    if isinstance(answer, BloodPressure):
        return {"systolic": answer.systolic, "diastolic": answer.diastolic}
    if isinstance(answer, int | float):
        return {"value": answer}
    return list(answer) if isinstance(answer, tuple) else answer


def _state(parts: Iterable[Part] | None) -> str | None:
    if parts is None:
        return None
    told = {("met" if part.met else "open") + ("-beside" if part.apart or part.besides else "") for part in parts}
    return " ".join(sorted(told))


def _group_rows(rule_set: RuleSet, rule: Rule, group: Group) -> Iterator[Row]:
    plain = [criterion for criterion in group.criteria if criterion.operator not in SPREADING]
    open_row = f"{rule.code} {group.grade} unresolved"
    for cells in _ways([_holding(rule_set, criterion) for criterion in plain]):
        yield from _met_rows(rule, group, cells)
    # Left open: one answer is, and nothing speaks against the rest.
    for criterion in plain:
        if left_open := _open_choices(rule_set, criterion):
            others = [_not_denied(rule_set, other) for other in plain if other is not criterion]
            for cells in _ways([[{_column(criterion.question): Cell(left_open)}], *others]):
                yield Row(cells, open_row)


def _met_rows(rule: Rule, group: Group, cells: Cells) -> Iterator[Row]:
    spreading = _spreading(group)
    if spreading is None:
        yield Row(cells, f"{rule.code} {group.grade} {group.status}")
        return
    column = _column(spreading.question)
    for part in PARTS:
        told = Cell(tuple(state for state in STATES if part in state.split()))
        status, _, beside = part.partition("-")
        finds = f"{rule.code} {group.grade} {'met' if status == 'met' else 'unresolved'} {beside}"
        yield Row({**cells, column: told}, finds.strip())
    if any(criterion.question for criterion in group.criteria if criterion is not spreading):
        yield Row({**cells, column: Cell((None,))}, f"{rule.code} {group.grade} unresolved")


def _spreading(group: Group) -> Criterion | None:
    return next((criterion for criterion in group.criteria if criterion.operator in SPREADING), None)


def _ways(alternatives: list[list[Cells]]) -> Iterator[Cells]:
    for ways in product(*alternatives):
        cells: dict[str, Cell] = {}
        for way in ways:
            assert not cells.keys() & way.keys(), "a row has one cell in a column"
            cells.update(way)
        yield cells


def _open_choices(rule_set: RuleSet, criterion: Criterion) -> tuple[str, ...]:
    if criterion.operator != "is":
        return ()
    choices = rule_set.questions[criterion.question].choices
    return tuple(choice.code for choice in choices if choice.open and choice.code not in criterion.value)


def _not_denied(rule_set: RuleSet, criterion: Criterion) -> list[Cells]:
    if criterion.operator != "is":
        return _holding(rule_set, criterion)
    return [{_column(criterion.question): Cell((*criterion.value, *_open_choices(rule_set, criterion), None))}]


def _holding(rule_set: RuleSet, criterion: Criterion) -> list[Cells]:
    """The ways in which a criterion holds."""
    value, operator = criterion.value, criterion.operator
    if criterion.question is None:
        return [{"sites" if operator == "planned" else "goals": Cell(expression=f"some($, # in {json.dumps(value)})")}]
    column, question = _column(criterion.question), rule_set.questions[criterion.question]
    if operator in ("at-least", "below"):
        sign = ">=" if operator == "at-least" else "<"
        tests = {
            f"{column}.{part}": Cell(expression=f"$ != null and $ {sign} {rule_set.limits[name]}")
            for part, name in value.items()
        }
        return [{part: test} for part, test in tests.items()] if operator == "at-least" else [tests]
    cells = {
        "is": lambda: Cell(tuple(value)),
        "said": lambda: Cell(tuple(value)),
        "not-said": lambda: Cell((*(code for code in question.choice_codes if code not in value), None)),
        "unanswered": lambda: Cell((None,)),
        "only": lambda: Cell(expression=f"$ != null and all($, # in {json.dumps(value)})"),
        "not-only": lambda: Cell(expression=f"$ == null or some($, # not in {json.dumps(value)})"),
    }
    return [{column: cells[operator]()}]
