"""What holds when the rule set changes in the middle of a self-check, and what is asked again."""

import dataclasses

import pytest

from screening.engine.canonical import canonical, digest_of
from screening.engine.content import read
from screening.engine.moving import moved
from screening.engine.rule_set import Criterion
from tests.screening.rule_set_one import content, rule_set

ANSWERS = {
    "hernia": "no",
    "recent-surgery": "yes",
    "surgeries": [{"date": "2026-02", "sites": ["abdomen", "unsure"]}, {"date": "unsure"}],
    "broken-bone-sites": ["abdomen", "unsure"],
}


def row(content, table, code):
    return next(entry for entry in content[table] if entry["code"] == code)


def changed(change):
    new = content() | {"version": "2"}
    change(new)
    return read(new, digest_of(canonical(new)))


def test_nothing_is_asked_again_when_only_rules_changed():
    new = changed(lambda new: row(new, "rules", "hernia").update(grade="not-advised"))
    assert moved(rule_set(), new, ANSWERS, ("abdomen",), ("sport",)) == (ANSWERS, ("abdomen",), ("sport",), ())


@pytest.mark.hazard("H-11", "H-26")
@pytest.mark.parametrize(
    "change",
    [
        {"wording": "Have you got a hernia?"},
        {"help": "A hernia is a lump."},
        {"choices": [{"code": code, "label": code, "open": code == "unsure"} for code in ("yes", "no", "unsure")]},
        {"treatments": ["ems-training"]},
    ],
)
def test_question_that_reads_another_way_is_asked_again(change):
    new = changed(lambda new: row(new, "questions", "hernia").update(change))
    answers, _, _, again = moved(rule_set(), new, ANSWERS)
    assert answers == {code: answer for code, answer in ANSWERS.items() if code != "hernia"}
    assert again == ("hernia",)


def test_question_whose_reason_is_told_in_other_words_is_not_asked_again():
    new = changed(lambda new: row(new, "questions", "hernia").update(why="Another reason."))
    assert moved(rule_set(), new, ANSWERS)[3] == ()


@pytest.mark.hazard("H-11")
def test_question_asked_under_another_condition_is_asked_again():
    condition = [{"criteria": [{"question": "recent-surgery", "operator": "said", "value": ["yes", "unsure"]}]}]
    new = changed(lambda new: row(new, "questions", "surgeries").update(when=condition))
    assert moved(rule_set(), new, ANSWERS)[3] == ("surgeries",)


def test_question_of_another_kind_is_asked_again_whatever_was_answered():
    old = rule_set()
    kind = dataclasses.replace(old.questions["hernia"], kind="sites")
    new = dataclasses.replace(old, questions=old.questions | {"hernia": kind})
    for answer in ("no", 36.6, ["no"], {"systolic": 120}):
        assert moved(old, new, {"hernia": answer})[0] == {}


def test_question_whose_condition_names_a_limit_that_changed_is_asked_again():
    criterion = Criterion("within-months", "surgeries", "surgery-months")
    asked = dataclasses.replace(rule_set().questions["hernia"], when=((criterion,),))
    old = dataclasses.replace(rule_set(), questions={"hernia": asked}, limits={"surgery-months": 9})
    assert moved(old, old, {"hernia": "no"})[3] == ()
    assert moved(old, dataclasses.replace(old, limits={"surgery-months": 12}), {"hernia": "no"})[3] == ("hernia",)


def test_question_that_is_new_is_asked():
    old = dataclasses.replace(
        rule_set(), questions={code: q for code, q in rule_set().questions.items() if code != "hernia"}
    )
    assert moved(old, rule_set(), {})[3] == ("hernia",)


def test_answer_to_a_question_that_is_gone_is_dropped():
    assert moved(rule_set(), rule_set(), ANSWERS | {"gone": "yes"})[0] == ANSWERS


def test_answer_that_names_a_place_that_is_gone_is_asked_again_as_a_whole():
    names_it_too = ANSWERS | {"skin-disease-sites": ["cheek-left"]}
    old, new = rule_set(), changed(lambda new: row(new, "sites", "abdomen").update(name="middle of the belly"))
    answers, sites, _, again = moved(old, new, names_it_too, ("abdomen", "cheek-left"))
    assert set(again) == {"surgeries", "broken-bone-sites"}
    assert set(answers) == {"hernia", "recent-surgery", "skin-disease-sites"}
    assert sites == ("cheek-left",)


def test_place_whose_side_changed_is_another_place():
    old, new = rule_set(), changed(lambda new: row(new, "sites", "cheek-left").update(side="right"))
    assert moved(old, new, {"broken-bone-sites": ["cheek-left"]}, ("cheek-left",))[:2] == ({}, ())


def test_not_sure_where_is_no_place_and_holds():
    answers = {"broken-bone-sites": ["unsure"]}
    assert moved(rule_set(), rule_set(), answers)[0] == answers


def test_goal_that_is_gone_is_dropped():
    assert moved(rule_set(), rule_set(), {}, (), ("sport", "gone"))[2] == ("sport",)


def test_without_the_old_set_everything_is_asked_again():
    assert moved(None, rule_set(), ANSWERS, ("abdomen",), ("sport",)) == ({}, (), (), tuple(rule_set().questions))
