"""The list of patients in a browser: hits while one types, with the keyboard alone, and the same without script."""

import pytest

from clinic.people import demo
from tests.support.browser import follow
from tests.support.seeing import assert_good_for_everybody, assert_no_violations

pytestmark = pytest.mark.browser


def signed_in(page, site):
    page.goto(f"{site}/sign-in/")
    page.get_by_label("E-mail").fill(demo.PEOPLE[3]["email"])
    page.get_by_label("Password").fill(demo.PASSWORD)
    follow(page, "button", "Sign in")
    page.goto(f"{site}/staff/patients/")


def test_hits_come_as_one_types_and_no_name_stands_in_an_address(demo_site, open_page):
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    signed_in(page, demo_site)
    page.get_by_label("Find by name").press_sequentially("exmple")
    page.get_by_text("1 found").wait_for()
    assert page.locator(".row-link strong").all_inner_texts() == ["Ada Example"]
    assert page.evaluate("document.activeElement.id") == "id_typed"
    page.get_by_label("Find by name").fill("")
    page.get_by_text("Bo Sample").wait_for()
    assert page.locator(".row-link").count() >= 3
    assert [address for address in asked if "xmple" in address] == []


def test_without_script_a_button_finds_the_same(demo_site, open_page):
    page = open_page(script=False)
    signed_in(page, demo_site)
    page.get_by_label("Find by name").fill("2.11.62")
    follow(page, "button", "Find")
    assert page.locator(".row-link strong").all_inner_texts() == ["Bo Sample"]
    assert page.url == f"{demo_site}/staff/patients/"


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_and_who_may_be_the_same_person_are_good_for_everybody(demo_site, open_page, scheme):
    page = open_page(scheme=scheme, reduced_motion="reduce")
    signed_in(page, demo_site)
    page.get_by_label("Find by name").fill("exmple")
    page.get_by_text("1 found").wait_for()
    look(page)
    page.goto(f"{demo_site}/staff/patients/add/")
    page.get_by_label("Name", exact=True).fill("Ada Exampel")
    page.get_by_label("Date of birth").fill("1985-03-14")
    follow(page, "button", "Save")
    page.get_by_role("button", name="Add as a new person").wait_for()
    look(page)
    follow(page, "link", "It is this person")
    assert page.get_by_role("heading", level=1).inner_text() == "Ada Example"


def look(page):
    for width in (320, 1280):
        assert_good_for_everybody(page, width)
        assert_no_violations(page)
