"""A new rule, question, treatment, site and wording are a change of data and of no Python."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from screening.rulesets import load
from tests.screening.case_files import base_answers
from tests.screening.rule_set_one import FIXTURE

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

QUESTION = {
    "code": "new-tattoo",
    "section": "skin",
    "order": 605,
    "kind": "choice",
    "choices": [
        {"code": "yes", "label": "Yes"},
        {"code": "no", "label": "No"},
        {"code": "unsure", "label": "Not sure", "open": True},
    ],
    "safe_answers": ["no"],
    "wording": "Have you a tattoo that is new?",
    "help": "New means in the last weeks.",
    "why": "New tattoos need rest.",
    "treatments": ["hand-ems"],
}
RULE = {
    "code": "new-tattoo",
    "title": "New tattoo",
    "grade": "refer",
    "treatments": ["hand-ems"],
    "practitioner_wording": "A new tattoo is reported.",
    "patient_wording": "You have a new tattoo.",
    "practitioner_unresolved": "It is not settled whether a tattoo is new.",
    "patient_unresolved": "We do not know yet whether your tattoo is new.",
    "settle": "Looking at it settles it.",
    "next_step": "Show it to your practitioner.",
    "citations": [{"source": "M", "place": "b7"}],
    "groups": [{"criteria": [{"question": "new-tattoo", "operator": "is", "value": ["yes"]}]}],
}
TREATMENT = {
    "code": "hand-ems",
    "name": "Hand muscle stimulation",
    "description": "Small pads on the hand.",
    "plan": "free",
    "regions": ["limbs"],
}
SITE = {"code": "thumb-left", "name": "left thumb", "region": "limbs", "side": "left", "segments": ["forearm"]}
REQUEST = {"treatment": "hand-ems", "sites": ["thumb-left"], "at": "2026-11-20T10:00:00+00:00"}


@pytest.fixture(autouse=True)
def second_version():
    fixture = json.loads(FIXTURE.read_text()) | {"version": "2"}
    for table, row in {"questions": QUESTION, "rules": RULE, "treatments": TREATMENT, "sites": SITE}.items():
        fixture[table].append(row)
    next(row for row in fixture["questions"] if row["code"] == "sepsis")["wording"] = "Is your blood poisoned?"
    load(fixture, reason="A test adds one of each", by="Tess Tester")


def printed(*command) -> object:
    output = StringIO()
    call_command(*command, stdout=output)
    return json.loads(output.getvalue())


def screened(tmp_path, **answers) -> dict:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(REQUEST | {"answers": base_answers(REQUEST) | answers}))
    return printed("screen", str(path))


def test_new_rule_and_question_are_screened(tmp_path):
    outcome = screened(tmp_path, **{"new-tattoo": "yes"})
    assert outcome["outcome"] == "refer"
    assert [(finding["rule"], finding["status"], finding["message"]) for finding in outcome["findings"]] == [
        ("new-tattoo", "met", "A new tattoo is reported.")
    ]


def test_unsure_answer_to_the_new_question_is_unresolved_without_a_word_of_code(tmp_path):
    outcome = screened(tmp_path, **{"new-tattoo": "unsure"})
    assert (outcome["outcome"], outcome["unsure"]) == ("undetermined", ["new-tattoo"])
    assert outcome["findings"][0]["message"] == ("It is not settled whether a tattoo is new. Looking at it settles it.")


def test_unanswered_new_question_is_missing(tmp_path):
    outcome = screened(tmp_path)
    assert (outcome["outcome"], outcome["missing"]) == ("undetermined", ["new-tattoo"])


def test_new_site_is_barred_with_its_segment(tmp_path):
    answers = {"broken-bone": "yes", "broken-bone-sites": ["thumb-left"], "new-tattoo": "no"}
    outcome = screened(tmp_path, **answers)
    assert outcome["findings"][0]["sites"] == ["forearm-left", "hand-left", "thumb-left"]
    assert (outcome["outcome"], outcome["allowed_sites"]) == ("deferred", [])


def test_new_question_and_wording_are_listed_for_the_new_treatment_only():
    codes = {
        treatment: [row["code"] for row in printed("questions", treatment)] for treatment in ("hand-ems", "emface")
    }
    assert "new-tattoo" in codes["hand-ems"]
    assert "new-tattoo" not in codes["emface"]
    texts = [row["text"] for row in printed("questions", "hand-ems") if row["code"] == "sepsis"]
    assert texts == ["Is your blood poisoned?"]


def test_new_treatment_is_on_the_home_page(client):
    assert "Hand muscle stimulation" in client.get("/").content.decode()


def test_new_rule_is_in_the_admin(admin_client):
    page = admin_client.get("/admin/screening/rule/?treatment=hand-ems&q=tattoo").content.decode()
    assert "New tattoo" in page
