"""Asks for every address of the project with production's own settings, in a process of its own: see `walked`.

What each answer carried, and what it wrote, is printed as JSON.
Run: python -m tests.support.web_walk METHODS VISITORS EVERY
"""

import hashlib
import json
import re
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.processes import run

WRITES = re.compile(r'\s*(?:INSERT INTO|REPLACE INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
# What a request that only reads may write: who looked, how often somebody came, and the visitor's own session.
MAY_BE_WRITTEN = {"clinic_event", "clinic_seal", "clinic_cache", "django_session", "sqlite_sequence"}
# What stands in a route's regular expression and in no address.
OF_PATTERNS = str.maketrans("", "", "^$\\")
VISITORS = ("stranger", "link", "tablet", "reception", "practitioner", "supervisor", "owner", "elsewhere", "admin")


def walked(production, folder, methods, visitors=VISITORS, every=1):
    """Walk as `visitors` with `methods` over a copy of production's database; give what is described above.

    `every`: which addresses, such as each third.
    """
    with (
        closing(sqlite3.connect(Path(production["DATA_FOLDER"]) / "clinic.sqlite3")) as laid,
        closing(sqlite3.connect(folder / "clinic.sqlite3")) as copy,
    ):
        laid.backup(copy)
    ours = production | {"DATA_FOLDER": str(folder), "DJANGO_SETTINGS_MODULE": "clinic.settings"}
    asked = ",".join(methods), ",".join(visitors), str(every)
    done = run("-m", "tests.support.web_walk", *asked, seconds=1800, **ours)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


@dataclass
class Walk:
    """One process's walk. `row`: the ids of one record, by the names that addresses have for them."""

    clinic: Any
    row: dict[str, Any]
    every: int
    answers: list[dict[str, Any]] = field(default_factory=list)
    wrote: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def watch(self, execute, sql, *others):
        self.wrote += WRITES.findall(sql)
        return execute(sql, *others)

    def addresses(self, way):
        """Give the name of every page and its address, with this record's ids in it."""
        from tests.support.addresses import routes

        values = {"slug": self.clinic.slug, "way": way} | self.row
        for route, name, _ in routes():
            plain = re.sub(r"\(\?P<\w+>.*?\)", "anything", route).translate(OF_PATTERNS)
            yield name, "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values.get(found[1], 1)), plain)

    def go(self, visitor, methods):
        """Ask for every address as a visitor, and find the tables that are others afterwards."""
        client, way = visitor_of(self, visitor)
        before = digests()
        for method in methods:
            self.ask_all(client, way, visitor, method)
        after = digests()
        self.changed += [f"{visitor}: {table}" for table in after if after[table] != before.get(table)]

    def ask_all(self, client, way, visitor, method):
        kept = {name: morsel.OutputString() for name, morsel in client.cookies.items()}
        for page, address in [*self.addresses(way)][:: self.every]:
            self.wrote.clear()
            answer = ask(client, method, address)
            self.answers.append(
                {
                    "visitor": visitor,
                    "method": method,
                    "page": page,
                    "address": address,
                    "status": answer.status_code,
                    "headers": dict(answer.headers),
                    "cookies": [morsel.OutputString() for morsel in answer.cookies.values()],
                    "wrote": sorted(set(self.wrote) - MAY_BE_WRITTEN),
                }
            )
            answer.close()
            # Some pages take an admission away: it is given back, so that the next one opens.
            for name, written in kept.items():
                client.cookies.load(written)
                client.cookies[name]["max-age"] = ""


def ask(client, method, address):
    """Send one request as a page of ours would, but for the token that it would carry."""
    return getattr(client, method.lower())(address, headers={"Referer": "https://testserver/"})


def digests():
    """Give a digest of all rows of every table that a request which only reads must leave alone."""
    from django.db import connection

    found = {}
    for table in connection.introspection.table_names():
        if table not in MAY_BE_WRITTEN:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{table}"')
                rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def a_browser():
    """Give a browser that comes by TLS and has the token's cookie, but never sends the token."""
    from django.test import Client

    class ByTls(Client):
        def request(self, **asked):
            return super().request(**asked | {"wsgi.url_scheme": "https", "SERVER_PORT": "443"})

    browser = ByTls(enforce_csrf_checks=True)
    browser.get("/sign-in/")
    return browser


def visitor_of(walk, visitor):
    """Give a visitor's browser, and the way of a self-check that it is on."""
    browser = a_browser()
    if visitor == "stranger":
        return browser, begun(browser, walk, "check")
    if visitor in ("link", "tablet"):
        way = begun(browser, walk, invited(browser, walk, visitor))
        if visitor == "link":
            begun_by_older_rules()
        return browser, way
    somebody = person(walk, visitor)
    somebody.set_password("a long pass phrase 1")
    somebody.save()
    browser.force_login(somebody)
    session = browser.session
    session["second factor shown by"] = int(session["_auth_user_id"])
    session.save()
    return browser, "check"


def begun(browser, walk, way):
    """Answer the first pages of a self-check, so that those behind them open."""
    browser.handler.enforce_csrf_checks = False
    base = f"/c/{walk.clinic.slug}/{way}/"
    browser.post(f"{base}start/", {"answered_for": "me", "old_enough": "yes", "treatment": "body-myostimulation"})
    browser.post(f"{base}where/", {"sites": ["forearm-left"]})
    browser.handler.enforce_csrf_checks = True
    return way


def begun_by_older_rules():
    """Let what is in the making be of rules that count no more: to look at it must not bring it to the newer ones."""
    from clinic.models import Draft, Intake

    Intake.objects.update(rule_set=["ems", "0", "not-the-digest"])
    for draft in Draft.objects.exclude(state={}):
        draft.state |= {"rule_set": ["ems", "0", "not-the-digest"]}
        draft.save()


def invited(browser, walk, door):
    from clinic.models import Patient, User
    from clinic.screenings.invitations import invite
    from tests.support.let_in import admission, handed_over

    patient = Patient.objects.get(pk=walk.row["patient_id"])
    invitation, _ = invite(clinic=walk.clinic, patient=patient, door=door, by=User.objects.first())
    way = f"{door}-{invitation.ref}"
    browser.cookies.load(admission(way) | (handed_over(walk.clinic, way) if door == "tablet" else {}))
    return way


def person(walk, visitor):
    from clinic.models import User
    from tests.clinic.screenings.invented import a_clinic, a_member

    if visitor == "admin":
        return User.objects.create_superuser("admin@demo.example", "a long pass phrase 1", name="Admin")
    if visitor == "elsewhere":
        return a_member(a_clinic("elsewhere"), name="elsewhere")
    return a_member(walk.clinic, visitor, name=f"another-{visitor}")


def main(methods, visitors, every):
    import django
    import pytest

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment

    assert not settings.DEMO
    setup_test_environment()
    from tests.clinic.screenings.invented import a_clinic, a_member
    from tests.support.record import a_record
    from tests.support.small_papers import small_papers

    clinic = a_clinic()
    walk = Walk(clinic, {"section": "details", "day": "2026-11-20"} | a_record(clinic, a_member(clinic)), every)
    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(walk.watch):
        small_papers(patch)
        for visitor in visitors:
            walk.go(visitor, methods)
    print(json.dumps({"answers": walk.answers, "changed": walk.changed}))


if __name__ == "__main__":
    main(sys.argv[1].split(","), sys.argv[2].split(","), int(sys.argv[3]))
