"""What each page of the open door asks of the database: its clinic, and with it which rules are in force."""

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
        assert list(person.pages())[-1].kind == "receipt"
    return counting.queries


def test_every_page_takes_one_query_and_none_for_what_the_rules_say(queries):
    counted = {kind: {len(asked) for asked in each} for kind, each in queries.items()}
    pages = ("start", "where", "step", "pause", "goals", "answers")
    both = {f"{method} {page}": {1} for method in ("GET", "POST") for page in pages}
    # To send is more than a page: the screening, the sending, what awaits review and the event, in a transaction.
    others = {"GET check": {1}, "GET result": {1}, "GET send": {1}, "POST send": {7}, "GET receipt": {2}}
    assert counted == {"GET bench": {1}} | both | others
    written = " ".join(query for each in queries.values() for asked in each for query in asked)
    tables = set(re.findall(r'(?:FROM|JOIN|INTO) "(\w+)"', written))
    stored = {"clinic_screening", "clinic_sending", "clinic_awaitingreview", "clinic_event"}
    assert tables == stored | {"clinic_clinic", "screening_ruleset"}
    assert '"screening_ruleset"."content"' not in written


@pytest.mark.parametrize(("page", "count"), [("", 1), ("age/", 1), ("clear/", 1), ("gone/", 1)])
def test_a_page_beside_the_way_takes_no_more(clinic, client, page, count, django_assert_num_queries):
    client.get(f"/c/{clinic.slug}/check/")
    with django_assert_num_queries(count):
        assert client.get(f"/c/{clinic.slug}/check/{page}").status_code == 200
