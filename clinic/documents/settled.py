"""How a decision dealt with its findings, in words, and what that rests on: a doctor's word, a letter, an answer."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from clinic.consultations.models import Letter, Referral, ReferralStep, Settlement, Statement
from screening.presentation.moments import moment_in_words

Named = Callable[[Iterable[str]], str]


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that a decision rests on, and the title of the finding that it is `about`.

    `what`: such as a doctor's clearance; `who`: said it, and when; `kept`: how its letter is known again.
    """

    about: str
    what: str
    who: str
    words: str
    kept: str


def settled_words(one: Settlement, places: str = "") -> str:
    """Return how a finding was settled, for which `places`, until when that counts, and the words with it."""
    until = f", counts until {moment_in_words(one.ends_on)}" if one.ends_on else ""
    return _sentences(f"{one.get_reason_display()}{until}", f"For: {places}" if places else "", one.words)


def ground_of(one: Settlement, title: str, named: Named, decided_at: datetime) -> Ground | None:
    """Return what a settlement rests on; none where it is the practitioner's own word.

    `title`: of its finding; `named`: names of places from their codes. Of a referral only what was there when the
    decision was made: what came later is no part of it.
    """
    if one.statement is not None:
        return _of_statement(one.statement, title, named)
    return _of_referral(one.referral, title, decided_at) if one.referral is not None else None


def _of_statement(row: Statement, title: str, named: Named) -> Ground:
    places = f"For: {named(row.sites)}" if row.sites else ""
    until = f"Until {moment_in_words(row.ends_on)}" if row.ends_on else ""
    return Ground(
        title, row.get_kind_display(), _who(row.said_by, row.said_on), _sentences(row.words, places, until),
        _kept(row.letter),
    )  # fmt: skip


def _of_referral(row: Referral, title: str, decided_at: datetime) -> Ground:
    answers = [step for step in row.steps.all() if step.kind == ReferralStep.Kind.ANSWERED and step.at <= decided_at]
    if not answers:
        return Ground(title, "Asked of a doctor", row.to, _sentences(row.question, "No answer is recorded"), "")
    answer = max(answers, key=lambda step: step.pk)
    result = f"Answer: {answer.get_result_display().lower()}"
    words = _sentences(f"Question: {row.question}", result, answer.words)
    return Ground(title, "Doctor’s answer", _who(row.to, answer.on), words, _kept(answer.letter))


def _who(name: str, on: date) -> str:
    return f"{name}, {moment_in_words(on)}"


def _kept(letter: Letter | None) -> str:
    """Return what a letter can be known again by: the first 16 digits of the digest of its bytes."""
    return f"Letter on file, SHA-256 begins {letter.sha256[:16]}" if letter else "No letter"


def _sentences(*parts: str) -> str:
    return " ".join(_ended(part.strip()) for part in parts if part.strip())


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def grounds(
    settlements: Iterable[Settlement], title: Callable[[Settlement], str], named: Named, decided_at: datetime
) -> Iterator[Ground]:
    """Yield what the settlements of a decision rest on."""
    for one in settlements:
        ground = ground_of(one, title(one), named, decided_at)
        if ground is not None:
            yield ground
