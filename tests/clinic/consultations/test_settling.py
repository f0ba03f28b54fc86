"""What settles a finding, and what no decision settles: the expectations are data, in tests/cases/settling.json."""

import json
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import pytest

from clinic.consultations.settling import deciding_answers, demands, is_settled, needs_countersign
from screening.engine.evaluate import evaluate
from screening.engine.request import read_document
from screening.engine.rule_set import GRADES
from screening.engine.written import says_the_same
from tests.screening.case_files import AT, FOLDER, base_answers
from tests.screening.rule_set_one import rule_set

DATA = json.loads((FOLDER / "settling.json").read_text(encoding="utf-8"))
CASES = {row["id"]: row for row in DATA["demands"]}


@dataclass(frozen=True)
class Given:
    """A settlement as it may be recorded."""

    rule: str
    grade: str
    reason: str
    answers: dict
    sites: list
    ends_on: date | None


@cache
def read(name):
    """The demands of a case, with its outcome and answers."""
    row = CASES[name]
    request = {"at": AT} | row["request"]
    given = base_answers(request) | request["answers"]
    request["answers"] = {code: answer for code, answer in given.items() if code not in row.get("without", ())}
    case = read_document(rule_set(), request, lambda: None)
    outcome = evaluate(rule_set(), case.answers, case.plan, case.at)
    found = demands(
        rule_set(),
        case.plan,
        outcome,
        case.answers,
        treated=row.get("treated", outcome.planned_sites if not is_suit(row) else on(row, outcome)),
        channels_off=row.get("channels_off", off(row, outcome)),
        today=today_of(row),
    )
    return case, outcome, found


def is_suit(row):
    return row["request"]["treatment"] == "ems-training"


def off(row, outcome):
    """The channels of a broken segment are off, where a case does not say otherwise."""
    if row["id"] != "suit-fracture":
        return ()
    return [site for finding in outcome.findings for site in finding.sites]


def on(row, outcome):
    return [site for site in outcome.planned_sites if site not in off(row, outcome)]


def today_of(row):
    return date.fromisoformat(row.get("today", AT[:10]))


def shown(demand):
    finding = demand.finding
    told = {"rule": finding and finding.rule, "grade": finding and finding.grade, "ways": list(demand.ways)}
    if finding and finding.status != "met":
        told["status"] = finding.status
    if demand.sites:
        told["sites"] = list(demand.sites)
    return told


@pytest.mark.parametrize("name", CASES)
def test_what_is_demanded_is_what_the_grade_allows(name):
    assert [shown(demand) for demand in read(name)[2]] == CASES[name]["demands"]


def test_every_grade_has_a_case_that_demands_something():
    demanded = {demand["grade"] for row in CASES.values() for demand in row["demands"]} - {None}
    assert demanded == set(GRADES) - {"note"}


@pytest.mark.hazard("H-16")
@pytest.mark.parametrize("row", DATA["settlements"], ids=lambda row: row["id"])
def test_only_the_right_record_settles_a_finding(row):
    demand = read(row["of"])[2][0]
    finding, changed = demand.finding, dict(row["settlement"])
    if "ends_on" in changed:
        changed["ends_on"] = date.fromisoformat(changed["ends_on"])
    given = {
        "rule": finding.rule if finding else "",
        "grade": finding.grade if finding else "",
        "answers": demand.answers,
        "sites": list(demand.sites) if "sites" not in changed and not demand.sites else [],
        "ends_on": None,
    }
    assert is_settled(demand, [Given(**(given | changed))], today_of(CASES[row["of"]])) is row["settled"]


def test_what_no_decision_settles_is_called_hopeless():
    found = {name: read(name)[2][0].is_hopeless for name in ("contraindicated", "unresolved", "missing", "refer")}
    assert found == {"contraindicated": True, "unresolved": True, "missing": True, "refer": False}


def test_nothing_recorded_settles_nothing():
    assert not any(is_settled(demand, [], date(2026, 11, 20)) for name in CASES for demand in read(name)[2])


def test_one_of_several_records_is_enough():
    demand = read("refer")[2][0]
    right = Given("chronic-disease", "refer", "other", dict(demand.answers), [], None)
    assert is_settled(demand, [replace(right, rule="fever"), right], date(2026, 11, 20))


def test_where_a_break_is_belongs_to_what_decides_it():
    case, outcome, _ = read("suit-fracture")
    finding = next(finding for finding in outcome.findings if finding.rule == "fracture-and-exercise")
    assert deciding_answers(rule_set(), finding, case.answers) == {
        "broken-bone": "yes",
        "broken-bone-sites": ["hand-left"],
    }


def test_a_reading_and_what_stands_in_for_one_decide_nothing_below_the_limits():
    case, outcome, _ = read("hypertension-reading")
    by_reading = deciding_answers(rule_set(), outcome.findings[0], case.answers)
    answers = {code: answer for code, answer in case.answers.items() if code != "blood-pressure"}
    by_word = answers | {"hypertension-controlled": "yes"}
    said = evaluate(rule_set(), by_word, case.plan, case.at).findings[0]
    assert by_reading == deciding_answers(rule_set(), said, by_word) == {"hypertension": "yes"}


def test_a_temperature_that_defers_is_part_of_what_decides():
    case, outcome, _ = read("defer-fever-by-reading")
    assert deciding_answers(rule_set(), outcome.findings[0], case.answers) == {"temperature": 38.0}


def test_the_order_of_places_makes_no_other_answer():
    one = {
        "broken-bone-sites": ["hand-left", "foot-left"],
        "surgeries": [{"date": "2026", "sites": ["hip-left", "knee-left"]}],
    }
    other = {
        "broken-bone-sites": ["foot-left", "hand-left"],
        "surgeries": [{"sites": ["knee-left", "hip-left"], "date": "2026"}],
    }
    assert says_the_same(one, other)
    assert not says_the_same(one, one | {"broken-bone-sites": ["hand-left"]})


def test_only_an_agreement_against_advice_wants_another_person():
    def given(reason):
        return Given("heart-disease", "not-advised", reason, {}, [], None)

    assert needs_countersign([given("other"), given("agreement")])
    assert not needs_countersign([given("other"), given("answered"), given("clearance")])
