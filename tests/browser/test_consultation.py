"""Whole consultations in a real browser, as somebody who never saw the pages: the clicks and seconds are reported."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from clinic.people import demo
from tests.support.consulting import LETTER, Desk
from tests.support.inviting import to_send
from tests.support.walking import Walk

pytestmark = pytest.mark.browser
PRACTITIONER, SUPERVISOR = demo.PEOPLE[1]["email"], demo.PEOPLE[2]["email"]
STRANGER = "Stella Stranger"


@pytest.fixture
def tell(record_property, capsys):
    """Print what the parts of a way took, and keep it with the test's result."""

    def print_laps(name, laps):
        record_property(name, "; ".join(laps))
        with capsys.disabled():
            print(f"\n{name}:", *laps, sep="\n  ")

    return print_laps


@pytest.mark.parametrize(
    "has_script", [pytest.param(True, id="script"), pytest.param(False, id="no script", marks=pytest.mark.sweep)]
)
def test_from_sign_in_to_a_recorded_session(demo_site, open_page, tell, has_script):
    desk = Desk(open_page(width=1280, script=has_script), demo_site, has_script)
    name = "Vera Visitor" if has_script else "Norma Noscript"
    desk.sign_in(PRACTITIONER)
    add_a_visit(desk, name)
    desk.lap("a new patient and a visit")
    screen(desk, name)
    desk.lap("intake")
    desk.go("link", "Decide")
    desk.decide("proceed", "The tummy, gently at first.")
    desk.lap("assessment, plan and decision")
    desk.go("link", "Consent")
    desk.consent()
    desk.lap("consent")
    desk.check()
    desk.go("button", "Start the session")
    assert desk.page.locator("h1").inner_text().startswith("Session of ")
    desk.lap("today's check")
    desk.write("[name='current.abdomen']", "20")
    desk.tick("[name=pain][value=no]")
    desk.go("button", "Save the record")
    desk.lap("record")
    desk.today()
    assert desk.visit(name).locator(".visit-state").inner_text() == "Session done"
    desk.go("link", name, exact=True)
    happened = desk.page.locator(".happened-what a").all_inner_texts()
    assert happened == ["Session", "Consent on paper", "Decision: proceed", "Screening"]
    tell("routine consultation, script" if has_script else "routine consultation, no script", desk.laps)


def add_a_visit(desk, name):
    """As somebody who does not know yet that this person is new."""
    desk.go("link", "Add a visit")
    desk.write("[name=typed]", name)
    desk.go("button", "Find")
    desk.go("link", "Add a new patient")
    desk.write("[name=name]", name)
    desk.write("[name=born]", "1980-03-07")
    desk.go("button", "Save")
    desk.go("link", "Add a visit")
    fill_visit(desk, "23:00", "Body muscle stimulation")


def fill_visit(desk, at, treatment):
    desk.write("[name=time]", at)
    desk.page.get_by_label("Treatment").select_option(label=treatment)
    desk.clicks += 1
    desk.go("button", "Save")


def screen(desk, name):
    """From today's list to a stored screening; the outcome so far is three clicks away at most."""
    before = desk.clicks
    desk.go("button", "Intake", within=desk.visit(name))
    expect(desk.page.locator(".verdict-headline")).to_have_text("None yet")
    assert desk.clicks - before <= 3
    place = desk.page.locator(".place[for='id_plan.sites-forearm-left']")
    expect(place).to_have_text("Left forearm left antebrachial region")
    (desk.type_intake if desk.has_script else desk.tap_intake)("abdomen")
    expect(desk.page.locator("h1")).to_have_text("Screening")


@pytest.mark.sweep
def test_from_a_strangers_self_check_to_a_stop(demo_site, open_page, tell):
    send_as_a_stranger(open_page, demo_site)
    desk = Desk(open_page(width=1280), demo_site)
    desk.sign_in(PRACTITIONER)
    match_to_a_new_patient(desk)
    desk.lap("match, and a visit")
    review(desk)
    desk.lap("review")
    record_the_agreement(desk)
    desk.decide("proceed-sites", "The right cheek alone, as the doctor agrees.")
    expect(desk.page.locator("#countersign")).to_have_text("Waits for another person")
    desk.lap("letter, assessment, plan and decision")
    supervisor = Desk(open_page(width=1280), demo_site)
    supervisor.sign_in(SUPERVISOR)
    countersign(supervisor)
    supervisor.lap("countersign")
    desk.today()
    desk.go("link", "Consent", within=desk.visit(STRANGER))
    desk.consent()
    desk.lap("consent")
    desk.check(pregnant="yes")
    expect(desk.page.locator("#now")).to_have_text("Do not start")
    desk.go("button", "Record the stop")
    desk.lap("today's check, stopped")
    desk.go("link", "Today’s list")
    row = desk.visit(STRANGER)
    assert "Stopped today" in row.inner_text()
    desk.go("link", STRANGER, within=row, exact=True)
    desk.go("link", "Decision: ")
    desk.go("button", "Screen again")
    expect(desk.page.locator(".verdict-headline")).to_have_text("None yet")
    tell("from a stranger's self-check to a stop", desk.laps + supervisor.laps)


def match_to_a_new_patient(desk):
    desk.go("link", "Received")
    desk.go("link", STRANGER)
    desk.go("link", "Whose")
    desk.tick("[name=patient][value=new]")
    desk.go("button", "Confirm")
    desk.go("link", "The patient’s page")
    desk.go("link", "Add a visit")
    fill_visit(desk, "22:30", "Facial muscle stimulation")


def review(desk):
    """The answers stand as they were sent; staff store them as their own, what they said beside."""
    desk.go("link", "Review", within=desk.visit(STRANGER))
    desk.go("button", "Review this")
    expect(desk.page.locator(".verdict-headline")).to_have_text("Not advised")
    desk.go("button", "Store the screening")


def record_the_agreement(desk):
    desk.go("link", "Decide")
    desk.go("button", "Record the agreement")
    desk.write("[name=said_by]", "Dr Invented")
    desk.write("[name=said_on]", f"{datetime.now():%Y-%m-%d}")  # noqa: DTZ005 - the demo's clinic has this machine's clock
    desk.page.locator("[name=file]").set_input_files(LETTER)
    desk.write("[name=words]", "I agree to the face.")
    desk.go("button", "Record it")
    desk.tick("[value^='agreement:']")


def countersign(desk):
    desk.go("link", "See the decision", within=desk.visit(STRANGER))
    desk.write("[name=why]", "I read the letter.")
    desk.go("button", "Countersign")


def send_as_a_stranger(open_page, site):
    """From the clinic's own site, with a heart disease and a cut on the left cheek."""
    answers = {
        "heart-disease": "yes",
        "skin-problem": "yes",
        "skin-problem-sites": ["cheek-left"],
        "skin-problem-kinds": ["cut"],
    }
    somebody = Walk(open_page(), site, answers)
    somebody.begin(places=("cheek-left", "cheek-right"))
    somebody.hurry()
    somebody.go("Save and go on")
    somebody.go("Show my result")
    to_send(somebody, STRANGER)
    somebody.go("Send my answers")
