"""Answers in words, where a number stands behind them."""

import pytest

from screening.engine.answers import BloodPressure
from screening.wording import in_words
from tests.screening.rule_set_one import rule_set

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (BloodPressure(111.0, 110.0), "111 over 110 mmHg"),
        (BloodPressure(118.5, 80), "118.5 over 80 mmHg"),
    ],
)
def test_a_reading_is_said_as_people_write_it(reading, words):
    rules = rule_set()
    question = next(one for one in rules.questions.values() if one.kind == "blood-pressure")
    assert in_words(rules, question, reading) == (words,)
