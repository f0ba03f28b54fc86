"""When a question is asked, in words that somebody can follow on paper."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from screening.engine.rule_set import Criterion, Question, RuleSet

Words = Callable[["Logic", Criterion], str]


@dataclass(frozen=True, slots=True)
class Logic:
    """The conditions of a form's questions in words. `numbers`: of the questions on the form, by code."""

    rule_set: RuleSet
    numbers: Mapping[str, int]

    def only_if(self, question: Question) -> str:
        """Return what has to be so for a question to be answered; empty where it always is."""
        return ", or if ".join(" and ".join(self._words(one) for one in group) for group in question.when)

    def leads_to(self, question: Question, choice: str) -> tuple[int, ...]:
        """Return the numbers of the questions that this answer brings up, alone or with others."""
        return tuple(
            number
            for code, number in self.numbers.items()
            if any(_is_of(one, question, choice) for group in self.rule_set.questions[code].when for one in group)
        )

    def question(self, code: str | None) -> str:
        """Return how a question is named in words."""
        number = self.numbers.get(code or "")
        return f"question {number}" if number else "a question that is not on this form"

    def choices(self, criterion: Criterion) -> str:
        """Return the choices that a criterion names, as they are printed."""
        labels = {choice.code: choice.label for choice in self.rule_set.questions[criterion.question or ""].choices}
        return either(f"“{labels[code]}”" for code in criterion.value)

    def limits(self, criterion: Criterion, word: str) -> str:
        """Return the limits that a criterion names, by part where it has several."""
        limits, value = self.rule_set.limits, criterion.value
        if len(value) == 1:
            return f"the value is {word} {limits[next(iter(value.values()))]}"
        last_word = "and" if criterion.operator == "below" else "or"
        return either((f"the {part} value is {word} {limits[name]}" for part, name in value.items()), last_word)

    def _words(self, criterion: Criterion) -> str:
        return IN_WORDS[criterion.operator](self, criterion)


def either(words: Iterable[str], last_word: str = "or") -> str:
    """Return words as people list them: "a, b or c"."""
    *before, last = words
    return f"{', '.join(before)} {last_word} {last}" if before else last


def _is_of(criterion: Criterion, question: Question, choice: str) -> bool:
    named: Any = criterion.value
    return criterion.question == question.code and criterion.operator in ("is", "said", "only") and choice in named


def _asked(words: str) -> Words:
    return lambda logic, one: words.format(
        question=logic.question(one.question),
        choices=logic.choices(one) if isinstance(one.value, list | tuple) else "",
        limit=logic.rule_set.limits.get(one.value, "") if isinstance(one.value, str) else "",
    )


def _measured(word: str) -> Words:
    return lambda logic, one: f"in {logic.question(one.question)} {logic.limits(one, word)}"


def _planned(logic: Logic, criterion: Criterion) -> str:
    return (
        f"one of these places is to be treated: {either(logic.rule_set.sites[code].name for code in criterion.value)}"
    )


def _goal(logic: Logic, criterion: Criterion) -> str:
    return f"one of these is hoped for: {either(logic.rule_set.goals[code].name for code in criterion.value)}"


# One for each operator of screening/engine/operators.py.
IN_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "is": _asked("the answer to {question} is {choices}"),
        "said": _asked("the answer to {question} is {choices}"),
        "not-said": _asked("the answer to {question} is not {choices}"),
        "only": _asked("nothing but {choices} is ticked in {question}"),
        "not-only": _asked("nothing is ticked in {question}, or something other than {choices}"),
        "unanswered": _asked("{question} has no answer"),
        "marked": _asked("a place is marked for {question}"),
        "within-months": _asked("an operation in {question} was less than {limit} months ago"),
        "within-minutes": _asked("the time in {question} is less than {limit} minutes ago"),
        "at-least": _measured("at least"),
        "below": _measured("below"),
        "planned": _planned,
        "goal": _goal,
    }
)
