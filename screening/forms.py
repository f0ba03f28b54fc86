"""The questions of one page as a form. Templates: screening/questions.html and screening/error_summary.html."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms

from screening.engine.answers import Answer, Answers
from screening.engine.rule_set import Question, RuleSet
from screening.fields.answer import AnswerField, BoundAnswer, Problem
from screening.fields.choosing import KindsField, OneField, SitesField, site_groups
from screening.fields.dates import DateField, MomentField
from screening.fields.operations import OperationsField, Typed
from screening.fields.writing import BloodPressureField, NumberField, TextField

__all__ = ["QuestionsForm", "site_groups"]

FIELDS: dict[str, type[AnswerField]] = {
    "choice": OneField,
    "kinds": KindsField,
    "sites": SitesField,
    "partial-date": DateField,
    "moment": MomentField,
    "blood-pressure": BloodPressureField,
    "number": NumberField,
    "text": TextField,
}


class QuestionsForm(forms.Form):
    """The questions of one page of one rule set, as typed answers.

    `answers`: those so far; nothing else is chosen beforehand. `at`: now, on the clinic's clock; what is later lies in
    the future. `entry`: the position of the operation to be shown open; their number for a new one.
    """

    use_required_attribute = False

    def __init__(  # noqa: PLR0913 - a page is these
        self,
        data: Any = None,
        *,
        rule_set: RuleSet,
        questions: Sequence[Question],
        answers: Answers,
        at: datetime,
        entry: int | None = None,
    ) -> None:
        given = {question.code: answers.get(question.code) for question in questions}
        super().__init__(data, initial=given)
        self.questions = tuple(questions)
        for question in questions:
            self.fields[question.code] = _field(rule_set, question, at, given[question.code], entry)

    def asked(self) -> list[BoundAnswer]:
        """Return the questions as the page shows them."""
        return [cast(BoundAnswer, self[question.code]) for question in self.questions]

    @property
    def codes(self) -> str:
        """The codes of the page's questions, as the page posts them."""
        return " ".join(question.code for question in self.questions)

    @property
    def has_map(self) -> bool:
        """Whether the page shows a body map."""
        return any(bound.has_map for bound in self.asked())

    @property
    def has_buttons(self) -> bool:
        """Whether the page has buttons of its own, for its operations."""
        return any(isinstance(field, OperationsField) for field in self.fields.values())

    @property
    def first_target(self) -> str:
        """The id of the first input of the page, for what concerns the whole form."""
        first = self.asked()[0]
        return first.field.target(first.auto_id, "")

    def given(self) -> dict[str, Answer]:
        """Return the answers that could be read; an empty one is left out, of operations every readable part stays."""
        found = {bound.question.code: bound.reading.answer for bound in self.asked()}
        return {code: answer for code, answer in found.items() if answer is not None}

    def faulty(self) -> set[str]:
        """Return the codes of the questions whose input could not be read at all."""
        return {code for code, problems in self._problems() if any(problem.is_faulty for problem in problems)}

    def open(self) -> tuple[str, ...]:
        """Return the codes of the required questions that were left unanswered, or in part."""
        return tuple(
            code for code, problems in self._problems() if problems and not any(entry.is_faulty for entry in problems)
        )

    def _problems(self) -> list[tuple[str, tuple[Problem, ...]]]:
        return [(bound.question.code, bound.problems) for bound in self.asked()]

    @property
    def stay(self) -> str | None:
        """The query that shows the page again, when a button asked to add, change or remove an operation."""
        if not self.is_bound or self.faulty():
            return None
        stays = [
            bound.field.stay(cast(Typed, bound.data))
            for bound in self.asked()
            if isinstance(bound.field, OperationsField)
        ]
        return next((stay for stay in stays if stay is not None), None)


def _field(rule_set: RuleSet, question: Question, at: datetime, answer: Any, entry: int | None) -> AnswerField:
    if question.kind == "operations":
        return OperationsField(rule_set, question, at, answer or (), entry)
    return FIELDS[question.kind](rule_set, question, at)
