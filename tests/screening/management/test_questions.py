"""`questions`: what is asked, in the order of the reviewed wording."""

import json
from datetime import UTC, datetime

import pytest

from screening.engine.answers import Plan
from screening.engine.flow import next_question
from tests.screening.calling import Ran, run
from tests.screening.rule_set_one import rule_set

# The list is the engine's, from a set that test_screen reads from either database.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def listed(codes: str) -> list[str]:
    return codes.split()


# Written by hand from the wording's "Order on a phone" and "What may share a page": follow-ups and maps come straight
# after the page that opened them, what staff measure beside the questions it belongs to.
BEFORE_BREAST = listed("""
heart-device implanted-device
pregnant
heart-disease heart-failure hypertension blood-pressure hypertension-controlled
thrombophlebitis
sore-vein circulation-problem circulation-severe bleeding-tendency
sore-vein-sites sore-vein-diagnosed circulation-stage
epilepsy current-hypersensitivity material-allergy
cancer unexplained-lump past-cancer
""")
BREAST = ["breast-lumps", "breast-doctor"]
AFTER_BREAST = listed("""
kidney-failure liver-failure tuberculosis
digestive-disease gallstones urinary-stones
hernia hernia-kind
viral-illness fever purulent-inflammation bleeding
temperature bleeding-explained
sepsis
skin-disease skin-problem
skin-disease-sites skin-problem-sites skin-problem-kinds
broken-bone recent-surgery surgery-planned recent-procedure
broken-bone-sites surgeries recent-procedure-kind recent-procedure-date
severe-mental-illness alcohol-dependence drug-dependence
chronic-disease anything-else
chronic-disease-details anything-else-details
""")
FACE = [*BEFORE_BREAST, *AFTER_BREAST]
BODY = [*BEFORE_BREAST, *BREAST, *AFTER_BREAST]
CONSULTATION = {
    "facial-ems": FACE,
    "emface": [*FACE, "maker-check"],
    "facial-microcurrent": FACE,
    "body-myostimulation": BODY,
    "body-microcurrent": BODY,
    "ems-training": FACE,
}
MEAL = {"body-myostimulation", "body-microcurrent", "ems-training"}
FREE = [treatment for treatment in CONSULTATION if treatment != "ems-training"]


def at_session(treatment: str, consultation: list[str], *, meal: bool) -> list[str]:
    return ["health-changed", *consultation, *(["last-meal"] if meal else []), "metal-removed"]


def codes(*arguments: str) -> list[str]:
    return [question["code"] for question in questions(*arguments)]


def questions(*arguments: str) -> list[dict]:
    ran = run("questions", *arguments)
    assert (ran.status, ran.err) == (0, "")
    return json.loads(ran.out)


@pytest.mark.parametrize("treatment", CONSULTATION)
def test_a_consultation_asks_in_the_order_of_the_wording(treatment):
    assert codes(treatment) == codes(treatment, "--stage", "consultation") == CONSULTATION[treatment]


@pytest.mark.parametrize("treatment", CONSULTATION)
def test_a_session_asks_everything_again_with_the_day_around_it(treatment):
    expected = at_session(treatment, CONSULTATION[treatment], meal=treatment in MEAL)
    assert codes(treatment, "--stage", "session") == expected


@pytest.mark.parametrize(
    ("sites", "breast", "meal"),
    [
        ("abdomen", False, True),
        ("flank-left", False, True),
        ("flank-right,thigh-front-left", False, True),
        ("chest", True, False),
        ("breast-left", True, False),
        ("breast-right,breast-right", True, False),
        ("abdomen,chest", True, True),
        ("lower-back,hip-left,groin", False, False),
        ("neck-back", False, False),
    ],
)
def test_planned_places_decide_on_the_questions_of_breast_and_meal(sites, breast, meal):
    consultation = BODY if breast else FACE
    assert codes("body-myostimulation", "--sites", sites) == consultation
    expected = at_session("body-myostimulation", consultation, meal=meal)
    assert codes("body-myostimulation", "--stage", "session", "--sites", sites) == expected


def test_a_question_is_told_whole():
    told = {question["code"]: question for question in questions("facial-ems")}
    assert {tuple(question) for question in told.values()} == {
        ("code", "section", "text", "help", "why", "kind", "choices", "required", "asked_by", "condition")
    }
    cancer = told["past-cancer"]
    words = [cancer.pop(name) for name in ("text", "help", "why")]
    assert [text for text in words if not text.strip()] == []
    assert cancer == {
        "code": "past-cancer",
        "section": "cancer",
        "kind": "choice",
        "choices": [
            {"code": "yes", "label": "Yes"},
            {"code": "no", "label": "No"},
            {"code": "unsure", "label": "Not sure"},
        ],
        "required": True,
        "asked_by": "patient",
        "condition": [[{"question": "cancer", "operator": "said", "value": ["no", "unsure", "in-person"]}]],
    }


