"""The self-check as a patient walks it, on a phone and with script off, unless a test says otherwise."""

import re

import pytest
from playwright.sync_api import expect

from tests.screening.rule_set_one import rule_set
from tests.support.walking import Walk, safe_answer

pytestmark = pytest.mark.browser


@pytest.fixture
def walk(demo_site, open_page):
    """A person at the clinic's first page: walk(answers) with script off."""
    return lambda answers=None, **options: Walk(open_page(script=False, **options), demo_site, answers or {})


def test_a_person_with_nothing_is_through_in_28_pages_and_72_taps(walk):
    somebody = walk()
    somebody.to_the_result()
    assert "Nothing you told us speaks against it" in somebody.page.inner_text("main")
    assert (somebody.pages, somebody.taps) <= (28, 72)
    assert somebody.pages <= 28
    assert somebody.taps <= 72


def test_the_result_of_a_heavy_case_names_each_thing_and_until_when(walk):
    somebody = walk({"recent-surgery": "yes", "heart-disease": "yes", "fever": "unsure"})
    somebody.begin()
    somebody.hurry("surgeries")
    somebody.say("surgeries", {"day": "20", "month": "3", "year": "2026"})
    somebody.choose("surgeries-sites", "cheek-left")
    somebody.go("Save and go on")
    to_the_result(somebody)
    words = somebody.page.inner_text("main")
    assert "20 December 2026" in words
    assert "Heart disease" in words or "problem with your heart" in words
    assert "high temperature" in words


def to_the_result(somebody):
    somebody.hurry()
    somebody.go("Save and go on")
    somebody.go("Show my result")


# What must never happen


def answered(page):
    return {
        row.locator("dt").inner_text(): row.locator("dd").first.inner_text()
        for row in page.locator(".answer-row").all()
    }


def to_all_answers(somebody):
    somebody.begin()
    somebody.hurry()
    somebody.go("Save and go on")


def test_back_and_reload_lose_no_answer(walk):
    somebody = walk({"pregnant": "unsure"})
    somebody.begin()
    for _ in range(5):
        somebody.answer()
    here = somebody.page.url
    somebody.page.go_back()
    somebody.page.go_back()
    somebody.page.go_back()
    assert somebody.page.locator('input[name="pregnant"][value="unsure"]').is_checked()
    somebody.page.reload()
    assert somebody.page.locator('input[name="pregnant"][value="unsure"]').is_checked()
    somebody.go("Save and go on")
    assert somebody.page.url == here


@pytest.mark.sweep
def test_a_change_comes_back_to_all_answers_and_changes_nothing_else(walk):
    somebody = walk()
    to_all_answers(somebody)
    before = answered(somebody.page)
    row = somebody.page.locator(".answer-row", has_text="Are you pregnant")
    with somebody.page.expect_navigation():
        row.get_by_role("link").click()
    somebody.say("pregnant", "not-applicable")
    somebody.go("Save and go on")
    assert somebody.page.url.endswith("/answers/")
    after = answered(somebody.page)
    assert {key for key in before if before[key] != after[key]} == {key for key in before if "pregnant" in key}


@pytest.mark.sweep
def test_a_change_that_opens_a_question_asks_it_before_it_comes_back(walk):
    somebody = walk()
    to_all_answers(somebody)
    row = somebody.page.locator(".answer-row", has_text="Do you have a broken or cracked bone")
    with somebody.page.expect_navigation():
        row.get_by_role("link").click()
    somebody.say("broken-bone", "yes")
    somebody.go("Save and go on")
    assert somebody.asked() == ["broken-bone-sites"]
    somebody.page.goto(f"{somebody.site}/c/demo/check/result/")
    assert somebody.asked() == ["broken-bone-sites"]
    somebody.choose("broken-bone-sites", "hand-left")
    somebody.go("Save and go on")
    assert somebody.page.url.endswith("/answers/")


@pytest.mark.sweep
def test_an_answer_behind_a_closed_branch_is_gone_and_asked_afresh(walk):
    somebody = walk({"skin-problem": "yes", "skin-problem-sites": ["cheek-left"], "skin-problem-kinds": ["cut"]})
    to_all_answers(somebody)
    assert "left cheek" in somebody.page.inner_text("main").split("Skin, bones")[1]
    change(somebody, "Is your skin inflamed", "skin-problem", "no")
    assert "left cheek" not in somebody.page.inner_text("main").split("Skin, bones")[1]
    change(somebody, "Is your skin inflamed", "skin-problem", "yes")
    assert somebody.asked() == ["skin-problem-sites"]
    assert somebody.page.locator("input:checked").count() == 0


