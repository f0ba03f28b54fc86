"""Requests made by hand to the pages of the papers: whatever is sent, none fails, and opening a page writes nothing."""

import json
import random

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.documents.sharing import share
from tests.clinic.consultations import rows
from tests.clinic.documents.handed import at_the_result
from tests.clinic.documents.signed import DRAWING
from tests.clinic.documents.test_pictures import a_photograph
from tests.support.let_in import admission
from tests.support.record import a_document

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
REQUESTS = 120
RIGHT = {
    "party": "patient", "name": "Nora Novak", "agreed": "on", "strokes": json.dumps(DRAWING), "signer": "patient",
    "choice-photographs": "yes", "choice-data": "no", "interpreter": "no", "door": "link", "do": "close", "why": "x",
    "site": "abdomen", "moment": "before", "taken_on": "2026-11-20", "number": "000001", "code": "0" * 16,
    "digest": "f" * 64, "rule": "heart-disease", "born": "1980-03-07", "page": "1",
}  # fmt: skip
ODD = [
    "", "x", "on", "0", "-1", "9" * 5000, "1e400", "NaN", "null", "{}", "[[]]", "[" * 2000, "[[[NaN, 1]]]",
    "[[[1.5, 2], [300, 100]]]", '[[[1, 2], ["\\ud800", 3]]]', "[[[" + "9" * 5000 + ", 1]]]", "x" * 10_000, "\x00",
    "a\x00b", "\u202egnp.exe", "😀", "\ufffe\uffff", "<script>alert(1)</script>", "{{ 7 }}{% debug %}", "0001-01-01",
    "9999-12-31", "2026-02-30", "٢٠٢٦-١١-٢٠", "²", "١", "practitioner", "face", "A" * 201, "\r\n\t", "%00", "../../x",
]  # fmt: skip
FILES = [b"", b"x", a_photograph(), a_photograph("GIF"), a_photograph()[:99], b"%PDF-1.4\n%%EOF", b"PK\x03\x04"]
BODIES = [b"", b"\xff\xfe", b"a=%ff&name=%ED%A0%80&strokes=%00", b"{}", b"--x\r\nbad", b"name=" + b"x" * 2_600_000]
TYPES = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain",
    "",
]
METHODS = ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "FOO", "GET"]
# Opening a page may say so in the trail, and carry the person's session on.
MAY_BE_WRITTEN = ("clinic_event", "django_session", "clinic_cache")


@pytest.fixture
def doors(signed, small):
    """Every address of the papers, with a browser that may open it; `staff`: those of the staff."""
    world = signed.world
    consent = world.a_consent(choices={"photographs": True})
    session = rows.a_session(consent, by=world.by)
    paper = a_document(world.clinic, world.patient, world.by, decision=world.decided)
    mine, asked = {"args": [world.decided.pk]}, signed.opened.wsgi_request
    asked.user = world.by
    staff = [
        *(
            reverse(f"staff-{name}", **mine)
            for name in ("consent-open", "consent-paper", "consent-new", "summary", "photographs", "photographs-erase")
        ),
        *(reverse(f"staff-document{name}", args=[paper.pk]) for name in ("", "-withdraw", "-share")),
        reverse("staff-papers", args=[world.patient.pk]),
        reverse("staff-consent-sheet", args=[signed.sheet.pk]),
        reverse("staff-session-paper", args=[session.pk]),
        reverse("staff-copy", args=[world.screening.pk]),
        reverse("staff-pack", args=[world.patient.pk, "body-microcurrent"]),
    ]
    anybody = Client()
    result = at_the_result(anybody, world.clinic, heart_disease="yes")
    letter = a_document(world.clinic, world.patient, world.by, kind="letter")
    invitation, _ = share(letter, membership=world.membership, request=asked)
    reader, way = Client(), f"link-{invitation.ref}"
    reader.cookies.load(admission(way))
    shared = [reverse(name, args=[world.clinic.slug, way]) for name in ("birth", "shared-copy", "shared-copy-paper")]
    found = [(signed.staff, address) for address in staff] + [(reader, address) for address in shared]
    found += [(anybody, reverse("verify")), (anybody, f"{result}copy/"), (anybody, f"{result}letter/")]
    return [*found, (signed.person, signed.page)]


def some_fields(chance):
    given = {name: value for name, value in RIGHT.items() if chance.random() < 0.8}
    odd = chance.sample(sorted(RIGHT), chance.randrange(5))
    return given | {name: chance.choice([chance.choice(ODD), chance.sample(ODD, 2)]) for name in odd}


def asked_oddly(browser, address, chance):
    kind = chance.random()
    if kind < 0.15:
        return browser.generic(chance.choice(METHODS), address, b"x=1", content_type=TYPES[0])
    if kind < 0.25:
        return browser.generic("POST", address, chance.choice(BODIES), content_type=chance.choice(TYPES))
    file = SimpleUploadedFile(chance.choice(["a.jpg", "../x", "<b>.pdf"]), chance.choice(FILES))
    return browser.post(address, some_fields(chance) | ({"file": file} if kind < 0.6 else {}))


def test_no_request_fails_whatever_is_sent(doors, signed):
    chance, statuses = random.Random(5), []
    for _ in range(REQUESTS):
        browser, address = chance.choice(doors)
        signed.sign_in()
        cache.clear()
        answer = asked_oddly(browser, address, chance)
        answer.close()
        statuses.append(answer.status_code)
        assert answer.status_code < 500, address
    # Pages that are drawn again, deeds that are done, methods and bodies that are refused.
    assert {200, 302, 400, 405} <= set(statuses)


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_page_writes_nothing_but_that_it_was_opened(doors, method):
    statuses = []
    for browser, address in doors:
        with CaptureQueriesContext(connection) as asked:
            statuses.append(getattr(browser, method)(address).status_code)
        written = [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert [sql for sql in written if not any(f'"{table}"' in sql for table in MAY_BE_WRITTEN)] == [], address
    assert (statuses.count(200), set(statuses)) == (12, {200, 302, 405})
