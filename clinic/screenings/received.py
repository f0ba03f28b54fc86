"""A self-check as the clinic received it, in words: for staff, and for the receipt of who sent it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clinic.screenings.models import Screening, Sending
from clinic.screenings.store import kept_case
from screening.engine.answers import Plan
from screening.engine.flow import questions_asked
from screening.engine.outcome import Outcome
from screening.engine.request import Request
from screening.engine.rule_set import Question, RuleSet
from screening.presentation import Told, for_practitioner
from screening.rulesets import pinned_set
from screening.wording import in_words

Tell = Callable[[RuleSet, Outcome, Plan], Told]


@dataclass(frozen=True, slots=True)
class Answered:
    """One question and what was said; without `lines` nothing was.

    `is_open`: it is not, or not fully, answered. `is_quiet`: the answer is one that settles the question.
    """

    wording: str
    lines: tuple[str, ...]
    is_open: bool
    is_quiet: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The questions of one section."""

    title: str
    rows: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """One sending: who sent it (`sending`), what came out, and everything that was said, gaps included.

    `goals`: what the person hopes for.
    """

    sending: Sending
    told: Told
    goals: tuple[str, ...]
    parts: tuple[Part, ...]


def received(sending: Sending, tell: Tell = for_practitioner) -> Received | None:
    """Return what the clinic received; None when the rules that it was screened by are not as they were published.

    `tell`: in whose words. The outcome is the stored one: nothing is screened again.
    """
    screening: Screening = sending.screening
    outcome = Outcome.from_json(screening.outcome)
    named = outcome.rule_set
    rule_set = pinned_set((named.code, named.version, named.digest))
    if rule_set is None:
        return None
    request = kept_case(rule_set, screening)
    return Received(
        sending=sending,
        told=tell(rule_set, outcome, request.plan),
        goals=tuple(rule_set.goals[code].name for code in request.plan.goals),
        parts=tuple(_parts(rule_set, request, outcome)),
    )


def _parts(rule_set: RuleSet, request: Request, outcome: Outcome) -> Iterator[Part]:
    asked = questions_asked(rule_set, request.plan, request.answers, request.at)
    shown = [question for question in asked if question.asked_by == "patient" or question.code in request.answers]
    for section in rule_set.sections:
        rows = [_answered(rule_set, entry, request, outcome) for entry in shown if entry.section == section.code]
        if rows:
            yield Part(section.title, tuple(rows))


def _answered(rule_set: RuleSet, question: Question, request: Request, outcome: Outcome) -> Answered:
    answer = request.answers.get(question.code)
    return Answered(
        wording=question.wording,
        lines=in_words(rule_set, question, answer),
        is_open=question.code in outcome.missing,
        is_quiet=answer in question.safe_answers,
    )