def change(somebody, question, code, value):
    row = somebody.page.locator(".answer-row", has_text=question).first
    with somebody.page.expect_navigation():
        row.get_by_role("link").click()
    somebody.say(code, value)
    somebody.go("Save and go on")


@pytest.mark.hazard("H-03")
def test_nobody_gets_past_an_unanswered_question(walk):
    somebody = walk()
    somebody.begin()
    somebody.answer()
    waiting = somebody.page.url
    for page in ("result", "answers", "goals", "send", "step/20", "receipt", "pause"):
        somebody.page.goto(f"{somebody.site}/c/demo/check/{page}/")
        assert somebody.page.url == waiting, page


@pytest.mark.hazard("H-04")
def test_an_untouched_question_is_pointed_at_and_can_be_left_open_but_never_reads_as_no(walk):
    somebody = walk({"fever": None})
    somebody.begin()
    somebody.hurry("fever")
    somebody.answer()
    assert somebody.page.title().startswith("Error: ")
    assert somebody.page.locator('input[name="bleeding"][value="no"]').is_checked()
    somebody.go("Leave it open for now")
    somebody.hurry()
    somebody.go("Save and go on")
    row = somebody.page.locator(".answer-row", has_text="high temperature")
    assert "Not answered" in row.inner_text()
    somebody.go("Show my result")
    words = somebody.page.inner_text("main")
    assert "Nothing you told us speaks against it" not in words
    assert "high temperature" in words


def test_two_tabs_lose_nothing_silently(walk):
    somebody = walk()
    somebody.begin()
    other = somebody.page.context.new_page()
    other.goto(somebody.page.url)
    second = Walk(other, somebody.site)
    somebody.answer()
    somebody.answer()
    second.say("heart-device", "unsure")
    second.go("Save and go on")
    assert second.asked() == ["pregnant"]
    somebody.page.goto(f"{somebody.site}/c/demo/check/step/1/")
    assert somebody.page.locator('input[name="heart-device"][value="unsure"]').is_checked()
    somebody.page.goto(f"{somebody.site}/c/demo/check/step/2/")
    assert somebody.page.locator('input[name="implanted-device"][value="no"]').is_checked()


@pytest.mark.sweep
def test_a_tab_with_an_older_page_saves_its_own_questions(walk):
    somebody = walk({"sore-vein": "yes"})
    somebody.begin()
    somebody.hurry("sore-vein")
    somebody.answer()
    assert somebody.asked() == ["sore-vein-sites"]
    other = somebody.page.context.new_page()
    other.goto(f"{somebody.site}/c/demo/check/step/6/")
    with other.expect_navigation():
        other.locator('input[name="sore-vein"][value="no"]').click()
        other.get_by_role("button", name="Save and go on").click()
    somebody.choose("sore-vein-sites", "foot-left")
    somebody.go("Save and go on")
    assert "sore-vein-sites" not in somebody.asked()
    somebody.hurry()
    somebody.go("Save and go on")
    assert "left foot" not in somebody.page.inner_text("main")


@pytest.mark.hazard("H-15")
def test_a_contraindicated_answer_is_said_at_once_and_the_person_may_stop_or_go_on(walk):
    somebody = walk({"pregnant": "yes"})
    somebody.begin()
    while somebody.on_questions():
        somebody.answer()
    assert "/pause/" in somebody.page.url
    assert "regnant" in somebody.page.inner_text("main")
    somebody.go("Stop here")
    words = somebody.page.inner_text("main")
    assert re.search(r"\d+ questions were not asked", words)
    with somebody.page.expect_navigation():
        somebody.page.get_by_role("link", name="Go on with the questions").click()
    assert somebody.asked() == ["heart-disease", "heart-failure", "hypertension"]


@pytest.mark.hazard("H-36")
def test_addresses_titles_and_referrers_hold_no_answer(walk):
    somebody = walk({"pregnant": "unsure", "broken-bone": "yes", "broken-bone-sites": ["hand-left"]})
    seen = []
    somebody.page.on("request", lambda request: seen.append((request.url, request.headers.get("referer", ""))))
    titles = []
    somebody.page.on("load", lambda page: titles.append(page.title()))
    somebody.to_the_result()
    addresses = " ".join(part for pair in seen for part in pair).lower()
    assert not [
        word for word in ("pregnan", "unsure", "broken", "bone", "left", "cheek", "facial") if word in addresses
    ]
    parts = {section.title for section in rule_set().sections}
    others = {"Health check", "Start", "Where", "Your hopes", "Check your answers", "Your result"}
    assert {title.removesuffix(" · Demo Clinic") for title in titles} <= parts | others
    assert len(titles) > 20


