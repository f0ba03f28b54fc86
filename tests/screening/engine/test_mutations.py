"""No part of the rules is there without a case that would miss it.

Every small change to the data (`mutants.py`) must make a case of `tests/cases` fail, or be refused when read.
"""

from collections import Counter
from functools import cache
from typing import Any

import pytest

import screening.engine.content
from screening.engine.content import ContentError
from screening.engine.content import read as read_content
from screening.engine.evaluate import evaluate
from screening.engine.flow import planned_sites
from screening.engine.request import Request, RequestError, read_document
from screening.engine.rule_set import RuleSet
from screening.engine.scope import Readier, Scope, scope_of
from tests.screening.case_files import AT, Case, cases, told, whole
from tests.screening.engine.mutants import Mutant, mutants
from tests.screening.rule_set_one import content, rule_set
from tests.support.sampling import sample

# These change nothing that anyone could see.
EQUIVALENTS = {
    "rules.recent-meal: stage is not session": "its only question, last-meal, is asked at a session only",
    "rules.metal-removed: stage is not session": "its only question, of the same name, is asked at a session only",
    "rules.health-changed: stage is not session": "its only question, of the same name, is asked at a session only",
}
# Each is accepted as soon as one end of a range moves by one unit.
JUST_OUT_OF_RANGE = (
    {"blood-pressure": {"systolic": 49, "diastolic": 40}},
    {"blood-pressure": {"systolic": 301, "diastolic": 80}},
    {"blood-pressure": {"systolic": 120, "diastolic": 19}},
    {"blood-pressure": {"systolic": 250, "diastolic": 201}},
    {"temperature": 29.95},
    {"temperature": 45.05},
)


class ScopesOnDemand(dict[tuple[str, str], Scope]):
    """The scopes of a rule set, each made when a case first needs it: most mutants are noticed by their first case."""

    def __init__(self, rules: RuleSet) -> None:
        super().__init__()
        self.rules = rules

    def __missing__(self, key: tuple[str, str]) -> Scope:
        return self.setdefault(key, scope_of(self.rules, *key, Readier(self.rules)))


@pytest.fixture(autouse=True)
def scopes_on_demand(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(screening.engine.content, "scopes", ScopesOnDemand)


@cache
def mutants_of_rows() -> dict[str, list[Mutant]]:
    rows: dict[str, list[Mutant]] = {}
    for mutant in mutants(content()):
        rows.setdefault(mutant.name.partition(":")[0], []).append(mutant)
    return rows


@cache
def requests() -> dict[str, Request]:
    return {case.id: read_request(rule_set(), case.request) for case in cases()}


@cache
def named() -> list[tuple[Case, frozenset[str]]]:
    """The cases with the codes that each of them is about."""
    return [(case, codes_of(case)) for case in cases()]


def codes_of(case: Case) -> frozenset[str]:
    request, expected = case.request, case.expected
    rules = [finding["rule"] for finding in expected.get("findings", [])]
    answers = [code for code, answer in request["answers"].items() if answer != "no"]
    plan = [request["treatment"], *request.get("sites", []), *request.get("goals", [])]
    return frozenset(rules + answers + plan + expected.get("missing", []) + expected.get("ignored", []))


def read_request(rules: RuleSet, document: dict[str, Any]) -> Request:
    return read_document(rules, document, lambda: pytest.fail("a case without its time"))


def survives(mutant: Mutant) -> bool:
    try:
        rules = read_content(mutant.content, "0" * 64)
    except ContentError:
        return False
    # Only for speed: the case that notices is most often one that names what was changed.
    likely_first = sorted(named(), key=lambda entry: -len(entry[1] & mutant.about))
    return all(comes_out_the_same(case, rules, mutant) for case, _ in likely_first) and not any(
        is_accepted(rules, answers) for answers in JUST_OUT_OF_RANGE
    )


def comes_out_the_same(case: Case, rules: RuleSet, mutant: Mutant) -> bool:
    try:
        request = read_request(rules, case.request) if mutant.requests_too else requests()[case.id]
    except RequestError:
        return False
    outcome = evaluate(rules, request.answers, request.plan, request.at).to_json()
    return told(outcome, case.expected) == expectations()[case.id]


@cache
def expectations() -> dict[str, dict[str, Any]]:
    """What each case expects, its plan as the unchanged rules know it: a mutant may have lost a place."""
    plans = {code: planned_sites(rule_set(), request.plan) for code, request in requests().items()}
    return {case.id: whole(case.expected, list(plans[case.id])) for case in cases()}


def is_accepted(rules: RuleSet, answers: dict[str, Any]) -> bool:
    document = {"treatment": "facial-ems", "sites": ["cheek-left"], "at": AT, "answers": answers}
    try:
        read_request(rules, document)
    except RequestError:
        return False
    return True


@pytest.mark.hazard("H-01")
@pytest.mark.parametrize("row", sample(mutants_of_rows()))
def test_every_change_of_a_row_makes_a_case_fail(row: str):
    survivors = [mutant.name for mutant in mutants_of_rows()[row] if survives(mutant)]
    assert survivors == [name for name in EQUIVALENTS if name.partition(":")[0] == row]


@pytest.mark.parametrize("answers", JUST_OUT_OF_RANGE, ids=str)
def test_a_number_just_out_of_its_range_is_refused(answers: dict[str, Any]):
    assert not is_accepted(rule_set(), answers)


def test_the_rules_as_they_are_pass_every_case():
    assert survives(Mutant("unchanged", content(), frozenset(), requests_too=True))


def test_every_kind_of_row_is_changed():
    assert Counter(row.partition(".")[0] for row in mutants_of_rows()) == {
        "rules": len(rule_set().rules),
        "questions": len(rule_set().questions),
        "sites": sum(bool(site.segments or site.neighbours) for site in rule_set().sites.values()),
        "treatments": sum(treatment.plan != "not-offered" for treatment in rule_set().treatments.values()),
        "limits": len(rule_set().limits),
    }
