"""docs/hazards.md and the tests say the same, and each control is one: without it, its test fails."""

import json
import os
import subprocess
import sys

import pytest

from tests.hazards.page import hazards, marked
from tests.hazards.switches import GATE, SCREENED, SWITCHES
from tests.screening.case_files import cases
from tests.screening.rule_set_one import rule_set
from tests.support.processes import ROOT

ALL, FIGURES = hazards()
MARKED = marked()
HIGH = 12
# What a test says when it finds something wrong, and not when it breaks.
FOUND = {"AssertionError", "Failed"}


@pytest.mark.one_database
def test_hazards_are_numbered_and_each_says_cause_effect_control_and_what_is_left():
    assert [one.code for one in ALL] == [f"H-{number:02d}" for number in range(1, len(ALL) + 1)]
    assert list(FIGURES) == [one.code for one in ALL]
    assert [(one.code, one.title) for one in ALL] == [(code, title) for code, (title, *_) in FIGURES.items()]
    assert {tuple(one.parts) for one in ALL} == {("Cause", "Effect", "Control", "Left")}


@pytest.mark.one_database
def test_risks_are_counted_right_and_no_control_makes_one_worse():
    for code, (_, before, often, risk, after, still, left) in FIGURES.items():
        assert (risk, left) == (before * often, after * still), code
        assert {before, often, after, still} <= {1, 2, 3, 4}, code
        assert left <= min(risk, 8), code


@pytest.mark.one_database
def test_page_and_tests_name_each_other():
    of_page = {node: [] for one in ALL for node in one.tests}
    for one in ALL:
        for node in one.tests:
            of_page[node].append(one.code)
    assert {node: sorted(named) for node, (named, _) in MARKED.items()} == of_page


@pytest.mark.one_database
def test_every_hazard_has_a_test_that_everybody_runs_first():
    shown = {code for named, is_apart in MARKED.values() if not is_apart for code in named}
    assert [one.code for one in ALL if one.code not in shown] == []


@pytest.mark.one_database
def test_every_high_risk_has_a_switch_and_its_test_is_one_that_shows_it():
    assert [one.code for one in ALL if one.risk >= HIGH and one.code not in SWITCHES] == []
    assert len(SWITCHES) >= 10
    shows = {code: MARKED[switch.test.partition("[")[0]] for code, switch in SWITCHES.items()}
    assert [code for code, (named, is_apart) in shows.items() if code not in named or is_apart] == []


@pytest.mark.django_db
@pytest.mark.one_database
def test_the_screening_of_not_sure_fails_without_the_control_that_it_shows(monkeypatch):
    from tests.screening import test_cases

    SWITCHES["H-04"].off(monkeypatch)
    case = next(one for one in cases() if SWITCHES["H-04"].test == SCREENED.format(one.id))
    with pytest.raises(AssertionError):
        test_cases.test_case_comes_out_as_the_catalogue_says(case)


@pytest.mark.django_db
@pytest.mark.one_database
def test_the_gate_fails_without_the_control_that_it_shows(monkeypatch):
    from tests.clinic.consultations import test_gate

    SWITCHES["H-13"].off(monkeypatch)
    case = next(one for one in test_gate.CASES if SWITCHES["H-13"].test == GATE.format(one["id"]))
    with pytest.raises(AssertionError):
        test_gate.test_gate_says_what_the_case_expects_and_opens_only_where_that_is_nothing(case)


@pytest.mark.one_database
def test_the_blank_to_be_signed_names_the_rules_as_they_are():
    named = rule_set().named
    page = (ROOT / "docs" / "intended-use.md").read_text(encoding="utf-8")
    assert f"| Rule set | {named.code} {named.version} |\n| Digest (SHA-256) | `{named.digest}` |\n" in page
    words = " ".join(page.split())
    assert [source.title for source in rule_set().sources.values() if f'"{source.title}"' not in words] == []


@pytest.mark.sweep
@pytest.mark.one_database
def test_every_test_of_a_switch_fails_without_the_control_that_it_shows(tmp_path, record_property):
    endings = _without_controls(tmp_path / "endings.json")
    assert {node: ending for node, ending in endings.items() if ending not in FOUND} == {}
    assert [code for code, one in SWITCHES.items() if not any(node.startswith(one.test) for node in endings)] == []
    record_property("controls taken away", len(SWITCHES))
    print(f"{len(ALL)} hazards, {len(MARKED)} tests that show their controls, {len(SWITCHES)} controls taken away")


def _without_controls(path):
    """Run each test of a switch without its control, in a process of its own; give how each ended."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "TEST_"))}
    nodes = [switch.test for switch in SWITCHES.values()]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.hazards.switched", *nodes]
    environment = clean | {"SWITCHED": str(path)}
    # It says only that something hangs: one of the tests is in a browser, and a busy machine takes long.
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=30 * 60)
    return json.loads(path.read_text(encoding="utf-8"))
