"""What is put beside the questions of an intake: what the patient said, what was said last time, what staff changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from clinic.consultations.models import Intake
from clinic.screenings.matching import patient_of
from clinic.screenings.models import Screening, Sending
from clinic.screenings.needs_word import starts_empty, words_needed
from clinic.screenings.said import LastSaid, last_said, lines_of, patient_codes, set_of
from screening.engine.moving import moved
from screening.engine.rule_set import Question, RuleSet
from screening.engine.written import says_the_same


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside one question of an intake.

    `patient`: what the patient said in the self-check that is reviewed, a line each; `was_put`: they were asked.
    `last`, `last_at`: what was said when it was last answered with staff, and when that was. `needs_word`: why it has
    to be talked about. `differs`: what is said now is another than last time's; `is_notable`: last time's was not the
    plain safe one. `changed_by`, `changed_at`: who changed the patient's own answer, and when.
    """

    patient: tuple[str, ...] = ()
    was_put: bool = False
    last: tuple[str, ...] = ()
    last_at: datetime | None = None
    needs_word: str = ""
    differs: bool = False
    is_notable: bool = False
    changed_by: str = ""
    changed_at: datetime | None = None


class Prefilled(NamedTuple):
    """What an intake starts with, as JSON values."""

    answers: dict[str, Any]
    sites: list[str]
    goals: list[str]


def prefill(sending: Sending, rule_set: RuleSet) -> Prefilled:
    """Return what a review of `sending` by `rule_set` starts with: the patient's own, but for what needs a word.

    Empty start the answers that settle nothing or contradict something, and those to questions that changed since.
    """
    whole = carried(sending.screening, rule_set)
    words = words_needed(sending, rule_set, last_said(patient_of(sending)))
    return whole._replace(
        answers={code: answer for code, answer in whole.answers.items() if not starts_empty(words.get(code))}
    )


def carried(screening: Screening, rule_set: RuleSet) -> Prefilled:
    """Return what of a stored screening holds in `rule_set` too: what a correction starts with."""
    plan = screening.plan
    answers, sites, goals, _ = moved(
        set_of(screening), rule_set, screening.answers, plan.get("sites", ()), plan.get("goals", ())
    )
    return Prefilled(answers, list(sites), list(goals))


def beside(rule_set: RuleSet, intake: Intake, now: datetime) -> Mapping[str, Beside]:
    """Return what stands beside the questions of an intake, by question; a question without anything is not in it.

    `now`: what was said after it is no last time. At most two queries, besides the sending's own.
    """
    last, sending = last_said(intake.patient, before=now), intake.sending
    questions = rule_set.questions
    since = {code: _since(intake, questions[code], said) for code, said in last.items() if code in questions}
    if sending is None:
        return since
    said, put = _said(sending), patient_codes(sending.screening)
    words, changed = words_needed(sending, rule_set, last), changes(intake, rule_set)
    return {
        code: replace(
            since.get(code, Beside()),
            patient=said.get(code, ()),
            was_put=code in put,
            needs_word=words[code].words if code in words else "",
            **(_of_change(changed[code]) if code in changed else {}),
        )
        for code in questions
        if code in put or code in said or code in since
    }


def changes(intake: Intake, rule_set: RuleSet) -> dict[str, Any]:
    """Return what staff changed of a patient's own answers, as Screening.changes keeps it; empty without a sending."""
    if intake.sending is None:
        return {}
    return dict(_changes(intake, rule_set, intake.sending))


def _changes(intake: Intake, rule_set: RuleSet, sending: Sending) -> Iterator[tuple[str, Any]]:
    said = sending.screening.answers
    put = patient_codes(sending.screening)
    for code in rule_set.questions:
        if (code in put or code in said) and not says_the_same(said.get(code), intake.answers.get(code)):
            # Without a mark nobody typed anything: it was left empty by who brings the review to its end.
            mark = intake.marks.get(code) or {"by": intake.changed_by.name, "at": intake.changed_at.isoformat()}
            yield code, {"was": said.get(code), "by": mark["by"], "at": mark["at"]}


def _said(sending: Sending) -> Mapping[str, tuple[str, ...]]:
    rule_set = set_of(sending.screening)
    return {} if rule_set is None else lines_of(rule_set, sending.screening.answers)


def _since(intake: Intake, question: Question, last: LastSaid) -> Beside:
    said = intake.sending.screening.answers if intake.sending else {}
    now = intake.answers.get(question.code, said.get(question.code))
    # A reading is another one every day: that says nothing.
    is_said = question.asked_by == "patient"
    return Beside(
        last=last.lines,
        last_at=last.at,
        differs=is_said and now is not None and not says_the_same(now, last.value),
        is_notable=is_said and last.value not in question.safe_answers,
    )


def _of_change(change: Mapping[str, Any]) -> dict[str, Any]:
    return {"changed_by": change["by"], "changed_at": datetime.fromisoformat(change["at"])}
