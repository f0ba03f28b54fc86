"""From content (the JSON that is published) to a rule set. What is read here can be evaluated without an error."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from screening.engine.meaning import meaning_faults
from screening.engine.rule_set import (
    Choice,
    Citation,
    Criterion,
    Goal,
    Group,
    Number,
    Question,
    Rule,
    RuleSet,
    Section,
    Site,
    Source,
    Treatment,
)
from screening.engine.scope import scopes
from screening.engine.shape import shape_faults


class ContentError(ValueError):
    """The content cannot be evaluated. `faults`: one line each, naming the place and the reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def read(content: Mapping[str, Any], digest: str) -> RuleSet:
    """Return the rule set that `content` describes, ready for evaluation.

    `content` is parsed JSON in the shape of `fixtures/rule-set-1.json`; `digest` the SHA-256 of its canonical form.
    Raises ContentError naming every fault: a missing or mistyped field, an unknown code, operator or value, a
    question whose condition looks at a later one, a rule that bars places it cannot know.
    """
    faults = shape_faults(content) or _number_faults(content)
    if faults:
        raise ContentError(faults)
    rule_set = _built(content, digest)
    faults = meaning_faults(rule_set)
    if faults:
        raise ContentError(faults)
    return replace(rule_set, scopes=scopes(rule_set))


def read_number(written: Any) -> Number:
    """Return a limit written as a whole number or, to keep its decimals exact, as text. Raises ValueError."""
    if isinstance(written, int) and not isinstance(written, bool):
        return written
    try:
        number = Decimal(written) if isinstance(written, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise ValueError(f'{written!r} is not a number; write 9 or "38.0"')
    return number


def _number_faults(content: Mapping[str, Any]) -> list[str]:
    written = {f"limits.{name}": [number] for name, number in content["limits"].items()}
    for question in content["questions"]:
        written |= {f"questions.{question['code']}.ranges.{part}": row for part, row in question["ranges"].items()}
    return [fault for place, numbers in written.items() for fault in unreadable(place, numbers)]


def unreadable(place: str, numbers: Any) -> Iterator[str]:
    """Yield why what is written at `place` is not a list of numbers."""
    if not isinstance(numbers, list):
        yield f"{place}: is not a lowest and a highest number"
        return
    for number in numbers:
        try:
            read_number(number)
        except ValueError as error:
            yield f"{place}: {error}"


def _built(content: Mapping[str, Any], digest: str) -> RuleSet:
    return RuleSet(
        code=content["code"],
        version=content["version"],
        digest=digest,
        limits={name: read_number(written) for name, written in content["limits"].items()},
        sections=tuple(Section(**row) for row in content["sections"]),
        sources={row["code"]: Source(**row) for row in content["sources"]},
        sites={row["code"]: Site(**_tuples(row)) for row in content["sites"]},
        treatments={row["code"]: Treatment(**_tuples(row)) for row in content["treatments"]},
        goals={row["code"]: Goal(**row) for row in content["goals"]},
        questions=_questions(content["questions"]),
        rules={row["code"]: _rule(row) for row in content["rules"]},
    )


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def _questions(rows: list[Mapping[str, Any]]) -> dict[str, Question]:
    questions = {row["code"]: question_from(row) for row in rows}
    if any(question.afresh for question in questions.values()):
        return questions
    # A set from before there was such a field says of no answer that it lasts: none is carried into a session.
    return {code: replace(question, afresh=True) for code, question in questions.items()}


def question_from(row: Mapping[str, Any]) -> Question:
    """Return the question that a row of content of the right shape describes."""
    nested = {
        "choices": tuple(Choice(**choice) for choice in row["choices"]),
        "ranges": {part: tuple(map(read_number, bounds)) for part, bounds in row["ranges"].items()},
        "when": tuple(_criteria(group) for group in row["when"]),
    }
    return Question(**(_tuples(row) | nested))


def _rule(row: Mapping[str, Any]) -> Rule:
    nested = {
        "citations": tuple(Citation(**citation) for citation in row["citations"]),
        "groups": tuple(_group(group, row) for group in row["groups"]),
    }
    return Rule(**(_tuples(row) | nested))


def _group(group: Mapping[str, Any], rule: Mapping[str, Any]) -> Group:
    own = {name: group[name] or rule[name] for name in ("grade", "urgency", "practitioner_wording", "patient_wording")}
    return Group(criteria=_criteria(group), status=group["status"], bars=group["bars"], **own)


def _criteria(group: Mapping[str, Any]) -> tuple[Criterion, ...]:
    return tuple(Criterion(**_tuples(criterion)) for criterion in group["criteria"])
