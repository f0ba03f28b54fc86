"""To look only at what an answer can wake gives what looking at everything gives."""

from dataclasses import replace

import pytest

from screening.engine.evaluate import evaluate
from screening.engine.waking import Waking
from tests.screening.case_files import cases
from tests.screening.engine.test_properties import of_any
from tests.screening.rule_set_one import rule_set, screen
from tests.support.requests import read, requests


def sleepless():
    """The same rules, where every group and condition is looked at for every request."""
    rules = rule_set()
    scopes = {
        key: replace(
            scope,
            quiet={},
            opens=Waking(always=set(range(len(scope.conditional)))),
            wakes=Waking(always=set(range(len(scope.groups)))),
        )
        for key, scope in rules.scopes.items()
    }
    return replace(rules, scopes=scopes)


SLEEPLESS = sleepless()


@pytest.mark.hazard("H-03")
@of_any(requests())
def test_what_sleeps_would_have_said_nothing(request):
    typed = read(request)
    asleep = evaluate(rule_set(), typed.answers, typed.plan, typed.at)
    assert evaluate(SLEEPLESS, typed.answers, typed.plan, typed.at) == asleep


def test_every_case_comes_out_the_same_when_everything_is_looked_at():
    assert [case.id for case in cases() if screen(case.request, SLEEPLESS) != screen(case.request)] == []


@pytest.mark.parametrize("stage", ["consultation", "session"])
def test_a_person_who_has_nothing_wakes_no_rule(stage):
    scope = rule_set().scopes["facial-ems", stage]
    assert scope.wakes.woken([], ["cheek-left"]) == sorted(scope.wakes.always) == []
