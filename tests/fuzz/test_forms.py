"""Malformed requests to every form, by everybody who may send it: no page fails, and markup stays text."""

import logging
import random
import sys
import time
import traceback
from collections import Counter

import pytest
from django.core.signals import got_request_exception

from tests.conftest import ON_POSTGRESQL
from tests.support.access_visitors import let_go
from tests.support.small_papers import small_papers
from tests.support.strange_pages import choices_of, sent_by
from tests.support.strange_requests import MARKUP, Forge
from tests.support.strange_visitors import Town, undone

pytestmark = pytest.mark.django_db
SEED = 6
# `make test` asks the visitors who between them have every form; the sweep asks everybody for every address.
SAMPLED = (
    "owner",
    "stranger",
    "half-signed-in",
    "forgetful",
    "told",
    "begun",
    "self-check-by-link",
    "consent-by-tablet",
)
# The second database refuses other words than the first, not other forms: a tenth says so.
SAMPLE, SWEEP = 150, 2_100 if ON_POSTGRESQL else 21_000
CLOSED = (403, 404, 405)


@pytest.fixture
def town(monkeypatch, settings):
    """Argon2 is slow on purpose, and papers take long to draw: neither says anything here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # However long the walk takes: whom it meets signed out says nothing of the forms.
    settings.SESSION_IDLE_MINUTES = 12 * 60
    small_papers(monkeypatch)
    # What is refused would be written to a report that nobody reads; where logging is turned off nothing is drawn.
    monkeypatch.setattr(logging.getLogger("django"), "level", logging.CRITICAL)
    return Town()


@pytest.fixture
def failures():
    """Where in the code requests failed, and how often."""
    found = Counter()

    def note(**_):
        kind, error, trace = sys.exc_info()
        ours = [line for line in traceback.extract_tb(trace) if "/site-packages/" not in line.filename]
        last = (ours or traceback.extract_tb(trace))[-1]
        found[f"{kind.__name__} {str(error)[:80]!r} in {last.filename}:{last.lineno}"] += 1

    got_request_exception.connect(note)
    yield found
    got_request_exception.disconnect(note)


class Fuzz:
    """Sends strange requests. `targets`: visitor, address and form, or none where a page shows none."""

    def __init__(self, town, targets):
        self.town, self.targets, self.chance = town, targets, random.Random(SEED)
        self.forge, self.statuses, self.bad = Forge(self.chance), Counter(), Counter()

    def run(self, requests):
        # One after the other, in an order of chance: each gets as many as the others.
        while self.sent < requests:
            self.chance.shuffle(self.targets)
            for target in self.targets[: requests - self.sent]:
                self.send(*target)
        return self

    def send(self, visitor, address, form):
        fields, offered = (sent_by(form), choices_of(form)) if form else ({}, {})
        with undone(visitor):
            # Now and then one after another: the second meets what the first left.
            for _ in range(self.chance.choice([1, 1, 1, 2])):
                answer = self.forge.send(visitor.client, address, fields, form.files if form else (), offered)
                self.judge(visitor, address, answer)

    def judge(self, visitor, address, answer):
        self.statuses[answer.status_code] += 1
        page = b"" if answer.streaming else answer.content
        if answer.status_code >= 500 or MARKUP.encode() in page:
            self.bad[visitor.name, address, answer.status_code] += 1
        let_go(answer)

    @property
    def sent(self):
        return sum(self.statuses.values())


def known_forms(town, names):
    """Every form of what these visitors' pages hold."""
    for name in names:
        visitor = town.visitors[name]
        yield from ((visitor, address, form) for address, form in town.forms(visitor).items() if form.method == "post")


def posted_to(town):
    """Everybody with every address that takes something from them, and the form that a page of theirs has for it."""
    forms = {}
    for name in town.visitors:
        forms |= {address: form for _, address, form in known_forms(town, [name])}
    for visitor in town.visitors.values():
        for _, address in visitor.addresses():
            with undone(visitor):
                answer = visitor.client.post(address)
                let_go(answer)
            if answer.status_code not in CLOSED and "/sign-in/?next=" not in answer.headers.get("Location", ""):
                yield visitor, address, forms.get(address)


@pytest.mark.one_database
def test_no_form_fails_whatever_is_sent(town, failures):
    targets = list(known_forms(town, SAMPLED))
    fuzz = Fuzz(town, targets).run(SAMPLE)
    assert (fuzz.bad, failures) == (Counter(), Counter())
    # Pages that are drawn again, deeds that are done, bodies that are refused, methods that there are not.
    assert {200, 302, 400, 405} <= set(fuzz.statuses)


@pytest.mark.sweep
def test_no_form_fails_whatever_is_sent_by_everybody_very_many_times(town, failures, record_property, capsys):
    began, targets = time.monotonic(), list(posted_to(town))
    fuzz = Fuzz(town, targets).run(SWEEP)
    told = (
        f"malformed requests: {fuzz.sent} to {len({address for _, address, _ in targets})} addresses by "
        f"{len({visitor.name for visitor, _, _ in targets})} kinds of visitor ({len(targets)} pairs), "
        f"{time.monotonic() - began:.0f} s; statuses {dict(sorted(fuzz.statuses.items()))}"
    )
    record_property("malformed_requests", told)
    with capsys.disabled():
        print(f"\n{told}")
    assert (fuzz.bad, failures) == (Counter(), Counter())
    assert fuzz.sent >= SWEEP