@pytest.mark.hazard("H-25")
def test_nothing_of_the_answers_can_be_read_in_the_cookies(walk):
    somebody = walk({"pregnant": "unsure"})
    to_all_answers(somebody)
    cookies = somebody.page.context.cookies()
    check = next(cookie for cookie in cookies if cookie["name"].startswith("check-"))
    assert (check["httpOnly"], check["sameSite"], check["path"]) == (True, "Lax", "/")
    assert len(check["name"] + check["value"]) < 3800
    assert {cookie["name"] for cookie in cookies} <= {check["name"], "csrftoken"}
    assert not [word for word in ("pregnant", "unsure", "facial") if word in check["value"]]


@pytest.mark.hazard("H-25")
def test_clearing_leaves_nothing_behind(walk):
    somebody = walk()
    to_all_answers(somebody)
    with somebody.page.expect_navigation():
        somebody.page.get_by_role("link", name="Clear my answers").click()
    somebody.go("Clear my answers")
    assert {cookie["name"] for cookie in somebody.page.context.cookies()} <= {"csrftoken"}
    somebody.page.goto(f"{somebody.site}/c/demo/check/answers/")
    assert "There are no answers here" in somebody.page.inner_text("h1")


def send(somebody):
    with somebody.page.expect_navigation():
        somebody.page.get_by_role("link", name="Send to the clinic").click()
    somebody.page.get_by_label("Full name").fill("Ivy Invented")
    for part, text in (("Day", "7"), ("Month", "3"), ("Year", "1980")):
        somebody.page.get_by_label(part, exact=True).fill(text)
    somebody.page.get_by_label("E-mail").fill("ivy@demo.example")
    somebody.page.get_by_label("may keep my name").check()


def test_sending_gives_a_receipt_with_what_the_clinic_sees(walk):
    somebody = walk({"pregnant": "unsure"})
    somebody.begin()
    to_the_result(somebody)
    send(somebody)
    somebody.go("Send my answers")
    words = somebody.page.inner_text("main")
    for part in ("Ivy Invented", "7 March 1980", "ivy@demo.example", "Not sure", "left cheek"):
        assert part in words
    somebody.page.reload()
    assert "Ivy Invented" in somebody.page.inner_text("main")
    somebody.page.goto(f"{somebody.site}/c/demo/check/step/1/")
    assert somebody.page.url.endswith("/receipt/")


def test_errors_in_sending_keep_what_was_typed(walk):
    somebody = walk()
    somebody.begin()
    to_the_result(somebody)
    send(somebody)
    somebody.page.get_by_label("Month", exact=True).fill("13")
    somebody.page.get_by_label("E-mail").fill("ivy at demo")
    somebody.go("Send my answers")
    assert somebody.page.title().startswith("Error: ")
    assert somebody.page.get_by_label("Full name").input_value() == "Ivy Invented"
    assert somebody.page.get_by_label("Month", exact=True).input_value() == "13"
    assert somebody.page.get_by_label("E-mail").input_value() == "ivy at demo"
    assert somebody.page.get_by_label("may keep my name").is_checked()


@pytest.mark.hazard("H-28")
def test_somebody_too_young_is_told_the_clinics_rule_and_nothing_is_kept(walk):
    somebody = walk()
    somebody.open()
    somebody.go("Start", "link")
    for name, value in (("answered_for", "other"), ("old_enough", "no"), ("treatment", "emface")):
        somebody.choose(name, value)
    somebody.go("Go on")
    assert "from 18 years on" in somebody.page.inner_text("main")
    assert "01632 960 001" in somebody.page.inner_text("main")
    assert {cookie["name"] for cookie in somebody.page.context.cookies()} <= {"csrftoken"}


@pytest.mark.hazard("H-10")
@pytest.mark.parametrize("script", [True, False])
def test_a_tap_on_the_map_chooses_the_persons_own_side(demo_site, open_page, script):
    page = open_page(script=script, width=360)
    somebody = Walk(page, demo_site)
    somebody.begin(places=())
    for side in ("left", "right"):
        page.locator(f".region-cheek-{side} path").first.click()
        expect(page.locator(f'input[name="sites"][value="cheek-{side}"]')).to_be_checked()
        box = page.locator(f".region-cheek-{side} path").first.bounding_box()
        middle = page.locator(".body-view-face").first.bounding_box()
        is_on_the_viewers_right = box["x"] + box["width"] / 2 > middle["x"] + middle["width"] / 2
        assert is_on_the_viewers_right == (side == "left")


def test_safe_answers_are_what_somebody_with_nothing_says():
    assert (safe_answer("pregnant"), safe_answer("breast-doctor"), safe_answer("anything-else-details")) == (
        "no",
        "yes",
        None,
    )