@pytest.mark.hazard("H-02")
def test_every_question_has_its_words_and_its_reason():
    for treatment in CONSULTATION:
        for question in questions(treatment, "--stage", "session"):
            assert all(question[name].strip() for name in ("text", "help", "why")), question["code"]


def test_what_staff_record_and_what_may_be_left_out_is_said():
    told = questions("emface", "--stage", "session")
    staff = [question["code"] for question in told if question["asked_by"] == "staff"]
    optional = [question["code"] for question in told if not question["required"]]
    assert staff == ["blood-pressure", "temperature", "maker-check"]
    assert optional == [
        *("blood-pressure", "temperature", "skin-problem-kinds", "recent-procedure-kind", "recent-procedure-date"),
        *("chronic-disease-details", "anything-else-details", "maker-check"),
    ]


def test_a_question_without_a_condition_has_none():
    unconditional = [question["code"] for question in questions("facial-ems") if question["condition"] is None]
    opened = listed("""hypertension-controlled sore-vein-sites sore-vein-diagnosed circulation-stage past-cancer
        hernia-kind bleeding-explained skin-disease-sites skin-problem-sites skin-problem-kinds broken-bone-sites
        surgeries recent-procedure-kind recent-procedure-date chronic-disease-details anything-else-details""")
    assert unconditional == [code for code in FACE if code not in opened]


ALL = "facial-ems, emface, facial-microcurrent, body-myostimulation, body-microcurrent, ems-training"


@pytest.mark.parametrize(
    ("arguments", "faults"),
    [
        (["botox"], [f"treatment: botox is not a treatment; use one of {ALL}"]),
        ([""], [f"treatment: an empty text is not a treatment; use one of {ALL}"]),
        (["iontophoresis"], ["treatment: iontophoresis is not offered: there are no rules for it yet"]),
        (["emface", "--stage", "visit"], ["stage: visit is not a stage; use consultation or session"]),
        (["emface", "--sites", "cheek"], ["sites[0]: cheek is not a site; use a code such as forehead or temple-left"]),
        (
            ["emface", "--sites", ""],
            ["sites[0]: an empty text is not a site; use a code such as forehead or temple-left"],
        ),
        (
            ["emface", "--sites", "chin, mouth"],
            ['sites[1]: " mouth" is not a site; use a code such as forehead or temple-left'],
        ),
        (["emface", "--sites", "chin,nose"], ["sites[1]: nose is never treated; leave it out"]),
        (
            ["emface", "--sites", "abdomen"],
            ["sites[0]: abdomen is not a place of emface: its places are those of face, neck"],
        ),
        (["ems-training", "--sites", "abdomen"], ["sites: leave it out: the places of ems-training are fixed"]),
        (
            ["botox", "--stage", "visit", "--sites", "cheek"],
            [
                f"treatment: botox is not a treatment; use one of {ALL}",
                "sites[0]: cheek is not a site; use a code such as forehead or temple-left",
                "stage: visit is not a stage; use consultation or session",
            ],
        ),
    ],
    ids=" ".join,
)
def test_what_cannot_be_asked_about_is_named_with_exit_status_2(arguments, faults):
    assert run("questions", *arguments) == Ran(2, "", "".join(f"{fault}\n" for fault in faults))


@pytest.mark.parametrize("treatment", FREE)
def test_somebody_who_has_nothing_is_asked_40_questions_one_after_the_other(treatment):
    site = "forehead" if treatment.startswith(("facial", "emface")) else "thigh-front-left"
    at, answers = datetime(2026, 11, 20, 10, tzinfo=UTC), {}
    while question := next_question(rule_set(), Plan(treatment, (site,)), answers, at):
        answers[question.code] = "no"
    follow_ups = listed("""blood-pressure hypertension-controlled sore-vein-sites sore-vein-diagnosed circulation-stage
        hernia-kind temperature bleeding-explained skin-disease-sites skin-problem-sites skin-problem-kinds
        broken-bone-sites surgeries recent-procedure-kind recent-procedure-date chronic-disease-details
        anything-else-details""")
    assert list(answers) == [code for code in FACE if code not in follow_ups]
    assert len(answers) == 40


def test_a_follow_up_comes_next_after_the_page_that_opened_it():
    at, answers, order = datetime(2026, 11, 20, 10, tzinfo=UTC), {}, []
    while question := next_question(rule_set(), Plan("facial-ems", ("chin",)), answers, at):
        order.append(question.code)
        opened = {"hypertension": "unsure", "circulation-problem": "yes", "circulation-stage": "1"}
        answers[question.code] = opened.get(question.code, "no")
    start = order.index("heart-disease")
    assert order[start : start + 11] == [
        *("heart-disease", "heart-failure", "hypertension", "hypertension-controlled"),
        *("thrombophlebitis", "sore-vein", "circulation-problem", "circulation-severe", "bleeding-tendency"),
        *("circulation-stage", "epilepsy"),
    ]
