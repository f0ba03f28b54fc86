"""Whoever follows the printed words of a blank form answers exactly the questions that the engine would ask.

The words are read again here, by their own grammar, and nothing of `blank_form_logic` is used to read them.
"""

import random
import re
from datetime import timedelta
from functools import lru_cache

import pytest

from clinic.documents.blank_form import blank_page
from clinic.documents.samples.blank_form import AT
from screening.engine.answers import BloodPressure, Operation, Plan
from screening.engine.calendar import PartialDate
from screening.engine.flow import plannable, questions_asked, questions_of
from tests.screening.rule_set_one import rule_set

RULES = rule_set()
OFFERED = [code for code, treatment in RULES.treatments.items() if treatment.plan != "not-offered"]
pytestmark = pytest.mark.one_database
QUOTED = re.compile(r"“([^”]+)”")


@lru_cache
def form(treatment):
    """The questions of a form as they are printed, by number, and the number of each by its code."""
    page = blank_page(RULES, treatment, ["chest"], AT)
    printed = {one.number: one for part in page.parts for section in part.sections for one in section.questions}
    of_wording = {one.wording: number for number, one in printed.items()}
    asked = questions_of(RULES, Plan(treatment, (), "session"), any_sites=True)
    assert len(of_wording) == len(asked)
    return printed, {question.code: of_wording[question.wording] for question in asked}


def holds(clause, written, places):
    """Whether one clause of "Answer this only if" holds. `written`: by number what stands on the paper."""
    if named := re.fullmatch(r"the answer to question (\d+) is (“.+”)", clause):
        return written.get(int(named[1])) in QUOTED.findall(named[2])
    if named := re.fullmatch(r"question (\d+) has no answer", clause):
        return int(named[1]) not in written
    if named := re.fullmatch(r"one of these places is to be treated: (.+)", clause):
        return not places.isdisjoint(re.split(r", | or ", named[1]))
    raise AssertionError(f"nobody could follow: {clause}")


def is_to_be_answered(question, written, places):
    """Whether somebody who reads the words above a question answers it."""
    ways = question.only_if.split(", or if ") if question.only_if else [""]
    return any(
        all(
            holds(clause, written, places) for clause in re.split(r" and (?=the answer|question|one of)", way) if clause
        )
        for way in ways
    )


def any_answer(question, some):
    """An answer that the question may have, as the engine types it."""
    codes = [choice.code for choice in question.choices]
    if question.kind == "choice":
        return some.choice(codes)
    return {
        "kinds": lambda: tuple(some.sample(codes, 1)),
        "sites": lambda: ("abdomen",),
        "operations": lambda: (Operation(PartialDate(2026, None, None), ("abdomen",)),),
        "partial-date": lambda: PartialDate(2026, None, None),
        "moment": lambda: AT - timedelta(hours=1),
        "number": lambda: 37.0,
        "blood-pressure": lambda: BloodPressure(130, 80),
        "text": lambda: "some words",
    }[question.kind]()


def follow(treatment, sites, said, on_paper):
    """The codes of the questions that a person answers who goes through the form from the first to the last."""
    printed, numbers = form(treatment)
    places = {RULES.sites[code].name for code in sites}
    written, answered = {}, set()
    for code in on_paper:
        number = numbers[code]
        if not is_to_be_answered(printed[number], written, places):
            continue
        answered.add(code)
        if code in said:
            labels = {choice.code: choice.label for choice in RULES.questions[code].choices}
            answer = said[code]
            written[number] = labels.get(answer, answer) if isinstance(answer, str) else answer
    return answered


@pytest.mark.hazard("H-22")
@pytest.mark.parametrize("treatment", OFFERED)
@pytest.mark.parametrize("stage", ["consultation", "session"])
def test_whoever_follows_the_words_answers_what_the_engine_asks(treatment, stage):
    some = random.Random(f"{treatment} {stage}")
    planned = RULES.treatments[treatment]
    free = [] if planned.plan == "fixed" else plannable(RULES, planned)
    for _ in range(150):
        chosen = tuple(some.sample(free, some.randint(1, min(4, len(free))))) if free else ()
        plan = Plan(treatment, chosen, stage)
        pool = questions_of(RULES, plan, any_sites=True)
        gaps = some.choice([0, 0.1, 0.5])
        said = {one.code: any_answer(one, some) for one in pool if some.random() >= gaps}
        sites = {*chosen, *(planned.fixed_sites if planned.plan == "fixed" else ())}
        wanted = {question.code for question in questions_asked(RULES, plan, said, AT)}
        assert follow(treatment, sites, said, [one.code for one in pool]) == wanted


@pytest.mark.parametrize("treatment", OFFERED)
def test_every_box_that_sends_on_sends_to_a_question_that_is_then_asked(treatment):
    """And what no box sends to is asked of everybody, or for other reasons that its own words give."""
    printed, numbers = form(treatment)
    codes = {number: code for code, number in numbers.items()}
    sent = {
        (number, box.label, int(to))
        for number, one in printed.items()
        for box in one.boxes
        for to in re.findall(r"\d+", box.then)
    }
    named = {
        (int(at), label, number)
        for number, one in printed.items()
        for at, labels in re.findall(r"the answer to question (\d+) is (“.+?”)(?= and |, or if |$)", one.only_if)
        for label in QUOTED.findall(labels)
    }
    assert sent == named
    assert [codes[to] for at, _, to in sent if to <= at and printed[to].required] == []
