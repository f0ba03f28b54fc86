"""Today's check in a real browser: by keyboard, at once, on a phone, and without script."""

import itertools
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from clinic.people import demo
from tests.browser.test_pages import sign_in
from tests.support.browser import follow
from tests.support.seeing import (
    assert_good_for_everybody,
    assert_leads_to_the_error,
    assert_no_violations,
    assert_shows_every_stop,
)

pytestmark = pytest.mark.browser
WIDTHS = (320, 1280)
SEED = "from tests.clinic.consultations.ready import ready_in_the_demo; print(ready_in_the_demo('{}'))"
NAMES = (f"Ready Person {number}" for number in itertools.count(1))


@pytest.fixture(scope="module")
def perry(demo_site, chromium):
    """The cookies of a practitioner's session."""
    context = chromium.new_context()
    sign_in(context.new_page(), demo_site, demo.PEOPLE[1]["email"])
    yield context.storage_state()
    context.close()


@pytest.fixture
def arrive(demo_site, in_the_demo, open_page, perry):
    """Open the check of a patient who is ready for it."""

    def open_check(**options):
        patient = in_the_demo(SEED.format(next(NAMES))).strip()
        page = open_page(**{"width": 1280, "storage_state": perry, **options})
        page.goto(f"{demo_site}/staff/patients/{patient}/check/body-myostimulation/")
        return page

    return open_check


def judged(page):
    """Wait until the server has judged everything that was answered."""
    page.wait_for_timeout(150)
    expect(page.locator("#check.htmx-request")).to_have_count(0)


def answer_all(page):
    """Answer everything in the safe way, the settled procedure with yes."""
    for question in page.locator("#check fieldset:has(input[value=no])").all():
        code = question.locator("input[type=radio]").first.get_attribute("name")
        said = "yes" if code in ("metal-removed", "recent-procedure") else "no"
        question.locator(f"input[value={said}]").check()
    page.locator("[name='last-meal-open'][value=none-today]").check()


def test_a_routine_check_is_typed_and_starts_the_session(arrive, record_property):
    page = arrive()
    expect(page.locator("#id_health-changed")).to_be_focused()
    keys = 0
    while not page.evaluate("document.activeElement.matches('#against button')"):
        code = page.evaluate("document.activeElement.closest('.slot')?.dataset.code ?? ''")
        kind = page.evaluate("document.activeElement.type")
        if code == "last-meal":
            page.locator("[name='last-meal-open'][value=none-today]").focus()
            page.keyboard.press("Space")
            key = "Enter"
        else:
            key = {"metal-removed": "y"}.get(code, "n" if kind == "radio" else "Enter")
        page.keyboard.press(key)
        keys += 1
        judged(page)
        assert keys < 40
    expect(page.locator("#now")).to_contain_text("Nothing speaks against the start")
    record_property("routine_check", f"{keys} keys")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text().startswith("Session of ")


def test_an_answer_of_the_server_that_comes_late_leaves_the_focus_on_the_button(arrive):
    page = arrive()
    page.locator("#start-session").focus()
    with page.expect_response("**/live/"):
        page.evaluate("htmx.trigger('#check', 'look')")
    judged(page)
    expect(page.locator("#start-session")).to_be_focused()


def test_a_yes_opens_its_questions_and_says_at_once_not_to_start(arrive, complaints):
    page = arrive()
    page.locator("#slot-skin-problem [value=yes]").check()
    expect(page.locator("#slot-skin-problem-sites fieldset")).to_be_visible()
    page.locator("#slot-sepsis [value=yes]").check()
    expect(page.locator("#now")).to_have_text("Do not start")
    page.locator("#slot-skin-problem [value=no]").check()
    expect(page.locator("#slot-skin-problem-sites fieldset")).to_have_count(0)
    # Where the judgement fails, no older one stands there.
    page.route("**/live/", lambda route: route.fulfill(status=500))
    page.locator("#slot-sepsis [value=no]").check()
    expect(page.locator("#unjudged")).to_contain_text("Not judged")
    expect(page.locator("#against")).to_be_hidden()
    page.unroute("**/live/")
    complaints.clear()  # of the failure that was asked for
    page.locator("#slot-sepsis [value=yes]").check()
    expect(page.locator("#unjudged")).to_be_hidden()
    expect(page.locator("#now")).to_have_text("Do not start")
    follow(page, "button", "Record the stop")
    assert_no_violations(page)
    for width in (320, 1280):
        assert_good_for_everybody(page, width)


