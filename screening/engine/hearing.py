"""What a rule set makes of actual answers: which rules they reach, and which of them nothing hears."""

import json
from collections.abc import Iterator
from itertools import combinations

from screening.engine.answers import Answer
from screening.engine.rule_set import STAGES, Question, RuleSet
from screening.engine.witness import (
    Witness,
    answers_of,
    asked_cases,
    offered,
    readings_at_limits,
    settled_case,
    witness_of,
)
from screening.engine.written import written_answer


def unreached(rule_set: RuleSet, cases: list[Witness]) -> Iterator[str]:
    """Yield the groups of rules that no answers reach; the cases that reach the others go into `cases`."""
    for rule in rule_set.rules.values():
        for position, group in enumerate(rule.groups):
            case = witness_of(rule_set, rule, group)
            if case is None:
                yield f"rules.{rule.code}: can never be met by groups[{position}]: no answers reach it"
            else:
                cases.append(case)


def unheard(rule_set: RuleSet, cases: list[Witness]) -> Iterator[str]:
    """Yield the unsafe answers that lead to no finding above a note, and where they can be given.

    The cases that show it go into `cases`.
    """
    given: dict[tuple[str, str], dict[str, bool]] = {}
    for treatment in offered(rule_set):
        for stage in STAGES:
            for question in rule_set.scopes[treatment.code, stage].questions.values():
                for answer in _unsafe_answers(rule_set, question):
                    found = asked_cases(rule_set, treatment, stage, question, answer)
                    cases += found
                    if found:
                        heard = all(_is_heard(question, case) for case in found)
                        given.setdefault((question.code, _written(answer)), {})[f"{treatment.code} {stage}"] = heard
    for (code, answer), places in given.items():
        silent = [place for place, heard in places.items() if not heard]
        if silent:
            where = ", ".join(silent) if len(silent) < len(places) else "wherever it is asked"
            yield f"questions.{code}: the answer {answer} triggers nothing ({where})"


def unanswered_unheard(rule_set: RuleSet) -> Iterator[str]:
    """Yield the questions that may stay unanswered though a rule reads them, and says nothing of it then."""
    for treatment in offered(rule_set):
        for stage in STAGES:
            scope = rule_set.scopes[treatment.code, stage]
            found = {finding.rule for finding in settled_case(rule_set, treatment, stage).outcome.findings}
            for question in scope.questions.values():
                if question.required or question.shown_only or question.ranges:
                    continue
                readers = {ready.rule.code for ready in scope.groups if question.code in ready.questions}
                if readers.isdisjoint(found):
                    where = f"{treatment.code} {stage}"
                    yield f"questions.{question.code}: may stay unanswered, and nothing says so then ({where})"


def never_apart(cases: list[Witness]) -> Iterator[str]:
    """Yield the pairs of rules that no case at hand tells apart: each rule's own witnesses are among the cases."""
    fired: dict[tuple[str, str], set[int]] = {}
    for number, case in enumerate(cases):
        for finding in case.outcome.findings:
            fired.setdefault((finding.rule, finding.grade), set()).add(number)
    for (one, grade), (other, other_grade) in combinations(fired, 2):
        if one != other and grade == other_grade and fired[one, grade] == fired[other, grade]:
            yield f"rules.{one}: always fires together with {other}, at the same grade {grade}"


def _is_heard(question: Question, case: Witness) -> bool:
    return any(question.code in finding.answers and finding.grade != "note" for finding in case.outcome.findings)


def _unsafe_answers(rule_set: RuleSet, question: Question) -> list[Answer]:
    if question.shown_only or question.kind == "text":
        return []
    if question.ranges:
        return readings_at_limits(rule_set, question)
    return [answer for answer in answers_of(rule_set, question) if answer not in question.safe_answers]


def _written(answer: Answer) -> str:
    written = written_answer(answer)
    return written if isinstance(written, str) else json.dumps(written)
