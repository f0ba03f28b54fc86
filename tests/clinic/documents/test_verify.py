"""Whoever holds a paper, or its file, learns whether it is genuine and still counts, and nothing else."""

import hashlib
import re
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.urls import reverse

from clinic.consultations.consents import withdraw as withdraw_consent
from clinic.consultations.models import Referral, ReferralStep
from clinic.documents.models import Document
from clinic.documents.numbers import in_groups
from clinic.documents.verifying import State, by_code, by_digest
from clinic.documents.withdrawing import erase, withdraw
from tests.clinic.consultations import rows
from tests.clinic.consultations.gated import World
from tests.support.record import a_document

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 the very bytes"


@pytest.fixture(autouse=True)
def no_limit_yet():
    cache.clear()


@pytest.fixture
def world():
    return World()


def a_paper(world, **about):
    return a_document(world.clinic, world.patient, world.by, PDF, **about or {"decision": world.decided})


def state_of(row):
    found = by_code(row.number, row.check_code)
    assert by_digest(row.sha256) == found
    return found.state


def typed(row, **changed):
    return {"number": f"{row.number:06d}", "code": in_groups(row.check_code)} | changed


def said(answer):
    """The page without what was typed, and without the token that differs each time."""
    return re.sub(r'value="[^"]*"', "", answer.content.decode())


def test_paper_that_stands_is_genuine_and_names_its_kind_and_day(client, world):
    row = a_paper(world)
    page = client.post(reverse("verify"), typed(row)).content.decode()
    assert re.findall(r'<h2 id="verified">(.*?)</h2>|<dd>(.*?)</dd>', page) == [
        ("Genuine", ""), ("", "Consultation summary"), ("", "20 November 2026"),
    ]  # fmt: skip


def test_day_is_that_of_the_clinics_calendar(world):
    world.clinic.time_zone = "Pacific/Kiritimati"
    world.clinic.save()
    row = a_paper(world)
    assert by_code(row.number, row.check_code).issued.isoformat() == "2026-11-21"


def test_code_may_be_typed_as_people_read_it(client, world):
    row = a_paper(world)
    code = row.check_code.lower().replace("0", "o").replace("1", "l")
    page = client.post(reverse("verify"), typed(row, number=" 0001", code=f" {code[:8]} {code[8:]}")).content.decode()
    assert '<h2 id="verified">Genuine</h2>' in page


def test_wrong_code_and_unknown_number_look_and_cost_the_same(client, world, django_assert_num_queries):
    row = a_paper(world)
    wrong = typed(row, code="0000-0000-0000-0000")
    unknown = typed(row, number="999999999")
    answers = []
    for sent in (wrong, unknown, typed(row, number="000002", code="ZZZZ-ZZZZ-ZZZZ-ZZZZ")):
        with django_assert_num_queries(ASKED):
            answers.append(client.post(reverse("verify"), sent))
    assert {said(answer) for answer in answers} == {said(answers[0])}
    assert '<h2 id="verified">Unknown</h2>' in said(answers[0])


# The limit's lock, history and its clearing in the cache's table; then one for the document.
ASKED = 13


@pytest.mark.hazard("H-36")
def test_answer_holds_no_name_and_no_health_data(client, world):
    row = a_paper(world)
    page = client.post(reverse("verify"), typed(row)).content.decode()
    for secret in (world.patient.name, world.by.name, world.clinic.name, "Body", "Proceed", "1980"):
        assert secret not in page


@pytest.mark.hazard("H-19")
def test_newer_paper_replaces_an_older_one(world):
    first = a_paper(world)
    second = a_paper(world, replaces=first, decision=world.decided)
    assert (state_of_number(first), state_of_number(second)) == (State.REPLACED, State.GENUINE)


def state_of_number(row):
    return by_code(row.number, row.check_code).state


ENDS = {
    "itself": lambda world: withdraw(Document.objects.get(), "Wrong.", by=world.by),
    "its decision": World.voids_decision,
    "its screening": World.voids_screening,
}


@pytest.mark.hazard("H-19")
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_was_withdrawn_or_rests_on_what_was_struck_out_is_withdrawn(world, end):
    row = a_paper(world)
    end(world)
    assert state_of(row) == State.WITHDRAWN


@pytest.mark.hazard("H-19")
def test_corrected_screening_replaces_what_rests_on_it(world):
    row, copy = a_paper(world), a_paper(world, screening=world.screening)
    world.corrects()
    assert (state_of_number(row), state_of_number(copy)) == (State.REPLACED, State.REPLACED)


@pytest.mark.hazard("H-19")
def test_consent_that_was_withdrawn_ends_its_paper(world):
    row = a_paper(world, consent=world.consented)
    withdraw_consent(world.consented, membership=world.membership, why="", request=None)
    assert state_of(row) == State.WITHDRAWN


