"""What each page of the open door asks of the database: its clinic, and which rules are in force."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.benchmarks.people import Person
from tests.benchmarks.site import Browser
from tests.screening.rule_set_one import rule_set


class Counting:
    """Asks the site, and keeps what each kind of request asked of the database."""

    def __init__(self):
        self.queries = {}

    def __call__(self, method, path, body, headers):
        with CaptureQueriesContext(connection) as seen:
            kind = headers.pop("Content-Type", "text/plain")
            response = Client().generic(method, path, body, kind, headers=headers)
        kind = f"{method} {[part for part in path.split('/') if part and not part.isdigit()][-1]}"
        self.queries.setdefault(kind, []).append([query["sql"] for query in seen.captured_queries])
        lines = [("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values()]
        return response.status_code, [*response.headers.items(), *lines], response.content


@pytest.fixture
def queries(clinic):
    """What four people's way through the self-check asked, once the rules were read: by kind of request."""
    clinic.slug = "bench"
    clinic.save()
    warm, counting = Counting(), Counting()
    for number in range(4):
        person = Person(number, rule_set(), Browser(counting if number else warm, "testserver"), health=80)
        page = person.arrive()
        while page.kind != "receipt":
            page = person.go_on(page)
    return counting.queries


def test_every_page_takes_two_queries_and_none_for_what_the_rules_say(queries):
    counted = {kind: {len(asked) for asked in each} for kind, each in queries.items()}
    pages = ("start", "where", "step", "pause", "goals", "answers")
    both = {f"{method} {page}": {2} for method in ("GET", "POST") for page in pages}
    # To send is more than a page: the screening, the sending and the event, within a transaction.
    others = {"GET check": {2}, "GET result": {2}, "GET send": {2}, "POST send": {7}, "GET receipt": {2}}
    assert counted == {"GET bench": {1}} | both | others
    written = " ".join(query for each in queries.values() for asked in each for query in asked)
    tables = set(re.findall(r'(?:FROM|JOIN|INTO) "(\w+)"', written))
    assert tables == {"clinic_clinic", "screening_ruleset", "clinic_screening", "clinic_sending", "clinic_event"}
    assert '"screening_ruleset"."content"' not in written


@pytest.mark.parametrize(("page", "count"), [("", 2), ("age/", 1), ("clear/", 1), ("gone/", 2)])
def test_a_page_beside_the_way_takes_no_more(clinic, client, page, count, django_assert_num_queries):
    client.get(f"/c/{clinic.slug}/check/")
    with django_assert_num_queries(count):
        assert client.get(f"/c/{clinic.slug}/check/{page}").status_code == 200
