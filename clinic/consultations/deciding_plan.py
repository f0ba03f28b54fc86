"""The course that the sources give for a treatment (catalogue, section 8)."""

from dataclasses import dataclass

from screening.engine.rule_set import RuleSet

MOST_SESSIONS = 200
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Course:
    """How many sessions a source gives for a treatment, and in which words it says the rest."""

    fewest: int
    most: int
    words: str


# The only numbers there are: no other treatment borrows them.
_MICROCURRENT = Course(
    8, 12, "8 to 12 sessions, several days apart, then once a month. It names no number of days in between."
)
COURSES = {"facial-microcurrent": _MICROCURRENT, "body-microcurrent": _MICROCURRENT}


def course_words(rule_set: RuleSet, treatment: str) -> str:
    """Take a treatment, give what the sources say of its course, in words."""
    if course := COURSES.get(treatment):
        return f"The source gives {course.words}"
    return f"No source gives a course for {rule_set.treatments[treatment].name}. It is your own judgement."


def is_outside(treatment: str, sessions: int | None) -> bool:
    """Return whether a number of sessions lies outside what a source gives for this very treatment."""
    course = COURSES.get(treatment)
    return course is not None and sessions is not None and not course.fewest <= sessions <= course.most
