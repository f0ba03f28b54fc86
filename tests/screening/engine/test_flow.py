"""Which questions come, in what order, given treatment, stage, plan and the answers so far."""

from datetime import UTC, datetime

import pytest

from screening.engine.answers import BloodPressure, Operation, Plan
from screening.engine.calendar import PartialDate
from screening.engine.flow import next_question, planned_sites, questions_asked
from tests.screening.rule_set_one import rule_set

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
CHEEK = Plan("facial-ems", ("cheek-left",))
# Hand-written from the order of question-wording.md: what a person with nothing at all is asked.
ALL_NO = [
    "heart-device",
    "implanted-device",
    "pregnant",
    "heart-disease",
    "heart-failure",
    "hypertension",
    "thrombophlebitis",
    "sore-vein",
    "circulation-problem",
    "circulation-severe",
    "bleeding-tendency",
    "epilepsy",
    "current-hypersensitivity",
    "material-allergy",
    "cancer",
    "unexplained-lump",
    "past-cancer",
    "kidney-failure",
    "liver-failure",
    "tuberculosis",
    "digestive-disease",
    "gallstones",
    "urinary-stones",
    "hernia",
    "viral-illness",
    "fever",
    "purulent-inflammation",
    "bleeding",
    "sepsis",
    "skin-disease",
    "skin-problem",
    "broken-bone",
    "recent-surgery",
    "surgery-planned",
    "recent-procedure",
    "severe-mental-illness",
    "alcohol-dependence",
    "drug-dependence",
    "chronic-disease",
    "anything-else",
]


def walked(plan: Plan, **told) -> list[str]:
    """The questions put one after the other to a person who says no to all but what is told."""
    answers, order = {}, []
    while question := next_question(rule_set(), plan, answers, AT):
        assert question.code not in order, "a question must not come twice"
        order.append(question.code)
        answers[question.code] = told.get(question.code, (question.safe_answers or ("?",))[0])
    return order


def test_person_who_has_nothing_is_asked_forty_questions_in_the_reviewed_order():
    assert walked(CHEEK) == ALL_NO
    assert len(ALL_NO) == 40


def test_session_asks_first_what_changed_and_last_about_meal_and_metal():
    session = walked(Plan("body-myostimulation", ("abdomen",), "session"))
    assert session == ["health-changed", *ALL_NO, "last-meal", "metal-removed"]


def test_breast_questions_come_with_the_cancer_questions_when_the_chest_is_planned():
    walk = walked(Plan("body-microcurrent", ("chest",)))
    after = walk.index("past-cancer")
    assert walk[after + 1 : after + 3] == ["breast-lumps", "breast-doctor"]
    assert len(walk) == 42


def test_places_that_a_clinic_adds_to_the_suit_bring_their_questions():
    assert "breast-lumps" not in walked(Plan("ems-training"))
    assert "breast-lumps" in walked(Plan("ems-training", ("chest",)))
    assert "chest" in planned_sites(rule_set(), Plan("ems-training", ("chest",)))


@pytest.mark.parametrize(
    ("told", "follow_ups"),
    [
        ({"hernia": "yes", "hernia-kind": ("disc",)}, ["hernia-kind"]),
        ({"circulation-problem": "unsure"}, ["circulation-stage"]),
        ({"hypertension": "unsure"}, ["hypertension-controlled"]),
        ({"bleeding": "yes"}, ["bleeding-explained"]),
        ({"sore-vein": "yes", "sore-vein-sites": ("foot-left",)}, ["sore-vein-sites", "sore-vein-diagnosed"]),
        ({"sore-vein": "unsure"}, []),
        (
            {"recent-surgery": "yes", "surgeries": (Operation(PartialDate(2026), ("knee-left",)),)},
            ["surgeries"],
        ),
    ],
)
def test_follow_up_comes_straight_after_the_page_that_opened_it(told, follow_ups):
    walk = walked(CHEEK, **told)
    assert [code for code in walk if code not in ALL_NO] == follow_ups
    assert [code for code in walk if code in ALL_NO] == ALL_NO
    if follow_ups:
        page = rule_set().questions[next(iter(told))].page
        before = walk[walk.index(follow_ups[0]) - 1]
        assert rule_set().questions[before].page == page


def test_past_cancer_is_not_asked_of_a_person_with_cancer():
    assert "past-cancer" not in walked(CHEEK, cancer="yes")


def test_reading_of_the_day_makes_the_question_about_control_unnecessary():
    answers = {"hypertension": "yes", "blood-pressure": BloodPressure(120, 80)}
    asked = {question.code for question in questions_asked(rule_set(), CHEEK, answers, AT)}
    assert "hypertension-controlled" not in asked


def test_operation_without_a_date_is_asked_about_again():
    answers = {"recent-surgery": "yes", "surgeries": (Operation(None, ("knee-left",)),)}
    missing = [question.code for question in questions_asked(rule_set(), CHEEK, answers, AT)]
    assert "surgeries" in missing
    told = dict.fromkeys(ALL_NO, "no") | answers
    assert next_question(rule_set(), CHEEK, told, AT).code == "surgeries"


def test_questions_asked_include_what_staff_may_measure():
    asked = [question.code for question in questions_asked(rule_set(), CHEEK, {}, AT)]
    assert [code for code in asked if code not in ALL_NO] == ["blood-pressure", "temperature"]


def test_order_of_the_answers_does_not_matter():
    told = dict.fromkeys(ALL_NO, "no") | {"hernia": "yes", "bleeding": "unsure"}
    backwards = dict(reversed(told.items()))
    assert questions_asked(rule_set(), CHEEK, told, AT) == questions_asked(rule_set(), CHEEK, backwards, AT)
