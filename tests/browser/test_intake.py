"""The intake in a real browser: by keyboard, saved as it is typed, on a phone, and without script."""

import time

import pytest
from playwright.sync_api import expect

from clinic.people import demo
from tests.browser.test_pages import sign_in
from tests.support.browser import follow
from tests.support.seeing import assert_good_for_everybody, assert_no_violations, assert_shows_every_stop

pytestmark = pytest.mark.browser
PRACTITIONER, SUPERVISOR = demo.PEOPLE[1]["email"], demo.PEOPLE[2]["email"]
SEED = """
from datetime import date
from clinic.models import Clinic
from tests.clinic.screenings.invented import a_patient
print(a_patient(Clinic.objects.get(slug="demo"), name="Typed Person", born=date(1985, 3, 14)).pk)
"""
PLACE = "[id='id_plan.sites-abdomen']"


@pytest.fixture(scope="module")
def perry(demo_site, chromium):
    """The cookies of a practitioner's session."""
    context = chromium.new_context()
    sign_in(context.new_page(), demo_site, PRACTITIONER)
    yield context.storage_state()
    context.close()


@pytest.fixture
def expected_complaint(complaints):
    """What the server refuses is a complaint in the console; here it is the point."""
    yield
    complaints[:] = [text for text in complaints if not any(code in text for code in ("401", "403", "404"))]


@pytest.fixture
def patient(in_the_demo):
    """A patient of the test's own, of whom nothing is known yet."""
    return in_the_demo(SEED).strip()


@pytest.fixture
def arrive(demo_site, open_page, perry, patient):
    """Open the patient's intake."""

    def open_intake(*, treatment="body-myostimulation", width=1280, state=None, **options):
        page = open_page(width=width, storage_state=state or perry, **options)
        begin(page, demo_site, patient, treatment)
        return page

    return open_intake


def begin(page, site, patient, treatment):
    """Post what the buttons of the patient's page post."""
    page.goto(f"{site}/password/change/")
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    opened = page.request.post(
        f"{site}/staff/intake/open/",
        form={"csrfmiddlewaretoken": token, "patient": patient, "treatment": treatment},
        headers={"Referer": page.url},
    )
    assert opened.ok
    page.goto(opened.url)


def saved(page):
    """Wait until everything that was typed is with the server."""
    expect(page.locator("#intake.htmx-request")).to_have_count(0)
    page.wait_for_timeout(50)
    expect(page.locator("#intake.htmx-request")).to_have_count(0)


def focused(page):
    """Give the question that has the focus; empty where none has."""
    return page.evaluate("document.activeElement.closest('.slot')?.dataset.code ?? ''")


def test_a_routine_intake_is_typed_in_under_ninety_seconds(arrive, record_property, capsys):
    page = arrive()
    began, keys = time.monotonic(), 0

    def press(key):
        nonlocal keys
        page.keyboard.press(key)
        keys += 1

    while page.evaluate("document.activeElement.value") != "abdomen":
        press("Tab")
    press("Space")
    press("Enter")
    while page.evaluate("!document.activeElement.matches('[data-store]')"):
        before = page.evaluate("document.activeElement.name")
        press("n" if page.evaluate("document.activeElement.matches('[type=radio]')") else "Enter")
        page.wait_for_function("before => document.activeElement.name !== before", arg=before)
        assert keys < 90
    expect(page.locator(".verdict-headline")).to_have_text("Clear")
    with page.expect_navigation():
        press("Enter")
    took = time.monotonic() - began
    report = f"routine intake: {keys} keys, 0 clicks, {took:.1f} s typed by the browser, {keys} s at a key a second"
    record_property("routine_intake", report)
    with capsys.disabled():
        print(f"\n{report}")
    assert "/staff/screenings/" in page.url
    assert took < 90


def test_a_key_answers_the_focused_question_and_goes_on(arrive):
    page = arrive()
    page.locator("#id_heart-device").focus()
    for key in "nyu":
        page.keyboard.press(key)
    for code, answer in (("heart-device", "no"), ("implanted-device", "yes"), ("pregnant", "unsure")):
        assert page.locator(f"[name={code}]:checked").input_value() == answer
    assert focused(page) == "heart-disease"


