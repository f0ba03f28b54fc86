"""What the fields of all kinds of question share: typed text in, a typed answer or a problem in people's words out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext

from screening.engine.answer_reading import read_answer
from screening.engine.answers import Answer
from screening.engine.faults import Faults
from screening.engine.rule_set import Choice, Question, RuleSet


class Problem(forms.ValidationError):
    """What keeps a question from being answered. `part`: which part of it; `is_faulty`: it could not be read at all."""

    def __init__(self, message: str, *, part: str = "", is_faulty: bool = False) -> None:
        super().__init__(message)
        self.part, self.is_faulty = part, is_faulty


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a typed answer: as much of it as could be read, and what keeps it from being whole."""

    answer: Answer | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to tap. `id`: of its input."""

    code: str
    label: str
    id: str
    checked: bool


class Posted(forms.Widget):
    """Takes what was typed out of a posted form; the templates in screening/ draw the inputs."""

    def __init__(self, typed: Callable[[Any, str], Any]) -> None:
        super().__init__()
        self.typed = typed

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> Any:
        """Return what was typed for a question."""
        return self.typed(data, name)


class BoundAnswer(forms.BoundField):
    """One question on a page, with what was typed or answered before."""

    field: "AnswerField"

    @property
    def has_map(self) -> bool:
        """Whether the body map is shown with it."""
        return False

    @property
    def question(self) -> Question:
        """The question."""
        return self.field.question

    @cached_property
    def reading(self) -> Reading:
        """What was made of what was posted."""
        return self.field.read(self.data)

    @cached_property
    def typed(self) -> Any:
        """What stands in the inputs: what was posted, else the answer so far, else nothing."""
        return self.data if self.form.is_bound else self.field.as_typed(self.initial)

    @property
    def template(self) -> str:
        """The template of its inputs."""
        return f"screening/kinds/{self.question.kind}.html"

    @property
    def heading(self) -> str:
        """The question itself, or the questions; `details` has what follows."""
        return self.question.wording[: self._end_of_heading]

    @property
    def details(self) -> str:
        """What the wording says after the question."""
        return self.question.wording[self._end_of_heading :].strip()

    @property
    def _end_of_heading(self) -> int:
        return (self.question.wording.rfind("?") + 1) or len(self.question.wording)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps it from being answered, once it was posted."""
        return self.reading.problems if self.form.is_bound else ()

    @property
    def own_problems(self) -> Sequence[Problem]:
        """The problems said at the question itself; the others are said at a part of it."""
        return self.problems

    @property
    def described_by(self) -> str:
        """The ids of what belongs to the question, as far as it exists."""
        parts = {"help": self.question.help, "why": self.question.why, "error": self.own_problems}
        return " ".join(f"{self.auto_id}_{name}" for name, there in parts.items() if there)

    def options(self) -> list[Option]:
        """Return the answers to tap; the first has the id that the error summary leads to."""
        chosen = [self.typed] if isinstance(self.typed, str) else self.typed
        return [
            Option(choice.code, choice.label, f"{self.auto_id}-{choice.code}" if place else self.auto_id,
                   choice.code in chosen)
            for place, choice in enumerate(self.question.choices)
        ]  # fmt: skip

    @property
    def is_short(self) -> bool:
        """Whether its answers fit side by side on a phone."""
        labels = [choice.label for choice in self.question.choices]
        return len(labels) <= MOST_SIDE_BY_SIDE and max(map(len, labels), default=0) <= LONGEST_SIDE_BY_SIDE

    def targets(self) -> list[tuple[str, Problem]]:
        """Return each problem with the id of the input that cures it."""
        return [(self.field.target(self.auto_id, problem.part), problem) for problem in self.problems]


MOST_SIDE_BY_SIDE = 3
LONGEST_SIDE_BY_SIDE = 8


class AnswerField(forms.Field):
    """One question as a form field. It gives the typed answer; None where nothing was said."""

    bound_field_class = BoundAnswer

    def __init__(self, rule_set: RuleSet, question: Question, at: datetime) -> None:
        self.rule_set, self.question, self.at = rule_set, question, at
        super().__init__(required=question.required, label=question.wording, widget=Posted(self.posted))

    def posted(self, data: Any, name: str) -> Any:
        """Return what was typed, from a posted form; of two things at once all, which is no answer to choose from."""
        values = dict.fromkeys(posted_list(data, name))
        return " / ".join(values) if values else ""

    def as_typed(self, answer: Any) -> Any:
        """Return an answer (None: there is none) as it would have been typed."""
        return "" if answer is None else answer

    def written(self, typed: Any) -> Any:
        """Return the answer as the JSON value that the engine reads; None where nothing was typed. Raises Problem."""
        return typed or None

    def refused(self, written: Any) -> str:
        """Return what to do about a value that the engine does not take."""
        raise NotImplementedError

    def unanswered(self) -> str:
        """Return what to do about a required question without an answer."""
        raise NotImplementedError

    def read(self, typed: Any) -> Reading:
        """Return what was made of what was typed."""
        try:
            written = self.written(typed)
            answer = None if written is None else self.understood(written)
        except Problem as problem:
            return Reading(problems=(problem,))
        if answer is None and self.required:
            return Reading(problems=(Problem(self.unanswered()),))
        return Reading(answer)

    def understood(self, written: Any) -> Answer | None:
        """Return the typed answer. Raises Problem where the engine does not take it."""
        answer, is_taken = self.taken(written, self.at)
        if not is_taken:
            raise Problem(self.refused(written), is_faulty=True)
        return answer

    def taken(self, written: Any, at: datetime | None) -> tuple[Answer | None, bool]:
        """Return the engine's reading of a value, and whether it takes it. Without `at` no date is in the future."""
        faults = Faults()
        answer = read_answer(self.rule_set, self.question, written, at, faults)
        return answer, not faults.lines

    def clean(self, value: Any) -> Answer | None:
        """Return the typed answer. Raises ValidationError with every problem."""
        reading = self.read(value)
        if reading.problems:
            raise forms.ValidationError(list(reading.problems))
        return reading.answer

    def target(self, auto_id: str, _part: str) -> str:
        """Return the id of the first input of a part."""
        return auto_id

    @property
    def ways_out(self) -> list[Choice]:
        """The choices that stand beside a date, a time or a list of places, such as "Not sure"."""
        return list(self.question.choices)

    def with_way_out(self, cure: str) -> str:
        """Return what to do, followed by the answer for those who do not know."""
        open_labels = [choice.label for choice in self.question.choices if choice.open]
        if not open_labels:
            return cure
        return f"{cure} {gettext('“%(answer)s” is a good answer too.') % {'answer': open_labels[0]}}"


def counted(text: str) -> int | None:
    """Return a typed whole number; None for anything else. Python refuses to read thousands of digits."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


MOST_DIGITS = 9


def posted_list(data: Any, name: str) -> list[str]:
    """Return every value that was posted under a name."""
    return list(data.getlist(name))