def test_a_settled_yes_asks_whether_it_is_the_same(arrive):
    page = arrive()
    answer_all(page)
    expect(page.locator("#settled-recent-procedure fieldset")).to_be_visible()
    page.locator("[id='id_same.recent-procedure-new']").check()
    expect(page.locator("#now")).to_have_text("Do not start")
    page.locator("[id='id_same.recent-procedure']").check()
    expect(page.locator("#now")).to_contain_text("Nothing speaks against the start")


def test_a_meal_counts_down_to_the_earliest_start(arrive):
    page = arrive(timezone_id="Europe/London")
    now = datetime.now()  # noqa: DTZ005 - the demo's clinic has this machine's clock
    # Just after midnight half an hour ago was yesterday, and a time alone is taken for today's.
    meal = max(now - timedelta(minutes=30), now.replace(hour=0, minute=0))
    page.locator("[name=last-meal-time]").fill(f"{meal:%H:%M}")
    with page.expect_request("**/live/") as typed:
        page.locator("[name=last-meal-time]").dispatch_event("change")
    expect(page.locator("[data-earliest]")).to_have_text(f"{meal + timedelta(minutes=90):%H:%M}")
    expect(page.locator("[data-countdown]")).to_contain_text("min")
    assert page.locator("[name=last-meal-day]").input_value() != ""
    # Once the time is over the page looks again by itself, which keeps nobody signed in.
    page.wait_for_load_state("networkidle")
    with page.expect_request("**/live/") as looked:
        page.locator("[data-earliest]").evaluate("earliest => { earliest.dateTime = '2020-01-01T00:00:00Z' }")
    sent = [asked.value.headers.get("x-unattended") for asked in (typed, looked)]
    assert sent == [None, "yes"]


def test_without_script_the_buttons_do(arrive):
    page = arrive(script=False)
    follow(page, "button", "Start the session")
    assert_leads_to_the_error_without_script(page)
    answer_all(page)
    follow(page, "button", "Start the session")
    page.locator("[id='id_same.recent-procedure']").check()
    follow(page, "button", "Start the session")
    assert page.locator("h1").inner_text().startswith("Session of ")


def assert_leads_to_the_error_without_script(page):
    assert page.title().startswith("Error: ")
    assert page.locator(".error-summary a").count() == 15


# At other widths, and the pages that follow, test_staff_pages_for_everybody looks at them in make test.
@pytest.mark.parametrize("width", [320, pytest.param(1280, marks=pytest.mark.sweep)])
def test_the_check_is_good_for_everybody(arrive, width):
    page = arrive(width=width, reduced_motion="reduce")
    assert_no_violations(page)
    assert_good_for_everybody(page, width)
    assert_shows_every_stop(page)
    follow(page, "button", "Start the session")
    assert_leads_to_the_error(page)
    assert_no_violations(page)
    assert_good_for_everybody(page, width)


@pytest.mark.sweep
def test_the_sessions_pages_are_good_for_everybody(arrive):
    page = arrive()
    answer_all(page)
    page.locator("[id='id_same.recent-procedure']").check()
    judged(page)
    follow(page, "button", "Start the session")
    session = page.url
    assert_no_violations(page)
    for width in WIDTHS:
        assert_good_for_everybody(page, width)
    follow(page, "button", "Save the record")
    assert_leads_to_the_error(page)
    for name in ("adverse-event/", "void/"):
        page.goto(session + name)
        assert_no_violations(page)
        for width in WIDTHS:
            assert_good_for_everybody(page, width)
    page.goto(session)
    follow(page, "link", "Consent")
    assert_no_violations(page)
    for width in WIDTHS:
        assert_good_for_everybody(page, width)
