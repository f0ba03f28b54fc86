"""Home, sign-in and start page in a real browser, as `make run` serves them."""

import pytest

from clinic.people import demo
from tests.support.browser import follow, serve_demo
from tests.support.seeing import violations

pytestmark = pytest.mark.browser

PAGES = ["/", "/sign-in/", "/nowhere/", "/staff/"]
WIDTHS = [320, 360, 1280]
OWNER = demo.PEOPLE[0]["email"]
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input:not([type=hidden])")]
    .filter(e => e.checkVisibility() && !e.matches(".skip-link"))
    .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
    .filter(([, box]) => box.width < 44 || box.height < 44)
    .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""


def sign_in(page, site, email=OWNER, password=demo.PASSWORD):
    page.goto(f"{site}/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    follow(page, "button", "Sign in")


@pytest.fixture(scope="session")
def signed_in(demo_site, chromium):
    """The cookies of the owner's session."""
    context = chromium.new_context()
    sign_in(context.new_page(), demo_site)
    yield context.storage_state()
    context.close()


@pytest.fixture
def expected_complaint(complaints):
    """A page that is not there is a complaint in the console; here it is the point."""
    yield
    complaints[:] = [text for text in complaints if "404 (Not Found)" not in text]


@pytest.mark.usefixtures("expected_complaint")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_axe_violations_and_does_not_scroll_sideways(demo_site, open_page, signed_in, path, scheme):
    page = open_page(scheme=scheme, storage_state=signed_in if path == "/staff/" else None)
    page.goto(f"{demo_site}{path}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        # At 360 px axe sees what it saw at 320 px.
        assert width == 360 or violations(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(SMALL_TARGETS) == [], width


@pytest.mark.usefixtures("expected_complaint")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_the_same_without_script(demo_site, open_page, signed_in, path):
    texts = []
    for script in (True, False):
        page = open_page(script=script, storage_state=signed_in if path == "/staff/" else None)
        page.goto(f"{demo_site}{path}")
        texts.append(page.inner_text("main"))
    assert texts[0] == texts[1]
    assert len(texts[0]) > 40


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_wrong_pair_keeps_the_e_mail_and_leads_to_the_field(demo_site, open_page, scheme):
    page = open_page(width=360, scheme=scheme)
    sign_in(page, demo_site, email="olive@typed.example", password="wrong")
    assert page.title().startswith("Error: ")
    assert page.get_by_label("E-mail").input_value() == "olive@typed.example"
    assert page.get_by_label("Password").input_value() == ""
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert violations(page) == []
    assert page.evaluate(SMALL_TARGETS) == []
    page.get_by_role("link", name="That e-mail and password").click()
    assert page.evaluate("document.activeElement.id") == "id_login"


def test_empty_fields_are_each_named_beside_the_field_and_above(demo_site, open_page):
    page = open_page(width=360, script=False)
    sign_in(page, demo_site, email="", password="")
    assert page.locator(".error-summary li").all_inner_texts() == ["Enter your e-mail.", "Enter your password."]
    for label, name in (("E-mail", "login"), ("Password", "password")):
        field = page.get_by_label(label)
        assert field.get_attribute("aria-invalid") == "true"
        described = field.get_attribute("aria-describedby")
        assert described == f"id_{name}_error"
        assert page.locator(f"#{described}").inner_text().startswith("Enter your")


def test_signing_in_works_by_keyboard_alone_and_focus_is_always_visible(demo_site, open_page):
    page = open_page(width=1280)
    page.goto(f"{demo_site}/sign-in/")
    seen = []
    for _ in range(5):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        seen.append(focused.inner_text() or focused.get_attribute("name") or focused.get_attribute("value"))
        style = focused.evaluate("e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).outlineWidth]")
        assert style == ["solid", "3px"], seen
    assert seen == ["Skip to the content", "Forethought", "login", "password", "Sign in"]
    page.get_by_label("E-mail").focus()
    page.keyboard.type(OWNER)
    page.keyboard.press("Tab")
    page.keyboard.type(demo.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{demo_site}/staff/")


def test_the_first_tab_stop_skips_to_the_content(demo_site, open_page):
    page = open_page(width=360)
    page.goto(demo_site)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_whole_way_in_and_out_works_without_script(demo_site, open_page):
    page = open_page(width=360, script=False)
    page.goto(demo_site)
    follow(page, "link", "Staff sign-in")
    page.get_by_label("E-mail").fill(OWNER.upper())
    page.get_by_label("Password").fill(demo.PASSWORD)
    follow(page, "button", "Sign in")
    assert "Olive Owner" in page.inner_text("header")
    follow(page, "button", "Sign out")
    assert page.url == f"{demo_site}/"


def test_home_shows_every_offered_treatment(demo_site, open_page):
    page = open_page(width=1280)
    page.goto(demo_site)
    assert page.locator(".card-treatment").count() == 6
    assert page.locator(".not-offered li").count() == 1


def test_the_owner_reaches_the_rules_in_the_admin(demo_site, open_page):
    page = open_page(width=1280)
    sign_in(page, demo_site)
    follow(page, "link", "Settings")
    follow(page, "link", "Read the rules")
    assert page.url == f"{demo_site}/admin/screening/rule/"
    assert page.title().endswith("Forethought")
    assert page.locator("#result_list tbody tr").count() == 54


@pytest.mark.sweep
def test_the_first_run_makes_everything_and_a_second_run_keeps_it(tmp_path, open_page):
    page = open_page()
    with serve_demo(tmp_path) as first:
        sign_in(page, first)
    with serve_demo(tmp_path) as again:
        page.goto(f"{again}/staff/")
        assert "Olive Owner" in page.inner_text("header")