def test_session_that_was_struck_out_ends_its_record(world):
    session = rows.a_session(world.consented, by=world.by)
    row = a_paper(world, session=session)
    assert state_of(row) == State.GENUINE
    rows.void(session, world.by)
    assert state_of(row) == State.WITHDRAWN


def test_referral_that_was_withdrawn_ends_its_letter(world):
    asked = a_referral(world)
    row = a_paper(world, referral=asked)
    assert state_of(row) == State.GENUINE
    a_step(world, asked, "withdrawn")
    assert state_of(row) == State.WITHDRAWN


def a_referral(world):
    fields = {"screening": world.screening, "rule": "chronic-disease", "answers": {}, "to": "Dr Example"}
    return Referral.objects.create(question="May we?", **fields, **rows.whose(world.patient, world.by))


def a_step(world, referral, kind):
    fields = {"referral": referral, "kind": kind, "on": world.now.date()}
    return ReferralStep.objects.create(**fields, **rows.whose(world.patient, world.by))


@pytest.mark.hazard("H-34")
def test_erased_paper_still_says_how_it_stands(client, world):
    row = a_paper(world)
    erase(row, "The patient asked for it.", by=world.by)
    page = client.post(reverse("verify"), typed(row)).content.decode()
    assert re.findall(r'<h2 id="verified">(.*?)</h2>', page) == ["Genuine"]
    assert "has erased its own copy" in page
    assert "The patient asked" not in page


def test_file_is_known_by_its_digest_alone(client, world):
    a_paper(world)
    answers = [
        client.post(reverse("verify"), {"digest": hashlib.sha256(each).hexdigest().upper()}).content.decode()
        for each in (PDF, PDF + b" ")
    ]
    assert [re.findall(r'<h2 id="verified">(.*?)</h2>', page) for page in answers] == [["Genuine"], ["Unknown"]]


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, "Enter the number from the foot of the paper."),
        ({"number": "12a", "code": "0" * 16}, "The number has digits only, such as 000123."),
        ({"number": "٣", "code": "0" * 16}, "The number has digits only, such as 000123."),
        ({"number": "1" * 10, "code": "0" * 16}, "The number has digits only, such as 000123."),
        ({"number": "1", "code": "0" * 15}, "The check code has 16 letters and digits. Compare each with the paper."),
        ({"number": "1", "code": "U" * 16}, "The check code has 16 letters and digits. Compare each with the paper."),
        ({"digest": "0" * 63}, "A SHA-256 has 64 digits and letters from a to f. Copy all of it."),
        ({"digest": ""}, "Enter the SHA-256 of the file."),
    ],
)
@pytest.mark.one_database
def test_what_cannot_be_read_is_said_at_the_field_and_stays_typed(client, sent, error):
    page = client.post(reverse("verify"), sent).content.decode()
    assert error in page
    assert '<h2 id="verified">' not in page
    for value in sent.values():
        assert not value or f'value="{value}"' in page


@pytest.mark.one_database
def test_whoever_asks_too_often_waits(client, world):
    row = a_paper(world)
    answers = [client.post(reverse("verify"), typed(row)).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    assert client.get(reverse("verify")).status_code == 200


@pytest.mark.parametrize("proxies", [0, 1])
def test_nobody_waits_less_who_says_that_they_are_another(client, world, settings, proxies):
    """A proxy of ours writes whom it heard behind what a browser said."""
    settings.BEHIND_PROXY = bool(proxies)
    row = a_paper(world)
    names = ("forwarded", "x-real-ip", "client-ip", "x-client-ip", "x-http-method-override")
    answers = []
    for at in range(31):
        another = f"203.0.113.{at}"
        said = dict.fromkeys(names, another) | {"x-forwarded-for": f"{another}, 198.51.100.7" if proxies else another}
        answers.append(client.post(reverse("verify"), typed(row), headers=said).status_code)
    assert answers == [200] * 30 + [429]


def test_many_others_do_not_end_a_wait(client, world):
    row = a_paper(world)
    answers = [client.post(reverse("verify"), typed(row)).status_code for _ in range(30)]
    for other in range(310):
        cache.set(f"other-{other}", 1)
    answers.append(client.post(reverse("verify"), typed(row)).status_code)
    assert answers == [200] * 30 + [429]


def test_only_a_post_is_answered_with_how_a_paper_stands(client, world):
    row = a_paper(world)
    asked = {"QUERY_STRING": urlencode(typed(row) | {"digest": row.sha256}), "data": urlencode(typed(row))}
    for method, said in (("GET", 200), ("HEAD", 200), ("PUT", 405), ("PATCH", 405), ("OPTIONS", 405)):
        answer = client.generic(method, reverse("verify"), content_type="application/x-www-form-urlencoded", **asked)
        assert (answer.status_code, b"Genuine" in answer.content) == (said, False)
