"""What a page asks comes back as typed answers; what is empty is absent; what cannot be read is named with its cure."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.html import escape
from hypothesis import given, settings

from screening.engine.answers import BloodPressure, Operation
from screening.engine.calendar import PartialDate
from screening.engine.flow import questions_asked
from screening.forms import site_groups
from tests.screening.page_inputs import Inputs, drawn, form, inputs, sent
from tests.screening.rule_set_one import rule_set
from tests.support.requests import read, requests

QUESTIONS = rule_set().questions
EXAMPLES = {
    "pregnant": "not-applicable",
    "hernia-kind": ("groin", "disc", "unsure"),
    "skin-problem-sites": ("cheek-left", "nose", "unsure"),
    "chronic-disease-details": "asthma\n  and “hay fever” <b>",
    "recent-procedure-date": PartialDate(2026, 2),
    "last-meal": datetime(2026, 11, 21, 8, 30, tzinfo=UTC),
    "temperature": 37.9,
    "blood-pressure": BloodPressure(120, 80.5),
    "surgeries": (Operation(PartialDate(2025, 12, 31), ("abdomen",)), Operation("unsure", ("unsure",))),
}
DATE = "recent-procedure-date"
GOOD_TOO = "“Not sure” is a good answer too."


def messages(asked):
    return [message for errors in asked.errors.values() for message in errors]


def refused(code, **typed):
    asked = form(code, sent(form(code), **typed))
    assert not asked.is_valid()
    assert (asked.faulty(), asked.given(), asked.open()) == ({code}, {}, ())
    return messages(asked)


@pytest.mark.parametrize("code", QUESTIONS)
def test_nothing_is_chosen_beforehand(code):
    posted = sent(form(code))
    assert inputs(form(code)).chosen == []
    assert posted.pop("questions") == [code]
    assert {name: values for name, values in posted.items() if values != [""] and not name.startswith(f"{code}-")} == {}


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize("code", QUESTIONS)
def test_a_page_sent_as_it_was_opened_answers_nothing(code):
    asked = form(code, sent(form(code)))
    is_required = QUESTIONS[code].required
    assert asked.is_valid() != is_required
    assert (asked.given(), asked.faulty(), asked.open()) == ({}, set(), (code,) if is_required else ())


@pytest.mark.parametrize("code", EXAMPLES)
def test_an_answer_shown_again_is_sent_again_as_it_was(code):
    asked = form(code, sent(form(code, answers=EXAMPLES)), answers=EXAMPLES)
    assert asked.is_valid()
    assert asked.given() == {code: EXAMPLES[code]}


def same(answer):
    """Codes in another order are the same answer."""
    if isinstance(answer, dict):
        return {code: same(value) for code, value in answer.items()}
    return frozenset(answer) if isinstance(answer, tuple) else answer


@settings(max_examples=25, deadline=None)
@given(requests())
def test_any_answers_of_a_request_come_through_the_pages_unchanged(request):
    case = read(request)
    for question in questions_asked(rule_set(), case.plan, case.answers, case.at):
        answer = case.answers.get(question.code)
        if answer is None or question.kind == "operations":
            continue
        shown = form(question.code, answers=case.answers, at=case.at)
        again = form(question.code, sent(shown), at=case.at).given()
        if question.kind == "moment" and isinstance(answer, datetime):
            # The page shows a time to the minute.
            answer = answer.replace(second=0, microsecond=0)
        if question.kind == "text":
            answer = answer.strip()
        assert same(again) == ({question.code: same(answer)} if answer != "" else {})


def test_several_questions_each_keep_what_could_be_read():
    asked = form("viral-illness fever recent-procedure-date", {"fever": "yes", f"{DATE}-month": "2"})
    assert not asked.is_valid()
    assert asked.given() == {"fever": "yes"}
    assert (asked.faulty(), asked.open()) == ({DATE}, ("viral-illness",))


@pytest.mark.hazard("H-26")
def test_an_unanswered_question_says_that_not_sure_is_good_too():
    assert messages(form("fever", {})) == [f"Choose one answer. {GOOD_TOO}"]
    assert messages(form("circulation-stage", {})) == ["Choose one answer. “I was not told” is a good answer too."]
    assert messages(form("maker-check", {"maker-check": "perhaps"})) == ["Choose one of the answers below."]


@pytest.mark.parametrize("code", ["fever", "hernia-kind", "skin-problem-sites"])
def test_an_answer_that_the_question_does_not_have_is_faulty(code):
    refused(code, **{code.replace("-", "_"): "elbow-grease"})


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (("20", "2", "2026"), "2026-02-20"),
        (("", "2", "2026"), "2026-02"),
        (("", "", "2026"), "2026"),
        (("01.", "Sept", "2025"), "2025-09-01"),
        ((" 3 ", "march", " 2025 "), "2025-03-03"),
        (("٣", "٤", "٢٠٢٥"), "2025-04-03"),
        (("21", "11", "2026"), "2026-11-21"),
        (("", "11", "2026"), "2026-11"),
    ],
)
def test_a_date_is_read_as_people_write_it(typed, written):
    asked = form(DATE, {f"{DATE}-{part}": text for part, text in zip(("day", "month", "year"), typed, strict=True)})
    assert asked.is_valid()
    assert str(asked.given()[DATE]) == written


@pytest.mark.parametrize(
    ("day", "month", "year", "cure"),
    [
        ("31", "2", "2025", "There is no such day. Check day, month and year."),
        ("29", "2", "2025", "There is no such day. Check day, month and year."),
        ("22", "11", "2026", "That day is still to come. Check the date."),
        ("", "12", "2026", "That day is still to come. Check the date."),
        ("", "", "2027", "That day is still to come. Check the date."),
        ("", "", "26", "Write the year with four numbers, such as 2024."),
        ("", "", "last", "Write the year with four numbers, such as 2024."),
        ("", "", "20²6", "Write the year with four numbers, such as 2024."),
        ("", "", "1899", "Check the year. It is too long ago."),
        ("", "13", "2025", "Write the month as a number or a name, such as 3 or March."),
        ("", "ju", "2025", "Write the month as a number or a name, such as 3 or March."),
        ("32", "1", "2025", "Write the day as a number from 1 to 31, or leave it empty."),
        ("0", "1", "2025", "Write the day as a number from 1 to 31, or leave it empty."),
        ("3", "", "2025", "Write the month too, or leave the day empty."),
        ("3", "4", "", "Write the year too. The year alone is enough."),
    ],
)
def test_a_date_that_cannot_be_read_is_shown_again_with_its_cure(day, month, year, cure):
    typed = {f"{DATE}-day": day, f"{DATE}-month": month, f"{DATE}-year": year}
    asked = form(DATE, typed)
    assert messages(asked) == [cure]
    assert (asked.faulty(), asked.given()) == ({DATE}, {})
    assert {name: values[0] for name, values in sent(asked).items() if name in typed} == typed


def test_a_date_and_not_sure_together_are_never_guessed():
    assert refused(DATE, **{f"{DATE}-year".replace("-", "_"): "2025", f"{DATE}-open".replace("-", "_"): "unsure"}) == [
        "Write a date or choose the answer below it, not both."
    ]


def test_an_unknown_answer_beside_a_date_is_faulty():
    assert refused(DATE, recent_procedure_date_open="perhaps") == ["Choose one of the answers below."]


@pytest.mark.parametrize(("length", "over"), [(500, 0), (501, 1), (1500, 1000)])
def test_a_text_may_have_500_characters(length, over):
    code = "chronic-disease-details"
    asked = form(code, {code: "é" * length})
    assert asked.is_valid() == (not over)
    said = "character" if over == 1 else "characters"
    assert messages(asked) == ([f"Your text is {over} {said} too long. Make it a little shorter."] if over else [])
    assert sent(asked)[code] == ["é" * length]


def test_a_new_line_counts_as_one_character():
    code = "chronic-disease-details"
    asked = form(code, {code: "a\r\n" * 249 + "bc"})
    assert asked.given() == {code: "a\n" * 249 + "bc"}


def test_a_text_loses_what_no_database_can_hold():
    assert form("chronic-disease-details", {"chronic-disease-details": "a\0b"}).given() == {
        "chronic-disease-details": "ab"
    }


@pytest.mark.parametrize(("typed", "value"), [("37,9", 37.9), (" 38.0 ", 38), ("30", 30)])
def test_a_number_may_be_written_with_a_comma(typed, value):
    assert form("temperature", {"temperature": typed}).given() == {"temperature": value}


@pytest.mark.parametrize("typed", ["29.9", "45.1", "hot", "nan", "inf", "1e9"])
def test_a_number_outside_its_range_names_the_range(typed):
    assert refused("temperature", temperature=typed) == ["Write a number from 30.0 to 45.0."]


@pytest.mark.parametrize(("upper", "lower"), [("120", ""), ("", "80"), ("80", "120"), ("400", "80"), ("x", "80")])
def test_half_a_blood_pressure_is_no_reading(upper, lower):
    [cure] = refused("blood-pressure", blood_pressure_systolic=upper, blood_pressure_diastolic=lower)
    assert cure.startswith("Write both numbers: the upper from 50 to 300, the lower from 20 to 200.")


def test_a_time_is_read_on_the_clinics_clock():
    at = datetime(2026, 7, 21, 10, tzinfo=ZoneInfo("Europe/London"))
    asked = form("last-meal", {"last-meal-day": "2026-07-21", "last-meal-time": "09:15"}, at=at)
    assert asked.given() == {"last-meal": datetime(2026, 7, 21, 8, 15, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("clock", "meant"),
    [
        # In New York the hour from one to two comes twice on 1 November 2026.
        ("00:59", datetime(2026, 11, 1, 4, 59, tzinfo=UTC)),
        ("01:30", datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
        ("01:50", datetime(2026, 11, 1, 5, 50, tzinfo=UTC)),
    ],
)
def test_a_time_in_the_hour_that_comes_twice_is_the_last_that_has_been(clock, meant):
    at = datetime(2026, 11, 1, 1, 45, fold=1, tzinfo=ZoneInfo("America/New_York"))
    asked = form("last-meal", {"last-meal-day": "2026-11-01", "last-meal-time": clock}, at=at)
    assert asked.given() == {"last-meal": meant}


@pytest.mark.parametrize(
    ("typed", "cure"),
    [
        ({"last_meal_day": "2026-11-21", "last_meal_time": "10:01"}, "That time is still to come. Check day and time."),
        ({"last_meal_day": "1800-11-21", "last_meal_time": "10:01"}, "Check the day and the time."),
        ({"last_meal_day": "2026-11-21"}, "Write both the day and the time."),
        ({"last_meal_time": "10:00"}, "Write both the day and the time."),
        (
            {"last_meal_time": "10:00", "last_meal_open": "unsure"},
            "Write a time or choose the answer below it, not both.",
        ),
        ({"last_meal_open": ["unsure", "none-today"]}, "Choose only one of these answers."),
    ],
)
def test_a_time_that_cannot_be_read_names_its_cure(typed, cure):
    assert refused("last-meal", **typed) == [cure]


def test_places_stand_under_their_headings_single_ones_before_pairs():
    groups = site_groups(rule_set(), {"cheek-left", "cheek-right", "chin", "abdomen"}, ["chin"])
    assert [(str(heading), [(place.label, place.checked) for place in places]) for heading, places in groups] == [
        ("Face", [("Chin", True), ("Your left cheek", False), ("Your right cheek", False)]),
        ("Chest, back and tummy", [("Tummy", False)]),
    ]


def test_a_barred_place_is_not_chosen_and_says_why():
    [(_, [place])] = site_groups(rule_set(), ["throat"], ["throat"], barred={"throat": "Not on the throat."})
    assert (place.checked, place.barred_reason) == (False, "Not on the throat.")


def test_every_place_can_be_marked_and_no_other():
    names = [value for name, value in every_box("skin-problem-sites")]
    assert set(names) == {*rule_set().sites, "unsure"}
    assert len(names) == len(set(names))


def every_box(code):
    page = drawn(form(code)).replace('type="checkbox"', 'type="checkbox" checked')
    return [pair for pair in Inputs(page).chosen if pair[0] == code]


@pytest.mark.parametrize("code", QUESTIONS)
@pytest.mark.parametrize("data", [None, {}], ids=["opened", "sent empty"])
def test_every_reference_on_a_page_has_its_target_and_every_id_is_there_once(code, data):
    found = inputs(form(code, data))
    assert len(found.ids) == len(set(found.ids))
    assert set(found.referred) <= set(found.ids)
    assert {link.removeprefix("#") for link in found.links} <= set(found.focusable)
    assert bool(found.links) == (data is not None and QUESTIONS[code].required)


@pytest.mark.parametrize("code", QUESTIONS)
def test_a_page_says_the_whole_question_and_why_it_is_asked(code):
    [bound] = form(code).asked()
    question, page = QUESTIONS[code], drawn(form(code))
    assert " ".join(filter(None, [bound.heading, bound.details])) == question.wording
    assert all(escape(words) in page for words in (bound.heading, bound.details, question.help, question.why))


def test_all_questions_of_the_wording_stand_in_the_heading():
    [bound] = form("heart-failure").asked()
    assert (bound.heading, bound.details) == (QUESTIONS["heart-failure"].wording, "")


def test_one_question_alone_is_the_pages_heading():
    assert "<h1>" in drawn(form("fever"))
    assert "<h1>" not in drawn(form("fever bleeding"))


def test_the_summary_of_several_questions_names_each():
    page = drawn(form("fever bleeding", {}))
    assert page.count('class="error-question"') == 2
    assert 'class="error-question"' not in drawn(form("fever", {}))


def test_what_concerns_the_whole_page_leads_to_its_first_input():
    asked = form("chronic-disease-details", {"chronic-disease-details": "words"})
    assert asked.is_valid()
    asked.add_error(None, "There is no more room.")
    assert inputs(asked).links == ["#id_chronic-disease-details"]


@pytest.mark.parametrize(("codes", "has_map"), [("fever", False), ("sore-vein-sites", True), ("surgeries", True)])
def test_a_page_knows_whether_it_shows_the_map(codes, has_map):
    assert form(codes).has_map == has_map
    assert ("body-map" in drawn(form(codes))) == has_map


def test_a_tap_on_the_map_reaches_a_box_of_the_list():
    for code in ("sore-vein-sites", "surgeries"):
        found = inputs(form(code))
        assert {f"id_{code}-sites-cheek-left" if code == "surgeries" else f"id_{code}-cheek-left"} <= set(found.ids)
