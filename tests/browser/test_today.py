"""A visit from the diary to the patient's page in a real browser, for everybody who works at a clinic."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.people import demo
from tests.support.browser import follow
from tests.support.seeing import (
    assert_good_for_everybody,
    assert_leads_to_the_error,
    assert_no_violations,
    assert_shows_every_stop,
)

pytestmark = pytest.mark.browser

PRACTITIONER = demo.PEOPLE[1]["email"]


def look(page):
    for width in (320, 1280):
        assert_good_for_everybody(page, width)
        assert_no_violations(page)


@pytest.mark.sweep
@pytest.mark.parametrize(("scheme", "days"), [("light", 30), ("dark", 31)])
def test_a_visit_is_added_looked_at_cancelled_and_taken_back(demo_site, open_page, scheme, days):
    day = str(timezone.now().date() + timedelta(days=days))
    page = open_page(scheme=scheme, reduced_motion="reduce")
    page.goto(f"{demo_site}/sign-in/")
    page.get_by_label("E-mail").fill(PRACTITIONER)
    page.get_by_label("Password").fill(demo.PASSWORD)
    follow(page, "button", "Sign in")
    page.get_by_label("Another day").fill(day)
    follow(page, "button", "Go")
    follow(page, "link", "Add a visit")
    page.get_by_label("Who comes").fill("Bo Sampel")
    follow(page, "button", "Find")
    look(page)
    follow(page, "link", "Bo Sample")
    follow(page, "button", "Save")
    assert_leads_to_the_error(page)
    look(page)
    page.get_by_label("Date").fill(day)
    page.get_by_label("Time").fill("09:30")
    page.get_by_label("Treatment").select_option(label="EMFACE")
    follow(page, "button", "Save")
    (row,) = page.locator(".visit").all()
    assert row.locator(".visit-name").inner_text() == "Bo Sample"
    assert (row.get_by_text("09:30").count(), row.get_by_text("EMFACE").count()) == (1, 1)
    look(page)
    assert_shows_every_stop(page)
    with page.expect_navigation():
        row.get_by_role("link", name="Bo Sample", exact=True).click()
    look(page)
    follow(page, "link", "Change the visit")
    follow(page, "button", "Cancel this visit")
    assert page.locator(".visit").count() == 0
    look(page)
    follow(page, "button", "Take back")
    assert page.locator(".visit").count() == 1
