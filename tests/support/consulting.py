"""A practitioner at work in a real browser, who reads what is written on links and buttons; clicks are counted."""

import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import expect

from clinic.people import demo

LETTER = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\ntrailer<<>>\n%%EOF\n"}

OPEN = "#intake fieldset:has([type=radio][value=no]):not(:has(:checked))"


@dataclass
class Desk:
    """One member of the staff at one browser. `clicks`, `keys`: so far; `laps`: what each part took."""

    page: Any
    site: str
    has_script: bool = True
    clicks: int = 0
    keys: int = 0
    laps: list[str] = field(default_factory=list)
    since: tuple[float, int, int] = (0.0, 0, 0)

    def sign_in(self, email):
        """Sign in as one of the demo's people."""
        self.page.goto(f"{self.site}/sign-in/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(demo.PASSWORD)
        self.go("button", "Sign in")
        self.since = (time.monotonic(), self.clicks, self.keys)

    def go(self, role, name, *, within=None, exact=False):
        """Click what leads to another page."""
        with self.page.expect_navigation():
            (within or self.page).get_by_role(role, name=name, exact=exact).first.click()
        self.clicks += 1

    def today(self):
        """Go to today's list."""
        self.go("link", "Today", within=self.page.get_by_role("navigation", name="Demo Clinic"), exact=True)

    def visit(self, name):
        """Give somebody's row of today's list."""
        return self.page.locator(".visit").filter(has=self.page.get_by_role("link", name=name, exact=True))

    def tick(self, selector):
        """Choose a radio button or box."""
        self.page.locator(selector).check()
        self.clicks += 1

    def write(self, selector, text):
        """Type into a field."""
        self.page.locator(selector).fill(text)
        self.clicks += 1

    def press(self, key):
        """Press a key."""
        self.page.keyboard.press(key)
        self.keys += 1

    def settled(self):
        """Wait until the server has judged what was answered."""
        if self.has_script:
            self.page.wait_for_timeout(120)
            expect(self.page.locator(".htmx-request")).to_have_count(0)

    def lap(self, what):
        """Note what this part of the way took."""
        now, clicks, keys = time.monotonic(), self.clicks, self.keys
        began, clicked, pressed = self.since
        self.laps.append(f"{what}: {clicks - clicked} clicks, {keys - pressed} keys, {now - began:.1f} s")
        self.since = (now, clicks, keys)

    def type_intake(self, place):
        """Answer a whole intake with no by keyboard, from the first place on, and store it."""
        page = self.page
        while page.evaluate("document.activeElement.value") != place:
            self.press("Tab")
        self.press("Space")
        self.press("Enter")
        while page.evaluate("!document.activeElement.matches('[data-store]')"):
            before = page.evaluate("document.activeElement.name")
            self.press("n" if page.evaluate("document.activeElement.matches('[type=radio]')") else "Enter")
            page.wait_for_function("before => document.activeElement.name !== before", arg=before)
        self.settled()
        expect(page.locator(".verdict-headline")).to_have_text("Clear")
        with page.expect_navigation():
            self.press("Enter")

    def tap_intake(self, place):
        """Answer a whole intake with no and without script, and store it: what comes with the place is asked then."""
        self.tick(f"[id='id_plan.sites-{place}']")
        for _ in range(2):
            while open_ones := self.page.locator(OPEN).count():
                self.tick(f"{OPEN} >> nth={open_ones - 1} >> input[value=no]")
            self.go("button", "Store the screening")

    def decide(self, kind, words):
        """Fill in what every decision to proceed needs, and store it."""
        self.tick(f"[name=kind][value={kind}]")
        for box in self.page.locator("[name^=saw-]").all():
            box.fill("Nothing that stands out.")
            self.clicks += 1
        self.write("[name=qualification]", "Invented diploma 3")
        self.page.locator("[name=device]").select_option(index=1)
        self.write("[name=sessions]", "8")
        self.write("[name=interval_days]", "3")
        self.tick("[name=expectations]")
        self.write("[name=words]", words)
        self.go("button", "Store the decision")

    def consent(self):
        """Record the paper that was signed, the clinic's own."""
        self.page.get_by_label("Our own form").check()
        self.clicks += 1
        self.tick("[name=is_this_version]")
        self.go("button", "Record the consent")

    def check(self, **answers):
        """Answer today's check with no, but for `answers`."""
        for question in self.page.locator("#check fieldset:has(input[value=no])").all():
            code = question.locator("input[type=radio]").first.get_attribute("name")
            said = answers.get(code, "yes" if code == "metal-removed" else "no")
            question.locator(f"input[value={said}]").check()
            self.clicks += 1
        if self.page.locator("[name='last-meal-open']").count():
            self.tick("[name='last-meal-open'][value=none-today]")
        self.settled()
