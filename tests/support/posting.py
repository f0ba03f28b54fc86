"""Walks through the self-check with Django's client: fast, and with a hand on what is posted."""

import re

from tests.support.walking import safe_answer

NAMED = r'name="(questions|rules|[a-z-]+-(?:seen|entry))"'
HIDDEN = re.compile(rf'<input type="hidden"\s+(?:id="[^"]*"\s+)?{NAMED}\s+value="([^"]*)"')


class Posting:
    """One person's way below `base`, the address of its first page."""

    def __init__(self, client, base):
        self.client, self.base = client, base

    def get(self, page=""):
        """Open a page, with what it leads to."""
        return self.client.get(f"{self.base}{page}", follow=True)

    def post(self, page, **given):
        """Send a page, and give its own response."""
        return self.client.post(f"{self.base}{page}", {"csrfmiddlewaretoken": "from the page"} | given)

    def start(self, treatment="facial-ems", places=("cheek-left",)):
        """Choose treatment and places; give the first page of questions."""
        self.post("start/", answered_for="me", old_enough="yes", same_person="yes", treatment=treatment)
        return self.open(self.post("where/", sites=places))

    def answer(self, page, **answers):
        """Answer a page of questions with `answers`, else as somebody who has nothing; give its own response."""
        hidden = hidden_of(page)
        given = {}
        for code in hidden["questions"].split():
            answer = answers[code] if code in answers else safe_answer(code)
            parts = {f"{code}-{part}": text for part, text in answer.items()} if isinstance(answer, dict) else None
            given |= parts or ({} if answer is None else {code: answer})
        return self.client.post(page.request["PATH_INFO"], hidden | given)

    def through(self, page, until="/goals/", **answers):
        """Answer page after page until an address ends with `until`, or a page puts that question; give that page."""
        while not page.request["PATH_INFO"].endswith(until) and until not in asked(page):
            is_in_between = "/pause/" in page.request["PATH_INFO"]
            response = self.post("pause/") if is_in_between else self.answer(page, **answers)
            assert response.status_code == 302, asked(page)
            page = self.open(response)
        return page

    def open(self, response):
        """Open the page that a response leads to."""
        return self.client.get(response["Location"], follow=True)

    def to_the_result(self, **answers):
        """From the first page to the result; give that page."""
        self.through(self.start(), **answers)
        self.post("goals/")
        return self.open(self.post("answers/"))


def hidden_of(page):
    """Give the hidden fields of a page of questions: which ones it puts, by which rules, and what it has seen."""
    return dict(HIDDEN.findall(page.content.decode()))


def asked(page):
    """Give the codes of the questions that a page puts."""
    return hidden_of(page).get("questions", "").split()
