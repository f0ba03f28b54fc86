"""Every kind of page of the self-check is good for everybody: narrow, wide, light, dark, without script, by keys."""

import pytest

from tests.browser.test_pages import sign_in
from tests.support.seeing import (
    assert_good_for_everybody,
    assert_leads_to_the_error,
    assert_no_violations,
    assert_shows_every_stop,
    assert_stands_still,
)
from tests.support.walking import Walk

pytestmark = pytest.mark.browser

HEAVY = {
    "pregnant": "yes",
    "heart-disease": "yes",
    "fever": None,
    "skin-problem": "yes",
    "skin-problem-sites": ["cheek-left", "forehead"],
    "skin-problem-kinds": ["cut"],
    "recent-surgery": "yes",
    "anything-else": "yes",
    "anything-else-details": "A sore thumb.",
}
KINDS = {
    *("welcome", "start", "start with errors", "where", "where with errors", "one question", "many questions"),
    *("untouched", "sites", "kinds", "operations", "a wrong date", "text", "pause", "goals", "answers"),
    *("clear result", "heavy result", "send", "send with errors", "receipt", "clear", "cleared", "gone", "age"),
    *("birth", "no way in", "over"),
}


VIEWS = [(1280, "dark"), (320, "light")]


class Looking(Walk):
    """A person who looks hard at the first page of each kind that they come to."""

    def __init__(self, page, site, answers=None, *, has_script, is_whole):
        super().__init__(page, site, answers or {})
        self.has_script, self.is_whole = has_script, is_whole
        self.seen = set()

    def look(self, kind, *, wrong=False):
        """At 320 px, which is 640 px zoomed to 200 %, and at 1280 px; light and dark; read from the right as well.

        `make test` looks at every other kind wide and dark, and at the rest narrow, light, with axe and through all
        its stops.
        """
        if kind in self.seen:
            return
        self.seen.add(kind)
        if wrong:
            assert_leads_to_the_error(self.page)
        turn = len(self.seen) % 2
        for width, scheme in VIEWS if self.is_whole else [VIEWS[turn]]:
            self.page.emulate_media(color_scheme=scheme)
            assert_good_for_everybody(self.page, width)
            if self.has_script and (self.is_whole or turn):
                assert_no_violations(self.page)
        self.page.set_viewport_size({"width": 320, "height": 800})
        self.page.evaluate("document.documentElement.dir = 'rtl'")
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 320
        self.page.evaluate("document.documentElement.dir = 'ltr'")
        assert_stands_still(self.page)
        if self.has_script and (self.is_whole or turn):
            assert_shows_every_stop(self.page)

    def lead(self, name):
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()

    def look_and_answer(self):
        asked = self.asked()
        kinds = {"skin-problem-sites": "sites", "skin-problem-kinds": "kinds", "anything-else-details": "text"}
        self.look(kinds.get(asked[0], "one question" if len(asked) == 1 else "many questions"))
        self.answer()


@pytest.fixture(
    params=[
        pytest.param((True, False), id="script"),
        pytest.param((False, False), id="no script", marks=pytest.mark.sweep),
        pytest.param((True, True), id="script, in every view", marks=pytest.mark.sweep),
        pytest.param((False, True), id="no script, in every view", marks=pytest.mark.sweep),
    ]
)
def looking(request, demo_site, open_page):
    has_script, is_whole = request.param
    page = open_page(script=has_script, reduced_motion="reduce")
    return Looking(page, demo_site, HEAVY, has_script=has_script, is_whole=is_whole)


@pytest.fixture
def expected_complaint(complaints):
    """A link that opens nothing answers 404, which the browser writes down; here it is the point."""
    yield
    complaints[:] = [text for text in complaints if "404 (Not Found)" not in text]


@pytest.mark.usefixtures("expected_complaint")
def test_every_kind_of_page_is_good_for_everybody(looking, personal_link):
    look_at_the_doors(looking, personal_link)
    look_at_the_beginning(looking)
    look_at_the_questions(looking)
    look_at_the_end(looking)
    look_at_what_nobody_has(looking)
    assert looking.seen == KINDS


@pytest.fixture
def personal_link(demo_site, open_page):
    """The address that a practitioner makes for the first patient."""
    page = open_page()
    sign_in(page, demo_site)
    page.goto(f"{demo_site}/staff/patients/")
    with page.expect_navigation():
        page.get_by_role("link", name="Ada Example").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Make a link").click()
    return page.locator(".link-address").inner_text().strip()


def look_at_the_doors(looking, personal_link):
    for kind, address in (
        ("birth", personal_link),
        ("no way in", f"{looking.site}/c/demo/link/nothing/"),
        ("over", f"{looking.site}/c/demo/tablet-nothing/over/"),
        ("gone", f"{looking.site}/c/demo/check/gone/"),
        ("age", f"{looking.site}/c/demo/check/age/"),
    ):
        looking.page.goto(address)
        looking.look(kind)


