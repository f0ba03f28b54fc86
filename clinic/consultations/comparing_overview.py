"""What comes first in an intake: what needs a word, and what differs from last time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from clinic.consultations.comparing import Beside
from clinic.consultations.models import Intake
from clinic.screenings.said import lines_of
from screening.engine.flow import in_flow_order
from screening.engine.rule_set import RuleSet
from screening.presentation.telling import in_short


@dataclass(frozen=True, slots=True)
class Line:
    """One question in short. `now`: what is answered so far; `then`: said last time; `words`: why it needs a word."""

    code: str
    wording: str
    now: tuple[str, ...]
    then: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What comes first in an intake. `words`: what needs a word. `last_at`: when the last screening was, if any.

    `differences`: what is said otherwise than last time; `notable`: what was said last time and is not answered yet.
    """

    words: tuple[Line, ...]
    last_at: datetime | None
    differences: tuple[Line, ...]
    notable: tuple[Line, ...]


def overview(rule_set: RuleSet, intake: Intake, found: Mapping[str, Beside]) -> Overview:
    """Return what comes first in an intake, of what stands beside its questions (`comparing.beside`)."""
    questions = in_flow_order({code: rule_set.questions[code] for code in found})
    now = lines_of(rule_set, intake.answers)
    lines = {
        question.code: Line(
            code=question.code,
            wording=in_short(question.wording),
            now=now.get(question.code, ()),
            then=found[question.code].last,
            words=found[question.code].needs_word,
        )
        for question in questions
    }
    # A reading is another one every day: that is no difference.
    said = [question.code for question in questions if question.asked_by == "patient"]
    waiting = [code for code in said if code not in now and not found[code].differs]
    return Overview(
        words=tuple(line for line in lines.values() if line.words),
        last_at=max((entry.last_at for entry in found.values() if entry.last_at), default=None),
        differences=tuple(lines[code] for code in said if found[code].differs),
        notable=tuple(lines[code] for code in waiting if found[code].is_notable),
    )
