"""Every fault of a request is named, in words a person can act on, and none is skipped."""

import re

import pytest

from screening.engine.evaluate import evaluate
from screening.engine.request import RequestError, read
from tests.screening.malformed_requests import LINE, Malformed, malformed, now
from tests.screening.rule_set_one import rule_set

# A reader of these lines may know no programming, and is neither begged nor blamed.
NOT_OUR_WORDS = re.compile(r"\b(please|sorry|invalid|illegal|error|exception|traceback|null byte)\b", re.IGNORECASE)


def faults_of(text: bytes | str) -> list[str]:
    try:
        request = read(rule_set(), text, now)
    except RequestError as error:
        return error.faults
    evaluate(rule_set(), request.answers, request.plan, request.at)
    return []


@pytest.mark.parametrize("case", malformed(), ids=lambda case: case.id)
def test_a_request_has_exactly_these_faults(case: Malformed):
    assert faults_of(case.text) == case.faults


def test_a_request_as_text_has_the_faults_of_its_bytes():
    as_text = [case for case in malformed() if case.id.startswith(("not-json", "twice", "request", "answers"))]
    assert [faults_of(case.text.decode()) for case in as_text] == [case.faults for case in as_text]


def test_the_table_is_large_and_names_each_request_once():
    cases = malformed()
    assert (len({case.id for case in cases}), len({case.text for case in cases})) == (178, 178)
    assert (sum(bool(case.faults) for case in cases), sum(not case.faults for case in cases)) == (156, 22)


def test_every_line_is_a_place_and_a_reason_in_plain_words():
    lines = [line for case in malformed() for line in case.faults]
    assert [line for line in lines if not LINE.match(line)] == []
    assert [line for line in lines if NOT_OUR_WORDS.search(line)] == []


def test_a_key_given_twice_among_very_many_is_found_at_once():
    keys = [f"key-{number}" for number in range(20_000)]
    answers = ", ".join(f'"{key}": 1' for key in [*keys, *keys])
    faults = faults_of(f'{{"treatment": "ems-training", "answers": {{{answers}}}}}')
    assert len(faults) == 40_000
    assert faults[0] == "answers.key-0: is given twice; leave one out"
    assert faults[-1] == "answers.key-19999: is not a question; use a code such as heart-device or implanted-device"
