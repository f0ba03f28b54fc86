"""Damages that would clear somebody falsely, made so that a short look does not see them."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.screening.management.test_check_rules import Content, checked, question, row, rule
from tests.support.sampling import sample


def criteria(of: Content) -> list[Content]:
    return rule(of, "gallstones")["groups"][0]["criteria"]


def shown_only(of: Content) -> None:
    question(of, "gallstones").update(shown_only=True)
    of["rules"].remove(rule(of, "gallstones"))


def kinds_in_combination(of: Content) -> None:
    rule(of, "hernia")["groups"][0]["criteria"][1].update(value=["disc", "groin"])
    other = copy.deepcopy(rule(of, "slipped-disc")["groups"][0])
    other["criteria"][1].update(value=["groin"])
    rule(of, "slipped-disc")["groups"].append(other)


def declared_safe(of: Content) -> None:
    question(of, "gallstones").update(safe_answers=["no", "yes"])
    criteria(of)[0].update(value=["unsure"], operator="said")


SNEAKY: dict[str, Callable[[Content], Any]] = {
    "question of one treatment, rule of all": lambda of: question(of, "gallstones").update(treatments=["facial-ems"]),
    "question of the session, rule of both stages": lambda of: question(of, "gallstones").update(stage="session"),
    "a required question that is only shown": shown_only,
    "a rule tied to the first plannable sites": lambda of: criteria(of).append(
        {"operator": "planned", "question": None, "value": ["forehead", "under-chin", "upper-arm-left"]}
    ),
    "a rule tied to the first safe answer": lambda of: criteria(of).append(
        {"operator": "said", "question": "pregnant", "value": ["no"]}
    ),
    "a rule switched off by a harmless reading": lambda of: criteria(of).append(
        {"operator": "unanswered", "question": "temperature", "value": None}
    ),
    "a reading between two limits": lambda of: rule(of, "high-blood-pressure")["groups"].pop(0),
    "two kinds at once": kinds_in_combination,
    "a yes that gives only a note": lambda of: rule(of, "gallstones").update(grade="note"),
    "a yes declared safe": declared_safe,
    "a group's own words are blank": lambda of: rule(of, "gallstones")["groups"][0].update(patient_wording=" "),
    "a blank place of a source": lambda of: rule(of, "gallstones").update(citations=[{"source": "M", "place": " "}]),
    "a site that reaches only itself": lambda of: of["sites"].append(
        row("sites", "nose", of) | {"code": "elbow", "neighbours": ["elbow"]}
    ),
    "a site that reaches only what is never planned": lambda of: of["sites"].append(
        row("sites", "nose", of) | {"code": "elbow", "neighbours": ["scalp"]}
    ),
}


def with_other_names_for_its_limits(of: Content) -> None:
    text = json.dumps(of).replace("systolic-high", "high-one").replace("diastolic-high", "high-two")
    of.clear()
    of.update(json.loads(text))
    of["limits"].update({"high-one": 295, "high-two": 195})


def without_unsure_in_one_way_of_asking(of: Content) -> None:
    for group in rule(of, "high-blood-pressure")["groups"][2:]:
        group["criteria"][0].update(value=["yes"])


def planned_somewhere_else(of: Content) -> None:
    sites = [site["code"] for site in of["sites"] if site["code"] != "knee-left"]
    rule(of, "epilepsy")["groups"][0]["criteria"].append({"operator": "planned", "question": None, "value": sites})


def unsure_that_settles(of: Content) -> None:
    asked = question(of, "epilepsy")
    asked.update(safe_answers=["no", "unsure"])
    next(choice for choice in asked["choices"] if choice["code"] == "unsure").update(open=False)


SNEAKY |= {
    "limits by other names": with_other_names_for_its_limits,
    "a limit of months beyond what the question asks": lambda of: of["limits"].update({"operation-months": 18}),
    "an unsure gate whose follow-up is not heard": without_unsure_in_one_way_of_asking,
    "a meal that counts for one of its places only": lambda of: rule(of, "recent-meal")["groups"][0]["criteria"].append(
        {"operator": "planned", "question": None, "value": ["abdomen"]}
    ),
    "a rule that sleeps at one place": planned_somewhere_else,
    "a question that may stay unanswered": lambda of: question(of, "epilepsy").update(required=False),
    "an unsure that settles": unsure_that_settles,
    "a question asked only while another is unanswered": lambda of: question(of, "epilepsy").update(
        when=[{"criteria": [{"question": "heart-device", "operator": "unanswered", "value": None}]}]
    ),
}


@pytest.mark.parametrize("name", sample(SNEAKY))
def test_a_sneaky_damage_is_noticed(tmp_path: Path, name: str):
    assert checked(tmp_path, SNEAKY[name]).status == 1


def test_two_rules_that_a_reading_tells_apart_are_not_told_as_one(tmp_path: Path):
    def damage(of: Content) -> None:
        other = copy.deepcopy(rule(of, "gallstones")) | {"code": "gallstones-unmeasured"}
        other["groups"][0]["criteria"].append({"operator": "unanswered", "question": "temperature", "value": None})
        of["rules"].append(other)

    assert checked(tmp_path, damage).status == 0
