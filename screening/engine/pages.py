"""Which questions share a page, and which page comes next. Grouping is data: `Question.page`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from screening.engine.answers import Answers, Plan
from screening.engine.flow import Asked, questions_asked
from screening.engine.rule_set import Question, RuleSet


@dataclass(frozen=True, slots=True)
class Page:
    """The questions put to a patient together."""

    questions: tuple[Question, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The questions' codes."""
        return tuple(question.code for question in self.questions)

    @property
    def section(self) -> str:
        """The code of the section they belong to."""
        return self.questions[0].section


def pages_asked(rule_set: RuleSet, plan: Plan, answers: Answers, at: datetime) -> tuple[Page, ...]:
    """Return the pages that a patient is asked, in order; what staff measure or record is not among them."""
    asked = [question for question in questions_asked(rule_set, plan, answers, at) if question.asked_by == "patient"]
    return tuple(
        Page(tuple(together)) for _, together in groupby(asked, lambda question: question.page or question.code)
    )


def open_questions(pages: Iterable[Page], asked: Asked, left: Collection[str]) -> frozenset[str]:
    """Return the codes of the patient's questions still to be put: unanswered, or in part, and not in `left`.

    `pages` and `asked`: what is asked, and what the flow makes of the answers. `left`: the questions that were put
    and knowingly left open.
    """
    codes = {code for page in pages for code in page.codes}
    counted, missing = asked.case.answers, asked.missing
    return frozenset(code for code in codes if (code not in counted or code in missing) and code not in left)
