"""A new rule, question, treatment, site and wording reach the patient's pages as data, with no change of Python."""

import json

import pytest

from screening.rulesets import load
from tests.screening.rule_set_one import FIXTURE
from tests.screening.test_data_alone import QUESTION, RULE, SITE, TREATMENT
from tests.support.posting import Posting

ROWS = {"questions": QUESTION, "rules": RULE, "treatments": TREATMENT, "sites": SITE}


@pytest.fixture
def somebody(clinic, client):
    """A person at a clinic that offers the new treatment, by the second version of the rules."""
    fixture = json.loads(FIXTURE.read_text()) | {"version": "2"}
    for table, row in ROWS.items():
        fixture[table].append(row)
    next(row for row in fixture["questions"] if row["code"] == "sepsis")["wording"] = "Is your blood poisoned?"
    load(fixture, reason="A test adds one of each", by="Tess Tester")
    clinic.treatments = [TREATMENT["code"]]
    clinic.save()
    return Posting(client, f"/c/{clinic.slug}/check/")


def words(page):
    return page.content.decode()


def test_one_of_each_is_asked_answered_and_told(somebody):
    assert "Small pads on the hand." in words(somebody.get("start/"))
    somebody.post("start/", answered_for="me", old_enough="yes", treatment="hand-ems")
    assert "Your left thumb" in words(somebody.get("where/"))
    page = somebody.open(somebody.post("where/", sites=["thumb-left"]))
    page = somebody.through(page, until="sepsis")
    assert "Is your blood poisoned?" in words(page)
    page = somebody.through(page, until="new-tattoo")
    for text in ("Have you a tattoo that is new?", "New means in the last weeks.", "New tattoos need rest."):
        assert text in words(page)
    somebody.through(page, **{"new-tattoo": "yes"})
    somebody.post("goals/")
    result = words(somebody.open(somebody.post("answers/")))
    assert "You have a new tattoo." in result
    assert "Show it to your practitioner." in result
