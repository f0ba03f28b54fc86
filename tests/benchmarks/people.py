"""People who go through the self-check page by page, each with answers of their own, and remember what they said."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from screening.engine.rule_set import Question, RuleSet
from tests.benchmarks.site import DOOR, Browser, Page

MOST_PAGES = 150
WORDS = ("a cough since Easter", "“Ibuprofen” & <b>tea</b>", "für die Nerven, 2 × täglich")


@dataclass
class Person:
    """Somebody at the clinic's open door. `health`: of a hundred answers, so many speak for nothing."""

    number: int
    rule_set: RuleSet
    browser: Browser
    health: int = 90
    chosen: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    looks_again: bool = False

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)
        self.looks_again = self.chance.random() < 0.5

    @property
    def name(self) -> str:
        return f"Invented Person {self.number}"

    def pages(self) -> Iterator[Page]:
        """Give page after page, from the door to the receipt. Raises AssertionError where that takes far too many."""
        page = self.browser.get(DOOR)
        yield page
        for _ in range(MOST_PAGES):
            if page.kind == "receipt":
                return
            page = self.go_on(page)
            yield page
        raise AssertionError(f"{self.name} is still on {page.path} after {MOST_PAGES} pages")

    def go_on(self, page: Page) -> Page:
        """Do what the page asks, and give the next one."""
        if page.kind in LINKS:
            return self.browser.get(LINKS[page.kind])
        if page.kind == "answers" and self.looks_again:
            self.looks_again = False
            again = self.browser.get(f"{DOOR}check/step/1/")
            return self.browser.post(again.path, again.hidden() | {code: self.said[code] for code in again.codes()})
        return self.browser.post(page.path, page.hidden() | self.reply(page))

    def reply(self, page: Page) -> dict[str, Any]:
        """Give the fields that this person fills in on a page."""
        return getattr(self, f"reply_to_{page.kind}")(page)

    def reply_to_start(self, page: Page) -> dict[str, Any]:
        self.chosen["answered_for"] = self.chance.choice(["me", "other"])
        self.chosen["treatment"] = self.chance.choice(page.choices("treatment"))
        return {"old_enough": "yes", **self.chosen}

    def reply_to_where(self, page: Page) -> dict[str, Any]:
        self.chosen["sites"] = some(self.chance, page.choices("sites"))
        return {"sites": self.chosen["sites"]}

    def reply_to_step(self, page: Page) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for code in page.codes():
            fields |= self.answer(self.rule_set.questions[code])
        return fields

    def reply_to_pause(self, _page: Page) -> dict[str, Any]:
        return {"stop" if self.chance.random() < 0.2 else "go-on": "yes"}

    def reply_to_goals(self, page: Page) -> dict[str, Any]:
        self.chosen["goals"] = some(self.chance, page.choices("goals")) if self.chance.random() < 0.7 else []
        return {"goals": self.chosen["goals"]}

    def reply_to_answers(self, _page: Page) -> dict[str, Any]:
        return {}

    def reply_to_send(self, _page: Page) -> dict[str, Any]:
        born = {"born_day": 1 + self.number % 28, "born_month": 3, "born_year": 1980}
        return {"name": self.name, **born, "email": f"person{self.number}@demo.example", "keeping": "on"}

    def answer(self, question: Question) -> dict[str, Any]:
        """Give the fields that answer a question, and remember the answer as it has to be stored."""
        written, fields = getattr(self, f"say_{question.kind.replace('-', '_')}")(question)
        if written:
            self.said[question.code] = written
        return fields

    def say_choice(self, question: Question) -> tuple[Any, dict[str, Any]]:
        is_quiet = question.safe_answers and self.chance.randrange(100) < self.health
        code = question.safe_answers[0] if is_quiet else self.chance.choice(question.choice_codes)
        return code, {question.code: code}

    def say_kinds(self, question: Question) -> tuple[Any, dict[str, Any]]:
        kinds = some(self.chance, question.choice_codes)
        return kinds, {question.code: kinds}

    def say_sites(self, question: Question) -> tuple[Any, dict[str, Any]]:
        sites = some(self.chance, list(self.rule_set.sites)) if self.chance.random() < 0.8 else ["unsure"]
        return sites, {question.code: sites}

    def say_text(self, question: Question) -> tuple[Any, dict[str, Any]]:
        text = self.chance.choice(["", *WORDS])
        return text, {question.code: text}

    def say_partial_date(self, question: Question) -> tuple[Any, dict[str, Any]]:
        parts = [("year", self.chance.randint(2015, 2025)), ("month", self.chance.randint(1, 12)), ("day", 7)]
        known = parts[: self.chance.randint(1, 3)]
        written = "-".join(f"{value:02}" for _, value in known)
        return written, {f"{question.code}-{part}": value for part, value in known}

    def say_operations(self, question: Question) -> tuple[Any, dict[str, Any]]:
        date, fields = self.say_partial_date(question)
        sites = some(self.chance, list(self.rule_set.sites))
        return [{"date": date, "sites": sites}], {**fields, f"{question.code}-sites": sites}


LINKS = {"check": f"{DOOR}check/start/", "result": f"{DOOR}check/send/"}


def some(chance: random.Random, codes: Any) -> list[str]:
    """Give a few of some codes, in their order."""
    return sorted(chance.sample(list(codes), min(len(codes), chance.randint(1, 3))), key=list(codes).index)
