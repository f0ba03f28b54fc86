"""The blank form: by the rules that come with the project, read from their file."""

from datetime import UTC, datetime

from clinic.documents.blank_form import blank_form
from clinic.documents.paper import Unstored
from clinic.documents.sample_cases import fixture, rules
from clinic.documents.samples import HOSTILE, LETTERHEAD, LONG_LETTERHEAD
from screening.rulesets import read_fixture

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)


def usual() -> Unstored:
    """Return the form of a treatment of the face."""
    return blank_form(rules(), "facial-ems", (), LETTERHEAD, AT)


def worst() -> Unstored:
    """Return the form of the suit, with places that it reaches besides, and with hostile words in the rules."""
    changed = fixture()
    questions = {question["code"]: question for question in changed["questions"]}
    questions["hernia-kind"]["choices"][0]["label"] = HOSTILE
    questions["surgeries"]["wording"] = HOSTILE
    questions["breast-lumps"]["help"] = HOSTILE
    suit = next(treatment for treatment in changed["treatments"] if treatment["code"] == "ems-training")
    suit["name"] = "Training in an electrode suit with a very long name that does not fit on a line of this paper"
    suit["description"] = HOSTILE
    return blank_form(read_fixture(changed), "ems-training", ("chest", "lower-leg-left"), LONG_LETTERHEAD, AT)