def test_a_key_in_a_note_is_a_letter(arrive):
    page = arrive()
    page.locator("#slot-heart-device summary").click()
    note = page.locator("[id='id_note.heart-device']")
    note.press_sequentially("nothing yet, unsure")
    assert note.input_value() == "nothing yet, unsure"
    assert page.locator("[name=heart-device]:checked").count() == 0


def test_what_is_typed_is_there_when_the_page_is_opened_again(arrive):
    page = arrive()
    page.locator(PLACE).check()
    page.locator("#id_heart-device").focus()
    page.keyboard.press("n")
    page.locator("#id_blood-pressure").fill("118")
    page.locator("#id_blood-pressure-diastolic").fill("76")
    page.keyboard.press("Enter")
    page.locator("#slot-pregnant summary").click()
    page.locator("[id='id_note.pregnant']").fill("By her word.")
    page.keyboard.press("Tab")
    saved(page)
    page.reload()
    assert page.locator(PLACE).is_checked()
    assert page.locator("[name=heart-device]:checked").input_value() == "no"
    assert page.locator("#id_blood-pressure").input_value() == "118"
    assert page.locator("[id='id_note.pregnant']").input_value() == "By her word."


def test_the_outcome_and_the_follow_up_come_with_the_answer(arrive):
    page = arrive()
    expect(page.locator(".verdict-headline")).to_have_text("None yet")
    page.locator(PLACE).check()
    expect(page.locator(".verdict-headline")).to_have_text("Undetermined")
    assert page.locator("[name=hypertension-controlled]").count() == 0
    page.locator("#id_hypertension").focus()
    page.keyboard.press("y")
    expect(page.locator("[name=hypertension-controlled]")).to_have_count(3)
    page.locator("#id_heart-device").focus()
    page.keyboard.press("y")
    expect(page.locator(".verdict-headline")).to_have_text("Contraindicated")
    assert page.locator("#intake-live").bounding_box()["y"] >= 0


@pytest.mark.usefixtures("expected_complaint")
def test_an_ended_sign_in_keeps_the_page_and_it_goes_on_after_signing_in_beside_it(arrive, demo_site):
    page = arrive()
    session = next(cookie for cookie in page.context.cookies() if cookie["name"].endswith("sessionid"))
    page.context.clear_cookies(name=session["name"])
    page.locator("#id_heart-device").focus()
    page.keyboard.press("n")
    expect(page.get_by_text("Nothing you typed is lost")).to_be_visible()
    page.keyboard.press("y")
    page.locator("#id_anything-else").focus()
    expect(page.get_by_text("Nothing you typed is lost")).to_be_in_viewport()
    beside = page.context.new_page()
    sign_in(beside, demo_site, SUPERVISOR)
    page.get_by_role("button", name="I have signed in: save now").click()
    expect(page.locator("#intake-saved")).to_contain_text("by Sol Supervisor")
    expect(page.get_by_text("Nothing you typed is lost")).to_have_count(0)
    page.reload()
    assert page.locator("[name=heart-device]:checked").input_value() == "no"
    assert page.locator("[name=implanted-device]:checked").input_value() == "yes"


def test_what_is_not_stored_for_an_open_question_says_so_in_view(arrive):
    page = arrive()
    page.locator("[name='plan.sites'][value=abdomen]").check(force=True)
    saved(page)
    follow(page, "button", "Store the screening")
    expect(page.get_by_role("heading", name="Not stored yet: 39 questions not answered")).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "heart-device"


@pytest.mark.sweep
def test_two_people_at_one_intake_see_both_texts(arrive, demo_site, chromium):
    perrys = arrive()
    context = chromium.new_context()
    sign_in(context.new_page(), demo_site, SUPERVISOR)
    sols = arrive(state=context.storage_state())
    context.close()
    sols.locator("#id_heart-device").focus()
    sols.keyboard.press("y")
    saved(sols)
    perrys.locator("#id_heart-device").focus()
    perrys.keyboard.press("n")
    expect(perrys.locator("#slot-heart-device .conflict")).to_contain_text("Sol Supervisor changed this")
    assert perrys.locator("[name=heart-device]:checked").input_value() == "yes"
    perrys.get_by_role("button", name="Use mine").click()
    expect(perrys.locator(".conflict")).to_have_count(0)
    assert perrys.locator("[name=heart-device]:checked").input_value() == "no"


