"""What of a self-check has to be talked about before anybody stands behind it, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clinic.screenings.models import Sending
from clinic.screenings.said import LastSaid, set_of
from screening.engine.moving import moved
from screening.engine.rule_set import Question, RuleSet
from screening.presentation.practitioner_words import HEADINGS

FINDING = "finding"


@dataclass(frozen=True, slots=True)
class Word:
    """Why a question needs a word. `reason`: unanswered, unfinished, open, contradiction, asked-again or finding."""

    reason: str
    words: str


def words_needed(sending: Sending, rule_set: RuleSet, last: Mapping[str, LastSaid]) -> dict[str, Word]:
    """Return, by question of `rule_set`, what of a self-check needs a word; the first reason that it has.

    `last`: what was said last time with staff. The outcome is the stored one: nothing is screened again.
    """
    found: dict[str, Word] = {}
    for code, word in _all_words(sending, rule_set, last):
        if code in rule_set.questions:
            found.setdefault(code, word)
    return found


def starts_empty(word: Word | None) -> bool:
    """Return whether a review asks this anew. What only brings up a finding is plain, and stays as it was said."""
    return word is not None and word.reason != FINDING


def _all_words(sending: Sending, rule_set: RuleSet, last: Mapping[str, LastSaid]) -> Iterator[tuple[str, Word]]:
    old, screening = set_of(sending.screening), sending.screening
    outcome, answers = screening.outcome, screening.answers
    for code in outcome["missing"]:
        yield code, _MISSING[code in answers]
    if old is None:
        yield from ((code, _CHANGED) for code in answers)
        return
    for code in outcome["unsure"]:
        yield code, _open_word(old.questions[code], answers[code])
    for code in outcome["ignored"]:
        if answers[code] not in old.questions[code].safe_answers:
            yield code, Word("contradiction", "Another answer says that this does not arise. Ask which is right.")
    for code, said in last.items():
        if code in old.questions and _is_taken_back(old.questions[code], said.value, answers.get(code)):
            yield code, Word("contradiction", f"Last time it was “{', '.join(said.lines)}”. Ask which is right.")
    asked_again = moved(old, rule_set, answers)[3]
    yield from ((code, _CHANGED) for code in asked_again if code in answers)
    yield from _of_findings(old, outcome)


_MISSING = {
    False: Word("unanswered", "They did not answer this."),
    True: Word("unfinished", "They did not finish this."),
}
_CHANGED = Word("asked-again", "This question has changed since they answered it.")


def _open_word(question: Question, answer: Any) -> Word:
    if answer == "in-person":
        return Word("open", "They want to talk about this in person.")
    label = next((choice.label for choice in question.choices if choice.code == answer), "")
    return Word("open", f"They said “{label}”. Settle it together." if label else "They are not sure of all of it.")


def _is_taken_back(question: Question, before: Any, now: Any) -> bool:
    """Return whether something that lasts was said last time, and is denied now."""
    if question.afresh or question.kind != "choice" or before in question.open_answers:
        return False
    return now in question.safe_answers and before not in question.safe_answers


def _of_findings(rule_set: RuleSet, outcome: Mapping[str, Any]) -> Iterator[tuple[str, Word]]:
    for finding in outcome["findings"]:
        if finding["grade"] != "note":
            title = rule_set.rules[finding["rule"]].title
            kind = HEADINGS["open" if finding["status"] == "unresolved" else finding["grade"]]
            for code in finding["answers"]:
                yield code, Word(FINDING, f"{title}: {str(kind).lower()}.")
