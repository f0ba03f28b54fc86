from dataclasses import replace
from datetime import UTC, datetime

import pytest

from clinic.people.clinics import Clinic
from clinic.self_check.journey import Journey
from clinic.self_check.state import SelfCheck
from tests.screening.rule_set_one import rule_set

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
NOTHING = {
    question.code: question.safe_answers[0]
    for question in rule_set().questions.values()
    if question.required and not question.when and question.asked_by == "patient" and question.stage == "consultation"
}
DONE = {"goals_put": True, "looked_over": True}


def journey(answers=NOTHING, *, treatment="facial-ems", sites=("cheek-left",), suit_sites=(), **state):
    clinic = Clinic(
        name="Demo Clinic", slug="demo", treatments=list(rule_set().treatments), suit_sites=list(suit_sites)
    )
    check = SelfCheck(answered_for="me", treatment=treatment, sites=sites, answers=dict(answers), **state)
    return Journey(clinic, rule_set(), check, AT)


def test_past_cancer_is_asked_of_somebody_without_cancer_so_it_comes_next():
    waiting = journey().pages[journey().next_page - 1]
    assert waiting.codes == ("past-cancer",)


def test_a_person_with_nothing_is_through_after_everything_was_put():
    through = journey(NOTHING | {"past-cancer": "no"}, **DONE)
    assert (through.next_page, through.everything_was_put, through.outcome.outcome) == (None, True, "clear")


@pytest.mark.parametrize("skipped", ["goals_put", "looked_over"])
def test_no_result_before_goals_and_all_answers_were_seen(skipped):
    assert not journey(NOTHING | {"past-cancer": "no"}, **DONE | {skipped: False}).everything_was_put


@pytest.mark.parametrize("code", sorted(NOTHING))
def test_each_unanswered_question_is_put_before_a_result(code):
    answers = {key: value for key, value in (NOTHING | {"past-cancer": "no"}).items() if key != code}
    found = journey(answers, **DONE)
    assert code in found.pages[found.next_page - 1].codes or code == "cancer"
    assert not found.everything_was_put


def test_a_question_left_open_is_missing_in_the_outcome_and_never_clear():
    answers = {code: value for code, value in (NOTHING | {"past-cancer": "no"}).items() if code != "hernia"}
    found = journey(answers, left=("hernia",), **DONE)
    assert found.everything_was_put
    assert (found.outcome.outcome, found.outcome.missing) == ("undetermined", ("hernia",))


def test_an_answer_behind_a_branch_that_closed_is_dropped_and_does_not_come_back():
    opened = NOTHING | {"skin-problem": "yes", "skin-problem-sites": ["cheek-left"]}
    closed = journey(opened | {"skin-problem": "no"}).pruned()
    assert "skin-problem-sites" not in closed.check.answers
    again = replace(closed, check=closed.check.with_answers(["skin-problem"], {"skin-problem": "yes"}, []))
    assert "skin-problem-sites" in again.outcome.missing


def test_breast_answers_are_dropped_when_no_breast_is_planned_any_more():
    answers = NOTHING | {"breast-lumps": "yes", "breast-doctor": "no"}
    planned = journey(answers, treatment="body-myostimulation", sites=("chest",)).pruned()
    assert planned.check.answers["breast-lumps"] == "yes"
    elsewhere = journey(answers, treatment="body-myostimulation", sites=("abdomen",)).pruned()
    assert "breast-lumps" not in elsewhere.check.answers


def test_what_the_suit_drives_besides_belongs_to_its_plan_and_brings_the_breast_questions():
    plain = journey(treatment="ems-training", sites=())
    wider = journey(treatment="ems-training", sites=(), suit_sites=("chest",))
    assert "chest" in wider.outcome.planned_sites
    assert "breast-lumps" not in [code for page in plain.pages for code in page.codes]
    assert "breast-lumps" in [code for page in wider.pages for code in page.codes]


def test_a_treatment_that_the_clinic_does_not_offer_cannot_be_chosen():
    found = journey(treatment="iontophoresis")
    assert found.treatment is None
    assert "iontophoresis" not in [treatment.code for treatment in found.treatments]


def test_a_contraindicated_answer_is_told_once():
    first = journey(NOTHING | {"pregnant": "yes"}).telling_now()
    assert first.check.telling == ("pregnancy",)
    read = replace(first, check=replace(first.check, telling=())).telling_now()
    assert read.check.telling == ()


def test_it_is_told_again_when_it_was_taken_back_and_said_again():
    told = journey(
        NOTHING | {"pregnant": "no"}, told=("pregnancy",), telling=("pregnancy",), stopped=True
    ).telling_now()
    assert (told.check.told, told.check.telling, told.check.stopped) == ((), (), False)
    again = replace(told, check=replace(told.check, answers=NOTHING | {"pregnant": "yes"})).telling_now()
    assert again.check.telling == ("pregnancy",)


def test_an_unsure_answer_is_not_told_as_if_it_were_a_yes():
    assert journey(NOTHING | {"pregnant": "unsure"}).telling_now().check.telling == ()


def test_an_answer_that_these_rules_cannot_read_counts_as_not_given():
    found = journey(NOTHING | {"hernia": "perhaps", "no-such-question": "yes"})
    assert "hernia" in found.outcome.missing
    assert "no-such-question" not in found.pruned().check.answers
