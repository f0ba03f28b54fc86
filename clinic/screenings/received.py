"""A self-check as the clinic received it, in words: for staff, and for the receipt of who sent it."""

from collections.abc import Iterator
from dataclasses import dataclass

from clinic.screenings.matching import patient_of
from clinic.screenings.models import Sending
from clinic.screenings.needs_word import FINDING, Word, words_needed
from clinic.screenings.said import last_said, lines_of
from clinic.screenings.stored import Part, Stored, Tell, stored
from screening.engine.flow import in_flow_order
from screening.engine.rule_set import Question
from screening.presentation import Told, for_practitioner
from screening.presentation.telling import in_short


@dataclass(frozen=True, slots=True)
class NeedsWord:
    """One question to talk about before anybody stands behind the answer: what was said, and why it needs a word."""

    wording: str
    lines: tuple[str, ...]
    words: str
    is_finding: bool


@dataclass(frozen=True, slots=True)
class Received:
    """One sending: who sent it (`sending`), what came out, and everything that was said, gaps included.

    `goals`: what the person hopes for. `needs_word`: for staff only.
    """

    sending: Sending
    told: Told
    goals: tuple[str, ...]
    parts: tuple[Part, ...]
    needs_word: tuple[NeedsWord, ...] = ()


def received(sending: Sending, tell: Tell = for_practitioner) -> Received | None:
    """Return what the clinic received; None when the rules that it was screened by are not as they were published.

    `tell`: in whose words. The outcome is the stored one: nothing is screened again.
    """
    kept = stored(sending.screening, tell)
    if kept is None:
        return None
    needs_word = tuple(_needs_word(sending, kept)) if tell is for_practitioner else ()
    return Received(sending, kept.told, kept.goals, kept.parts, needs_word)


def _needs_word(sending: Sending, kept: Stored) -> Iterator[NeedsWord]:
    """Yield what needs a word: what settles nothing before what only brings something up."""
    answers = sending.screening.answers
    words = words_needed(sending, kept.rule_set, last_said(patient_of(sending), before=sending.screening.answered_at))
    lines = lines_of(kept.rule_set, answers)
    questions = in_flow_order({code: kept.rule_set.questions[code] for code in words})
    for question in sorted(questions, key=lambda entry: words[entry.code].reason == FINDING):
        yield _one(question, lines.get(question.code, ()), words[question.code])


def _one(question: Question, lines: tuple[str, ...], word: Word) -> NeedsWord:
    return NeedsWord(in_short(question.wording), lines, word.words, word.reason == FINDING)
