"""Walks through the self-check in a real browser as a person would, and counts pages and taps."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin

from tests.screening.rule_set_one import rule_set
from tests.support.html_forms import Page

QUESTIONS = rule_set().questions


@dataclass
class Walk:
    """One person's way. `site`: the server's address; `answers`: what they say instead of what speaks for nothing."""

    page: Any
    site: str
    answers: dict[str, Any] = field(default_factory=dict)
    door: str = "/c/demo/"
    taps: int = 0
    pages: int = 0

    def open(self):
        """Open the first page."""
        self.page.goto(f"{self.site}{self.door}")
        self.pages += 1

    def tap(self, target):
        """Tap something that stays on the page."""
        target.click()
        self.taps += 1

    def go(self, name, role="button"):
        """Tap what leads to another page."""
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=True).first.click()
        self.taps += 1
        self.pages += 1

    def choose(self, name, value):
        """Tap one radio or box, by what it posts."""
        self.tap(self.page.locator(f'input[name="{name}"][value="{value}"]'))

    def begin(self, treatment="facial-ems", places=("cheek-left",), answered_for="me"):
        """From the first page to the first page of questions."""
        self.open()
        self.go("Start", "link")
        self.choose("answered_for", answered_for)
        # Of somebody invited the clinic knows the date of birth.
        if self.page.locator('input[name="old_enough"]').count():
            self.choose("old_enough", "yes")
        self.choose("treatment", treatment)
        self.go("Go on")
        if places:
            for place in places:
                self.choose("sites", place)
            self.go("Save and go on")

    def asked(self):
        """The codes of the questions on the page."""
        return self.page.locator('input[name="questions"]').get_attribute("value").split()

    def answer(self):
        """Answer the page as this person does, and go on."""
        for code in self.asked():
            self.say(code, self.answers.get(code, safe_answer(code)))
        self.go("Save and go on")

    def say(self, code, answer):
        """Give one answer: a choice, places, a date as its three parts, or a text."""
        if answer is None:
            return
        if isinstance(answer, dict):
            for part, text in answer.items():
                self.page.locator(f'[name="{code}-{part}"]').fill(text)
        elif isinstance(answer, list):
            for value in answer:
                self.choose(code, value)
        elif QUESTIONS[code].kind == "text":
            self.page.locator(f'[name="{code}"]').fill(answer)
        else:
            self.choose(code, answer)

    def on_questions(self):
        """Whether the page asks questions."""
        return "/step/" in self.page.url

    def through_the_questions(self):
        """Answer until there are no questions left; on a word in between, go on."""
        while self.on_questions() or "/pause/" in self.page.url:
            if self.on_questions():
                self.answer()
            else:
                self.go("Go on")

    def hurry(self, until="goals"):
        """Answer what is left as this person does, by the browser's own requests: only the last page is drawn.

        That is the page whose address holds `until`, or the first that puts the question of that code.
        """
        response = self.page.request.get(self.page.url)
        while True:
            form = Page(response.text()).form
            asked = form.hidden("questions").split()
            if f"/{until}/" in response.url or until in asked:
                break
            response = self.page.request.post(
                urljoin(response.url, form.action),
                data=urlencode(self.said(form, asked), doseq=True),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            )
            assert response.ok, (response.status, response.url)
            assert not Page(response.text()).title.startswith("Error"), (response.url, asked)
        self.page.goto(response.url)

    def said(self, form, codes):
        """What a page's form posts once this person has answered it; a word in between is read, and they go on."""
        data = form.sent(form.button("go-on"))
        for code in codes:
            answer = self.answers.get(code, safe_answer(code))
            if isinstance(answer, dict):
                data |= {f"{code}-{part}": [text] for part, text in answer.items()}
            elif answer is not None:
                data[code] = answer
        return data

    def to_the_result(self):
        """From the first page to the result."""
        self.begin()
        self.through_the_questions()
        self.go("Save and go on")
        self.go("Show my result")


def safe_answer(code):
    """The answer of somebody who has nothing."""
    question = QUESTIONS[code]
    return question.safe_answers[0] if question.safe_answers else None
