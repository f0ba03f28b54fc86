"""Every page, asked for by everybody: who gets in stands in tests/support/access_table.py, and nowhere else."""

import re
import time

import pytest
from django.test import Client
from django.urls import reverse

from tests.clinic.screenings.invented import a_clinic, a_member
from tests.support.access_table import AUDIENCE, NAMES_NO_ROW, OF_A_WAY, OTHERS, SAYS_IT_IS_OVER, THE_ADMIN, who_gets_in
from tests.support.access_visitors import PATTERNS, ROLES, Practice, verdict
from tests.support.small_papers import small_papers

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# `make test` asks as these for each staff page that they may not open; beside that each visitor for every so many-th
# page, each for other ones. `make test-all` asks as everybody for every page.
SHUT_OUT = (*ROLES, "stranger")
EVERY = 31


@pytest.fixture
def practice(monkeypatch, settings):
    """Argon2 is slow on purpose, and papers take long to draw: neither says anything here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    small_papers(monkeypatch)
    return Practice()


@pytest.mark.hazard("H-35")
def test_the_table_names_every_page():
    names = {name for name, _ in PATTERNS if name in OTHERS or not name.startswith(THE_ADMIN)}
    assert names == {
        *AUDIENCE,
        *OTHERS,
        *OF_A_WAY,
        *SAYS_IT_IS_OVER,
    }


class Walk:
    """Asks for pages as visitors, and holds who gets in against the table. `asked`: how many requests that took."""

    def __init__(self, practice):
        self.practice, self.asked, self.wrong = practice, 0, {}

    def ask(self, visitor, page):
        name, way, address, parts = page
        if visitor == "admin" and name.startswith(THE_ADMIN):
            return
        said = {self.verdict(visitor, method, address) for method in ("get", "post")} - {"method"}
        # A post without what it needs, or of a row that is in no state for it, finds nothing: its reader was let in.
        let_in = visitor in ROLES or (visitor == "elsewhere" and not parts)
        is_in = "in" in said or (name in AUDIENCE and let_in and said == {"absent"})
        if is_in != (visitor in who_gets_in(name, way, parts)):
            self.wrong[visitor, f"{name} {way}".rstrip()] = sorted(said)

    def verdict(self, visitor, method, address):
        self.asked += 1
        answer = self.practice.ask(visitor, method, address)
        assert answer.status_code < 500, (visitor, method, address)
        return verdict(answer)


@pytest.mark.hazard("H-35")
def test_everybody_opens_their_pages_and_no_others(practice):
    walk, pages = Walk(practice), list(practice.pages())
    for place, visitor in enumerate(practice.visitors):
        for number, page in enumerate(pages):
            name, way, _, parts = page
            is_shut_out = visitor in SHUT_OUT and name in AUDIENCE and visitor not in who_gets_in(name, way, parts)
            if is_shut_out or (number + place) % EVERY == 0:
                walk.ask(visitor, page)
    assert walk.wrong == {}


@pytest.mark.sweep
def test_everybody_opens_their_pages_and_no_others_on_every_page(practice, record_property, capsys):
    walk, pages, began = Walk(practice), list(practice.pages()), time.monotonic()
    for visitor in practice.visitors:
        for page in pages:
            walk.ask(visitor, page)
    told = (
        f"access: {len(pages)} addresses x {len(practice.visitors)} kinds of visitor x GET and POST = {walk.asked} "
        f"requests, {time.monotonic() - began:.0f} s"
    )
    record_property("access", told)
    with capsys.disabled():
        print(f"\n{told}")
    assert walk.wrong == {}


@pytest.mark.hazard("H-35")
def test_another_clinics_rows_answer_as_rows_that_do_not_exist(practice):
    client = Client()
    client.force_login(a_member(a_clinic("far-away"), name="edda"))
    missing = {name: 987654321 if isinstance(value, int) else value for name, value in practice.rows.items()}
    for name, parts in PATTERNS:
        if name not in AUDIENCE or not set(parts) - NAMES_NO_ROW:
            continue
        theirs, nobodys = (reverse(name, kwargs={one: rows[one] for one in parts}) for rows in (practice.rows, missing))
        for method in (client.get, client.post):
            answer, none = method(theirs), method(nobodys)
            assert (answer.status_code, plain(answer)) == (none.status_code, plain(none)), name
            assert answer.status_code in (404, 405), name


def plain(answer):
    """What an answer says, without the tokens that differ each time."""
    return re.sub(r'value="\w{64}"', "", answer.content.decode())
