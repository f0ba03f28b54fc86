from clinic.self_check.state import SelfCheck

WHOLE = SelfCheck(
    rule_set=("ems", "1", "d" * 64),
    key="0b7e2a34-6f3c-4f0e-9d43-5a5a3a4e1f10",
    answered_for="other",
    treatment="facial-ems",
    sites=("cheek-left",),
    goals=("scars",),
    answers={"pregnant": "no", "surgeries": [{"date": "2026-05", "sites": ["chin"]}]},
    left=("hernia",),
    told=("pregnancy",),
    telling=("pregnancy",),
    goals_put=True,
    looked_over=True,
    stopped=True,
    renewed=True,
    sent=True,
)


def test_it_is_equal_after_a_trip_through_json():
    assert SelfCheck.from_json(WHOLE.to_json()) == WHOLE


def test_what_is_empty_takes_no_room():
    assert list(SelfCheck(treatment="emface").to_json()) == ["key", "treatment"]


def test_each_self_check_has_a_key_of_its_own():
    assert SelfCheck().key != SelfCheck().key


def test_a_page_changes_its_own_questions_and_no_others():
    changed = WHOLE.with_answers(["hernia", "sepsis"], {"hernia": "no"}, ["sepsis"])
    assert changed.answers == WHOLE.answers | {"hernia": "no"}
    assert changed.left == ("sepsis",)


def test_a_question_emptied_on_its_page_is_no_longer_answered():
    assert "pregnant" not in WHOLE.with_answers(["pregnant"], {}, []).answers


def test_an_answer_in_part_can_be_left_open():
    changed = WHOLE.with_answers(["surgeries"], {"surgeries": [{"date": "2026-05"}]}, ["surgeries"])
    assert (changed.answers["surgeries"], changed.left) == ([{"date": "2026-05"}], ("hernia", "surgeries"))


def test_for_somebody_else_it_begins_anew_and_for_the_same_person_it_goes_on():
    for whom in ("me", "other"):
        anew = WHOLE.begun(whom, "emface", is_same_person=False)
        assert (anew.said, anew.looked_over, anew.key != WHOLE.key) == ((whom, "emface", (), (), {}), False, True)
        assert WHOLE.begun(whom, "emface", is_same_person=True).answers == WHOLE.answers
