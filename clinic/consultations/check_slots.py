"""The rooms of today's check: one for each question that could be asked, one for each thing that was settled."""

from collections.abc import Mapping
from dataclasses import dataclass

from clinic.consultations.gate_findings import Again
from screening.engine.answers import Answer
from screening.engine.rule_set import Question, RuleSet
from screening.fields.answer import BoundAnswer, Option
from screening.wording import in_words

KEYS: Mapping[str, str] = {"yes": "y", "no": "n", "unsure": "u"}


@dataclass(frozen=True, slots=True)
class Slot:
    """The room of one question. `field`: none while it is not asked. `then`: what was said at the screening.

    `kept`: what is in the list of operations, as the page posts it again. `was_shown`: it stood on the posted page.
    """

    question: Question
    field: BoundAnswer | None
    then: tuple[str, ...]
    kept: str
    was_shown: bool

    @property
    def code(self) -> str:
        """The question's code."""
        return self.question.code

    @property
    def options(self) -> list[tuple[Option, str]]:
        """The answers to tap, each with its key."""
        options = self.field.options() if self.field else []
        return [(option, KEYS.get(option.code, str(number))) for number, option in enumerate(options, 1)]

    @property
    def has_changed(self) -> bool:
        """Whether it has to be drawn anew on a page that is already there."""
        return (self.field is not None) != self.was_shown


@dataclass(frozen=True, slots=True)
class Settled:
    """The room of one thing that was settled. `again`: none while today's answers do not say it."""

    rule: str
    again: Again | None
    said: str
    was_shown: bool
    is_wrong: bool

    @property
    def has_changed(self) -> bool:
        """Whether it has to be drawn anew on a page that is already there."""
        return (self.again is not None) != self.was_shown


def told_then(rule_set: RuleSet, question: Question, answer: Answer | None) -> tuple[str, ...]:
    """Return what was said at the screening in words; nothing of an answer that settles its question."""
    if answer is None or answer in question.safe_answers or question.stage == "session":
        return ()
    return in_words(rule_set, question, answer)
