"""All answers of a self-check in words, gaps included, each with the page that changes it."""

from collections.abc import Iterator
from dataclasses import dataclass

from clinic.self_check.journey import Journey
from screening.engine.rule_set import Question
from screening.wording import in_words


@dataclass(frozen=True, slots=True)
class Row:
    """One question and what was said. `page`: the number of its page; `is_open`: not, or not fully, answered."""

    wording: str
    lines: tuple[str, ...]
    page: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one section."""

    title: str
    rows: tuple[Row, ...]


def summary(journey: Journey) -> tuple[Part, ...]:
    """Return every question of this person's way with its answer, by section."""
    rows = {section.code: [] for section in journey.rule_set.sections}  # type: dict[str, list[Row]]
    for section, row in _rows(journey):
        rows[section].append(row)
    return tuple(
        Part(section.title, tuple(rows[section.code])) for section in journey.rule_set.sections if rows[section.code]
    )


def _rows(journey: Journey) -> Iterator[tuple[str, Row]]:
    for number, page in enumerate(journey.pages, 1):
        for question in page.questions:
            yield page.section, _row(journey, question, number)


def _row(journey: Journey, question: Question, page: int) -> Row:
    lines = in_words(journey.rule_set, question, journey.answers.get(question.code))
    return Row(question.wording, lines, page, question.code in journey.outcome.missing)