@pytest.mark.hazard("H-22")
@pytest.mark.usefixtures("expected_complaint")
def test_a_line_that_breaks_loses_nothing(arrive, complaints):
    page = arrive()
    page.route("**/save/", lambda route: route.abort())
    page.locator("#id_heart-device").focus()
    page.keyboard.press("n")
    page.locator("#id_anything-else").focus()
    expect(page.get_by_text("The last change is not saved yet.")).to_be_in_viewport()
    page.unroute("**/save/")
    page.get_by_role("button", name="Save again").click()
    expect(page.get_by_text("The last change is not saved yet.")).to_be_hidden()
    complaints[:] = [text for text in complaints if "ERR_FAILED" not in text and not text.startswith("htmx:")]
    page.reload()
    assert page.locator("[name=heart-device]:checked").input_value() == "no"


@pytest.mark.sweep
def test_operations_are_written_one_after_the_other(arrive):
    page = arrive()
    page.locator(PLACE).check()
    page.locator("#id_recent-surgery").focus()
    page.keyboard.press("y")
    page.locator("#id_surgeries-year").fill("2025")
    page.locator("#id_surgeries-sites-abdomen").check()
    saved(page)
    page.get_by_role("button", name="Add another operation").click()
    expect(page.locator(".operation")).to_have_count(1)
    page.locator("#id_surgeries-year").fill("2024")
    page.locator("#id_surgeries-sites-chest").check()
    saved(page)
    page.reload()
    assert page.locator(".operation strong").all_inner_texts() == ["Operation 1", "Operation 2"]


def test_on_a_phone_the_outcome_is_a_bar_that_opens(arrive):
    page = arrive(width=360)
    page.locator("#id_kidney-failure").scroll_into_view_if_needed()
    bar = page.locator(".live-bar")
    assert bar.bounding_box()["y"] == 0
    expect(page.locator("#intake-live")).to_be_hidden()
    bar.click()
    expect(page.locator("#intake-live")).to_be_visible()


def test_without_script_a_button_saves_and_shows_the_outcome(arrive):
    page = arrive(script=False)
    page.locator(PLACE).check()
    page.locator("[name=pregnant][value=yes]").check()
    follow(page, "button", "Save")
    assert page.locator(".verdict-headline").inner_text() == "Contraindicated"
    assert page.locator("[name=pregnant]:checked").input_value() == "yes"
    page.locator("[name=pregnant][value=no]").check()
    follow(page, "button", "Store the screening")
    assert "questions not answered" in page.inner_text("main")


def test_an_intake_that_is_dropped_leaves_nothing_in_the_next(arrive, demo_site, patient):
    page = arrive(script=False)
    dropped = page.url
    page.locator("[name=pregnant][value=yes]").check()
    follow(page, "button", "Save")
    follow(page, "button", "Drop this intake")
    follow(page, "button", "Drop it")
    begin(page, demo_site, patient, "body-myostimulation")
    assert (page.url != dropped, page.locator("#intake :checked[type=radio]").count()) == (True, 0)


@pytest.mark.sweep
def test_the_intake_is_good_for_everybody(arrive):
    page = arrive()
    page.locator(PLACE).check()
    page.locator("#id_recent-surgery").focus()
    page.keyboard.press("y")
    page.locator("#id_heart-device").focus()
    page.keyboard.press("y")
    expect(page.locator("[name=surgeries-year]")).to_have_count(1)
    for width in (320, 1280):
        assert_good_for_everybody(page, width)
        assert_no_violations(page)


@pytest.mark.sweep
def test_each_stop_of_the_keyboard_shows_and_lies_free(arrive):
    page = arrive(treatment="ems-training", reduced_motion="reduce")
    assert_shows_every_stop(page)