def look_at_the_beginning(looking):
    looking.open()
    looking.look("welcome")
    looking.go("Start", "link")
    looking.look("start")
    looking.go("Go on")
    looking.look("start with errors", wrong=True)
    for name, value in (("answered_for", "me"), ("old_enough", "yes"), ("treatment", "facial-ems")):
        looking.choose(name, value)
    looking.go("Go on")
    looking.look("where")
    looking.go("Save and go on")
    looking.look("where with errors", wrong=True)
    looking.choose("sites", "cheek-left")
    looking.go("Save and go on")


def look_at_the_questions(looking):
    while looking.on_questions() or "/pause/" in looking.page.url:
        if not looking.on_questions():
            looking.look("pause")
            looking.go("Go on")
        elif looking.asked() == ["surgeries"]:
            look_at_the_operations(looking)
        elif "fever" in looking.asked():
            looking.answer()
            looking.look("untouched", wrong=True)
            looking.go("Leave it open for now")
        else:
            looking.look_and_answer()


def look_at_the_operations(looking):
    looking.say("surgeries", {"day": "31", "month": "2", "year": "2026"})
    looking.go("Save and go on")
    looking.look("a wrong date", wrong=True)
    looking.say("surgeries", {"day": "20", "month": "3", "year": "2026"})
    looking.choose("surgeries-sites", "cheek-left")
    looking.go("Add another operation")
    looking.look("operations")
    looking.say("surgeries", {"day": "", "month": "", "year": "2025"})
    looking.choose("surgeries-sites", "foot-left")
    looking.go("Save and go on")


def look_at_the_end(looking):
    looking.look("goals")
    looking.go("Save and go on")
    looking.look("answers")
    looking.go("Show my result")
    looking.look("heavy result")
    looking.lead("Send to the clinic")
    looking.look("send")
    looking.go("Send my answers")
    looking.look("send with errors", wrong=True)
    looking.page.get_by_label("Full name").fill("Ivy Invented")
    fill_birth(looking.page)
    looking.page.get_by_label("E-mail").fill("ivy@demo.example")
    looking.page.get_by_label("may keep my name").check()
    looking.go("Send my answers")
    looking.look("receipt")


def fill_birth(page):
    for part, text in (("Day", "7"), ("Month", "3"), ("Year", "1980")):
        page.get_by_label(part, exact=True).fill(text)


def look_at_what_nobody_has(looking):
    """The result of somebody who has nothing; then they clear it away."""
    looking.page.context.clear_cookies()
    looking.answers = {}
    looking.begin()
    looking.hurry()
    looking.go("Save and go on")
    looking.go("Show my result")
    looking.look("clear result")
    looking.lead("Clear my answers")
    looking.look("clear")
    looking.go("Clear my answers")
    looking.look("cleared")


class ByKeys(Walk):
    """A person without a pointer: Tab, arrows, Space and Enter."""

    def press_until(self, key, is_there):
        for _ in range(150):
            focused = self.page.evaluate(
                "(({name, value, tagName, textContent}) => ({name, value, tag: tagName, text: textContent.trim()}))"
                "(document.activeElement)"
            )
            if is_there(focused):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{key} leads to no such place on {self.page.url}")

    def choose(self, name, value):
        self.press_until("Tab", lambda focused: focused.get("name") == name)
        if self.page.locator(f'input[name="{name}"]').first.get_attribute("type") == "checkbox":
            self.press_until("Tab", lambda focused: (focused.get("name"), focused.get("value")) == (name, value))
            self.page.keyboard.press("Space")
        else:
            self.page.keyboard.press("Space")
            self.press_until("ArrowDown", lambda focused: focused.get("value") == value)

    def write(self, name, text):
        self.press_until("Tab", lambda focused: focused.get("name") == name)
        self.page.keyboard.type(text)

    def go(self, name, role="button"):
        tag = {"button": "BUTTON", "link": "A"}[role]
        self.press_until("Tab", lambda focused: (focused["tag"], focused["text"]) == (tag, name))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.mark.sweep
def test_the_whole_way_can_be_gone_by_keyboard_alone(demo_site, open_page):
    somebody = ByKeys(open_page(script=False), demo_site)
    somebody.to_the_result()
    assert "Nothing you told us speaks against it" in somebody.page.inner_text("main")
    somebody.go("Send to the clinic", "link")
    for name, text in (
        ("name", "Ivy Invented"),
        ("born_day", "7"),
        ("born_month", "3"),
        ("born_year", "1980"),
        ("email", "ivy@demo.example"),
    ):
        somebody.write(name, text)
    somebody.choose("keeping", "on")
    somebody.go("Send my answers")
    assert "Your answers are with the clinic" in somebody.page.inner_text("h1")


def test_forced_colours_leave_the_answers_to_the_system(demo_site, open_page):
    somebody = Walk(open_page(forced_colors="active"), demo_site)
    somebody.begin()
    answer = somebody.page.locator(".choice-input").first
    assert answer.evaluate("e => getComputedStyle(e).appearance") == "auto"
    answer.focus()
    assert answer.evaluate("e => getComputedStyle(e.closest('label')).outlineStyle") == "solid"
