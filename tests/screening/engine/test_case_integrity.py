"""What the cases of `tests/cases` promise: every rule from three sides, nothing twice, nothing changed unseen."""

import hashlib
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from screening.engine.rule_set import Rule
from screening.engine.scope import applies
from tests.screening.case_files import FOLDER, base_answers, case_files
from tests.screening.rule_set_one import rule_set

PINS = "pins.json"
KEYS = {"id", "description", "base", "request", "expected"}
# Each of these rests on the plan, or on an optional answer alone: there is nothing required to leave unanswered.
NOTHING_TO_LEAVE_UNANSWERED = {
    "heating-device",
    "neck-and-throat",
    "groin-and-intimate",
    "goal-good-fit",
    "goal-poor-fit",
    "goal-medical-use",
}


@cache
def rows() -> list[dict[str, Any]]:
    return [row for path in case_files() for row in json.loads(path.read_text())]


def questions_of(rule: Rule) -> set[str]:
    return {criterion.question for group in rule.groups for criterion in group.criteria if criterion.question}


def statuses_in(row: dict[str, Any], rule: Rule) -> set[str]:
    return {finding["status"] for finding in row["expected"].get("findings", []) if finding["rule"] == rule.code}


def is_about(row: dict[str, Any], rule: Rule) -> bool:
    """Whether a case itself says something, in scope of the rule, that the rule looks at."""
    request = row["request"]
    if not applies(rule.stage, rule.treatments, request.get("stage", "consultation"), request["treatment"]):
        return False
    if rule.code.startswith("goal-"):
        return bool(request.get("goals"))
    if rule.code == "neck-and-throat":
        return bool({"neck-back", "jawline-left", "chin"}.intersection(request.get("sites", [])))
    if rule.code == "groin-and-intimate":
        return bool({"hip-left", "thigh-inner-left", "abdomen"}.intersection(request.get("sites", [])))
    return bool(questions_of(rule).intersection(request.get("answers", {})))


@pytest.mark.hazard("H-01")
@pytest.mark.parametrize("rule", rule_set().rules.values(), ids=lambda rule: rule.code)
def test_every_rule_has_a_case_that_fires_it(rule: Rule):
    fires = "met" if any(group.status == "met" for group in rule.groups) else "unresolved"
    assert any(fires in statuses_in(row, rule) for row in rows())


@pytest.mark.hazard("H-01")
@pytest.mark.parametrize("rule", rule_set().rules.values(), ids=lambda rule: rule.code)
def test_every_rule_has_a_case_about_it_that_does_not_fire_it(rule: Rule):
    assert any(is_about(row, rule) and not statuses_in(row, rule) for row in rows())


@pytest.mark.hazard("H-01")
@pytest.mark.parametrize("rule", rule_set().rules.values(), ids=lambda rule: rule.code)
def test_every_rule_has_a_case_that_leaves_it_unanswered(rule: Rule):
    required = {code for code in questions_of(rule) if rule_set().questions[code].required}
    if rule.code in NOTHING_TO_LEAVE_UNANSWERED:
        assert required == set()
    else:
        assert any(
            required.intersection(row["expected"].get("missing", [])) and "met" not in statuses_in(row, rule)
            for row in rows()
        )


def test_every_finding_expected_is_of_a_rule_of_the_set():
    named = {finding["rule"] for row in rows() for finding in row["expected"].get("findings", [])}
    assert named == set(rule_set().rules)


def test_every_treatment_is_screened_at_both_stages():
    screened = {(row["request"]["treatment"], row["request"].get("stage", "consultation")) for row in rows()}
    assert screened == set(rule_set().scopes)


def test_no_id_is_there_twice():
    assert [code for code, count in Counter(row["id"] for row in rows()).items() if count > 1] == []


def test_every_case_has_its_keys_and_says_what_it_claims():
    odd = [row["id"] for row in rows() if row.keys() - {"without"} != KEYS or not row["description"].strip()]
    assert odd == []


def test_what_a_case_takes_out_of_its_base_was_in_it():
    bases = {"all-no": base_answers, "nothing": lambda _: {}}
    useless = [
        (row["id"], code)
        for row in rows()
        for code in row.get("without", [])
        if code not in bases[row["base"]](row["request"]) or code in row["request"].get("answers", {})
    ]
    assert useless == []


def test_the_contraindications_are_read_for_all_treatments_but_two():
    """Section 2: "we read them for all treatments". The cases would not notice a rule left out of one of them."""
    limited = {code: rule.treatments for code, rule in rule_set().rules.items() if rule.treatments}
    assert limited == {"heating-device": ("emface",), "fracture-and-exercise": ("ems-training",)}


def test_one_question_alone_belongs_to_one_treatment():
    limited = {code: question.treatments for code, question in rule_set().questions.items() if question.treatments}
    assert limited == {"maker-check": ("emface",)}


def pinned_files() -> list[Path]:
    return sorted(path for path in FOLDER.glob("*.json") if path.name != PINS)


def pins() -> dict[str, str]:
    return json.loads((FOLDER / PINS).read_text())


@pytest.mark.hazard("H-01", "H-37")
@pytest.mark.parametrize("path", pinned_files(), ids=lambda path: path.name)
def test_a_file_of_cases_is_the_one_that_was_pinned(path: Path):
    """After a change meant so, its line in `tests/cases/pins.json` is replaced, by hand, by the one shown here."""
    found = f"{len(json.loads(path.read_bytes()))} entries, {hashlib.sha256(path.read_bytes()).hexdigest()}"
    assert f'"{path.name}": "{found}"' == f'"{path.name}": "{pins().get(path.name)}"'


def test_no_file_is_pinned_that_is_not_there():
    assert list(pins()) == [path.name for path in pinned_files()]
