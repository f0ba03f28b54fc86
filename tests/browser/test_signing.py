"""A consent in a real browser: drawn by hand on the tablet, typed without script on a phone, and good for everybody."""

import json

import pytest
from playwright.sync_api import expect

from clinic.people import demo
from tests.browser.test_pages import sign_in
from tests.support.browser import follow
from tests.support.seeing import assert_good_for_everybody, assert_leads_to_the_error, assert_no_violations

pytestmark = pytest.mark.browser
SEED = """
import json
from clinic.models import Decision
from tests.clinic.consultations.ready import ready_in_the_demo
patients = [ready_in_the_demo(f"Signing Person {number}") for number in (1, 2)]
print(json.dumps([Decision.objects.get(patient=patient).pk for patient in patients]))
"""
INK = """() => {
    const box = document.querySelector("canvas");
    const dots = box.getContext("2d").getImageData(0, 0, box.width, box.height).data;
    return dots.filter((value, at) => at % 4 === 3 && value).length;
}"""


@pytest.fixture(scope="module")
def decisions(in_the_demo):
    return json.loads(in_the_demo(SEED))


@pytest.fixture
def open_for(demo_site, open_page):
    def hand_over(decision, **options):
        page = open_page(**options)
        sign_in(page, demo_site, demo.PEOPLE[1]["email"])
        page.goto(f"{demo_site}/staff/decisions/{decision}/consent/")
        follow(page, "button", "Have it signed")
        for name, value in (("signer", "patient"), ("interpreter", "no"), ("door", "tablet")):
            page.check(f"[name={name}][value={value}]")
        follow(page, "button", "Open the consent")
        expect(page.locator("h1")).to_have_text("Do you agree to this treatment?")
        return page

    return hand_over


def choose(page):
    page.check("[name=choice-photographs][value=yes]")
    page.check("[name=choice-data][value=no]")
    page.fill("[name=name]", "Signing Person")
    page.check("[name=agreed]")


def draw(page):
    """Draw a line of some bends in the box, with the mouse as a pen."""
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 20):
        page.mouse.move(box["x"] + 40 + step * 10, box["y"] + 60 + (step % 5 - 2) * 12)
    page.mouse.up()


def ink(page):
    """How many dots of the box are drawn on."""
    return page.evaluate(INK)


def test_signature_is_drawn_kept_over_an_error_and_shown_to_staff_as_drawn(open_for, demo_site, decisions):
    page = open_for(decisions[0], width=1280)
    draw(page)
    sent = json.loads(page.input_value("[name=strokes]"))
    assert [(type(x), type(y)) for stroke in sent for x, y in stroke] == [(int, int)] * sum(map(len, sent))
    follow(page, "button", "Sign")
    assert_leads_to_the_error(page)
    assert (json.loads(page.input_value("[name=strokes]")), ink(page) > 200) == (sent, True)
    page.get_by_role("button", name="Clear").click()
    assert (page.input_value("[name=strokes]"), ink(page)) == ("", 0)
    draw(page)
    choose(page)
    follow(page, "button", "Sign")
    expect(page.locator("h1")).to_have_text("Thank you")
    sign_in(page, demo_site, demo.PEOPLE[1]["email"])
    page.goto(f"{demo_site}/staff/decisions/{decisions[0]}/consent/")
    follow(page, "link", "See it, and sign")
    assert page.locator(".signed-drawing path").get_attribute("d").startswith("M")
    for width in (320, 1280):
        assert_good_for_everybody(page, width)
    assert_no_violations(page)
    page.check("[name=agreed]")
    page.locator(".sign-form [type=submit]").click()
    expect(page.get_by_text("Everything is as it was signed")).to_be_visible()


def test_typed_name_signs_without_script(open_for, decisions):
    page = open_for(decisions[1], width=320, script=False)
    assert not page.locator("canvas").is_visible()
    assert_good_for_everybody(page, 320)
    choose(page)
    follow(page, "button", "Sign")
    expect(page.locator("h1")).to_have_text("Thank you")
