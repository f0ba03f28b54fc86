"""What the self-check costs somebody on a poor connection: bytes over the wire, as production serves it."""

import pytest

from tests.support.walking import Walk

pytestmark = pytest.mark.browser

FIRST, LATER, WITH_A_MAP = 90_000, 12_000, 28_000
ANSWERS = {
    "heart-disease": "yes",
    "pregnant": "yes",
    "fever": None,
    "skin-problem": "yes",
    "skin-problem-sites": ["cheek-left", "forehead"],
    "skin-problem-kinds": ["cut"],
    "recent-surgery": "yes",
    "surgeries": {"day": "31", "month": "2", "year": "2026"},
    "anything-else": "yes",
    "anything-else-details": "A sore thumb.",
}


class Scale:
    """Weighs what comes over the wire for each page: its answers, redirects, style sheets, pictures and fonts."""

    def __init__(self, page):
        self.addresses, self.hosts, self.pages = {}, set(), []
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", self.ask)
        wire.on("Network.loadingFinished", lambda event: self.add(event["requestId"], event))

    def ask(self, event):
        address = event["request"]["url"]
        self.hosts.add("/".join(address.split("/")[:3]))
        if "redirectResponse" in event:
            self.add(event["requestId"], event["redirectResponse"])
        elif event["type"] == "Document":
            self.pages.append({})
        self.addresses[event["requestId"]] = address

    def add(self, request, event):
        address = self.addresses[request]
        self.pages[-1][address] = self.pages[-1].get(address, 0) + event["encodedDataLength"]


class Weighing(Walk):
    """A person on the scale. `opened`: the address of each page, and whether it shows a body."""

    def note(self):
        has_body = self.page.locator(".body-map, .body-picture").count() > 0
        self.opened = [*getattr(self, "opened", []), (self.page.url, has_body)]

    def open(self):
        super().open()
        self.note()

    def go(self, name, role="button"):
        super().go(name, role)
        self.note()


def test_pages_are_light_and_ask_nobody_else(tls_site, open_page):
    page = open_page(ignore_https_errors=True)
    scale, somebody = Scale(page), Weighing(page, tls_site, ANSWERS, door="/c/weighed/")
    walk_past_every_kind(somebody)
    page.wait_for_load_state("networkidle")
    first, *later = [
        (address, has_body, sum(parts.values()), parts)
        for (address, has_body), parts in zip(somebody.opened, scale.pages, strict=True)
    ]
    assert first[2] <= FIRST, first
    assert len(later) >= 35
    assert [page for page in later if page[2] > (WITH_A_MAP if page[1] else LATER)] == []
    assert scale.hosts == {tls_site}


def walk_past_every_kind(somebody):
    """From the first page to the receipt, with a word in between, wrong dates, places and much to be told."""
    somebody.begin(places=("cheek-left", "forehead"))
    while somebody.on_questions() or "/pause/" in somebody.page.url:
        if not somebody.on_questions():
            somebody.go("Go on")
            continue
        somebody.answer()
        if somebody.page.locator(".error-summary").count():
            mend(somebody)
    somebody.go("Save and go on")
    somebody.go("Show my result")
    somebody.go("Send to the clinic", "link")
    somebody.page.get_by_label("Full name").fill("Ivy Invented")
    for part, text in (("Day", "7"), ("Month", "3"), ("Year", "1980")):
        somebody.page.get_by_label(part, exact=True).fill(text)
    somebody.page.get_by_label("E-mail").fill("ivy@demo.example")
    somebody.page.get_by_label("may keep my name").check()
    somebody.go("Send my answers")


def mend(somebody):
    """Leave a question open, or give an operation its day and place."""
    if somebody.asked() != ["surgeries"]:
        somebody.go("Leave it open for now")
        return
    somebody.say("surgeries", {"day": "20", "month": "3"})
    somebody.choose("surgeries-sites", "cheek-left")
    somebody.go("Save and go on")
