"""The tables of DMN 1.3 for conjunction, disjunction and negation, entry by entry (Kleene's strong logic)."""

import pytest

from screening.engine.truth import NO, UNKNOWN, YES, Truth, both, either, negate

BOTH = {
    (YES, YES): YES,
    (YES, UNKNOWN): UNKNOWN,
    (YES, NO): NO,
    (UNKNOWN, YES): UNKNOWN,
    (UNKNOWN, UNKNOWN): UNKNOWN,
    (UNKNOWN, NO): NO,
    (NO, YES): NO,
    (NO, UNKNOWN): NO,
    (NO, NO): NO,
}
EITHER = {
    (YES, YES): YES,
    (YES, UNKNOWN): YES,
    (YES, NO): YES,
    (UNKNOWN, YES): YES,
    (UNKNOWN, UNKNOWN): UNKNOWN,
    (UNKNOWN, NO): UNKNOWN,
    (NO, YES): YES,
    (NO, UNKNOWN): UNKNOWN,
    (NO, NO): NO,
}
NEGATED = {YES: NO, UNKNOWN: UNKNOWN, NO: YES}


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize(("pair", "expected"), BOTH.items())
def test_both(pair: tuple[Truth, Truth], expected: Truth):
    assert both(*pair) is expected


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize(("pair", "expected"), EITHER.items())
def test_either(pair: tuple[Truth, Truth], expected: Truth):
    assert either(*pair) is expected


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize(("value", "expected"), NEGATED.items())
def test_negate(value: Truth, expected: Truth):
    assert negate(value) is expected


@pytest.mark.parametrize("value", Truth)
def test_one_value_alone_stays_what_it_is(value: Truth):
    assert (both(value), either(value)) == (value, value)


def test_of_none_at_all_both_is_yes_and_either_is_no():
    assert (both(), either()) == (YES, NO)


def test_the_tables_are_whole():
    pairs = {(one, other) for one in (NO, UNKNOWN, YES) for other in (NO, UNKNOWN, YES)}
    assert (set(BOTH), set(EITHER), set(NEGATED)) == (pairs, pairs, set(Truth))
