"""The team's pages and the second factor in a real browser: for everybody, and by hand from a key to the pages."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from clinic.people import demo
from tests.support.browser import follow
from tests.support.seeing import (
    assert_good_for_everybody,
    assert_leads_to_the_error,
    assert_no_violations,
    assert_shows_every_stop,
)

pytestmark = pytest.mark.browser

OWNER = demo.PEOPLE[0]["email"]


def sign_in(page, site, email, password=demo.PASSWORD):
    page.goto(f"{site}/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    follow(page, "button", "Sign in")


def look(page):
    for width in (320, 1280):
        assert_good_for_everybody(page, width)
        assert_no_violations(page)


def code(page):
    """The code that the key on the page gives now, with some seconds left to type it."""
    key = page.locator(".link-address code").inner_text().replace(" ", "")
    if time.time() % 30 > 25:
        time.sleep(30 - time.time() % 30)
    return format_hotp_value(hotp_value(key, int(time.time()) // 30))


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_owner_invites_somebody_who_sets_up_a_second_factor(demo_site, open_page, scheme):
    owner = open_page(scheme=scheme, reduced_motion="reduce")
    sign_in(owner, demo_site, OWNER)
    owner.goto(f"{demo_site}/staff/team/")
    look(owner)
    follow(owner, "link", "Invite a person")
    follow(owner, "button", "Invite")
    assert_leads_to_the_error(owner)
    look(owner)
    email = f"nina.{scheme}{demo.ADDRESS}"
    owner.get_by_label("Name", exact=True).fill(f"Nina {scheme}")
    owner.get_by_label("E-mail").fill(email)
    owner.get_by_label("Reception").check()
    follow(owner, "button", "Invite")
    look(owner)
    address = owner.locator(".link-address code").inner_text()
    owner.goto(f"{demo_site}/staff/team/")
    owner.get_by_role("link", name=re.compile(f"Nina {scheme}")).click()
    look(owner)
    assert_shows_every_stop(owner)

    nina = open_page(scheme=scheme)
    nina.goto(address)
    nina.get_by_label("New password").fill("a long pass phrase 1")
    nina.get_by_label("The same password again").fill("a long pass phrase 1")
    follow(nina, "button", "Save the password")
    sign_in(nina, demo_site, email, "a long pass phrase 1")
    nina.goto(f"{demo_site}/second-factor/set-up/")
    look(nina)
    nina.get_by_label("Code", exact=True).fill(code(nina))
    follow(nina, "button", "Save and go on")
    look(nina)
    assert nina.locator(".codes li").count() == 10
    nina.goto(f"{demo_site}/second-factor/")
    look(nina)
