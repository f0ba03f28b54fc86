"""A stored screening in words: what came out and everything that was said, gaps included; nothing is screened again."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clinic.screenings.models import STAFF_DOORS, Screening
from clinic.screenings.said import lines_of, set_of
from clinic.screenings.store import kept_case
from screening.engine.answers import Plan
from screening.engine.flow import in_flow_order, questions_asked
from screening.engine.outcome import Outcome
from screening.engine.request import Request
from screening.engine.rule_set import Question, RuleSet
from screening.presentation import Told
from screening.presentation.telling import in_short
from screening.wording import in_words

Tell = Callable[[RuleSet, Outcome, Plan], Told]


@dataclass(frozen=True, slots=True)
class Change:
    """What staff changed: what the patient said (`was`; nothing: they gave no answer), who changed it and when."""

    was: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """One question and what was said; without `lines` nothing was.

    `in_short`: enough of the wording to know it again. `is_open`: it is not, or not fully, answered. `is_quiet`: the
    answer is one that settles the question. `is_asked`: False where only a note or a change is left of it. `note`:
    staff's words.
    """

    wording: str
    in_short: str
    lines: tuple[str, ...]
    is_open: bool
    is_quiet: bool
    is_asked: bool = True
    note: str = ""
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The questions of one section."""

    title: str
    rows: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A screening as it was stored. `goals`: what the person hopes for, by name."""

    rule_set: RuleSet
    outcome: Outcome
    told: Told
    goals: tuple[str, ...]
    parts: tuple[Part, ...]


def stored(screening: Screening, tell: Tell) -> Stored | None:
    """Return a screening in the words of `tell`; None when its rules are not as they were published."""
    rule_set = set_of(screening)
    if rule_set is None:
        return None
    outcome, request = Outcome.from_json(screening.outcome), kept_case(rule_set, screening)
    return Stored(
        rule_set=rule_set,
        outcome=outcome,
        told=tell(rule_set, outcome, request.plan),
        goals=tuple(rule_set.goals[code].name for code in request.plan.goals),
        parts=tuple(_parts(rule_set, screening, request)),
    )


def still_counts(screening: Screening) -> bool:
    """Return whether staff stand behind a screening, and it was neither struck out nor corrected."""
    is_by_staff = screening.door in STAFF_DOORS and screening.by_id is not None
    return is_by_staff and not hasattr(screening, "voided") and not screening.corrections.exists()


def _parts(rule_set: RuleSet, screening: Screening, request: Request) -> Iterator[Part]:
    asked = {entry.code: entry for entry in questions_asked(rule_set, request.plan, request.answers, request.at)}
    # Of what staff measure, a self-check shows only what it has.
    put = {code for code, entry in asked.items() if screening.by_id or entry.asked_by == "patient"}
    shown = {*put, *request.answers, *screening.notes, *screening.changes}
    changes = _changes(rule_set, screening.changes)
    questions = in_flow_order({code: rule_set.questions[code] for code in shown if code in rule_set.questions})
    for section in rule_set.sections:
        rows = [
            _answered(rule_set, entry, screening, request, is_asked=entry.code in asked, change=changes.get(entry.code))
            for entry in questions
            if entry.section == section.code
        ]
        if rows:
            yield Part(section.title, tuple(rows))


def _answered(rule_set: RuleSet, question: Question, screening: Screening, request: Request, **more: Any) -> Answered:
    answer = request.answers.get(question.code)
    return Answered(
        wording=question.wording,
        in_short=in_short(question.wording),
        lines=in_words(rule_set, question, answer),
        is_open=question.code in screening.outcome["missing"],
        is_quiet=answer in question.safe_answers,
        note=screening.notes.get(question.code, ""),
        **more,
    )


def _changes(rule_set: RuleSet, changes: Mapping[str, Any]) -> dict[str, Change]:
    was = lines_of(rule_set, {code: change["was"] for code, change in changes.items() if change["was"] is not None})
    return {
        code: Change(was.get(code, ()), change["by"], datetime.fromisoformat(change["at"]))
        for code, change in changes.items()
    }
