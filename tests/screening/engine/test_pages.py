from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from screening.engine.answers import Plan
from screening.engine.flow import ask
from screening.engine.pages import open_questions, pages_asked
from tests.screening.rule_set_one import rule_set
from tests.support.requests import RULES, read, requests

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
CHEEK = Plan("facial-ems", ("cheek-left",))


def codes(answers):
    return [page.codes for page in pages_asked(rule_set(), CHEEK, answers, AT)]


def test_a_person_with_nothing_is_asked_forty_questions_on_twenty_one_pages():
    pages = codes({"cancer": "no"})
    assert (len(pages), sum(map(len, pages))) == (21, 40)


@pytest.mark.hazard("H-02")
def test_the_pages_are_those_of_the_reviewed_wording():
    assert [page for page in codes({}) if len(page) > 1] == [
        ("heart-disease", "heart-failure", "hypertension"),
        ("sore-vein", "circulation-problem", "circulation-severe", "bleeding-tendency"),
        ("epilepsy", "current-hypersensitivity", "material-allergy"),
        ("kidney-failure", "liver-failure", "tuberculosis"),
        ("digestive-disease", "gallstones", "urinary-stones"),
        ("viral-illness", "fever", "purulent-inflammation", "bleeding"),
        ("skin-disease", "skin-problem"),
        ("broken-bone", "recent-surgery", "surgery-planned", "recent-procedure"),
        ("chronic-disease", "anything-else"),
    ]


def test_follow_ups_stand_alone_straight_after_the_page_that_opened_them():
    pages = codes({"sore-vein": "yes", "circulation-problem": "unsure"})
    opener = next(number for number, page in enumerate(pages) if "sore-vein" in page)
    assert pages[opener + 1 : opener + 4] == [("sore-vein-sites",), ("sore-vein-diagnosed",), ("circulation-stage",)]


def test_staff_questions_are_on_no_page_of_the_patients():
    pages = pages_asked(rule_set(), Plan("emface", ("cheek-left",)), {}, AT)
    assert not [question.code for page in pages for question in page.questions if question.asked_by != "patient"]


@settings(max_examples=150, deadline=None)
@given(requests())
def test_no_page_holds_more_than_six_and_each_asked_question_stands_on_exactly_one(request):
    case = read(request)
    found = [page.codes for page in pages_asked(RULES, case.plan, case.answers, case.at)]
    assert max(map(len, found)) <= 6
    flat = [code for page in found for code in page]
    assert len(flat) == len(set(flat))
    missing = ask(RULES, case.answers, case.plan, case.at).missing
    assert {code for code in missing if RULES.questions[code].asked_by == "patient"} <= set(flat)


@pytest.mark.hazard("H-03")
@settings(max_examples=150, deadline=None)
@given(requests())
def test_whatever_is_missing_is_still_to_be_put(request):
    case = read(request)
    asked = ask(RULES, case.answers, case.plan, case.at)
    patients = {code for code in asked.missing if RULES.questions[code].asked_by == "patient"}
    assert patients <= open_questions(pages_asked(RULES, case.plan, case.answers, case.at), asked, ())


def test_what_was_left_open_is_not_put_again():
    pages, asked = pages_asked(rule_set(), CHEEK, {}, AT), ask(rule_set(), {}, CHEEK, AT)
    waiting = open_questions(pages, asked, ("pregnant",))
    assert "pregnant" not in waiting
    assert "hernia" in waiting
