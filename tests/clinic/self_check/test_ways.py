"""What a way in admits, for how long, at what cost, and how much fits."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.people.clinics import Clinic
from clinic.screenings import invitations
from clinic.screenings.models import Door, Draft, Invitation, Sending
from clinic.self_check import ways
from clinic.self_check.sealing import seal, unseal
from clinic.self_check.ways import MOST_BYTES, admission_name
from screening import rulesets
from tests.clinic.screenings.invented import BORN, a_clinic, a_link, a_member, a_patient
from tests.support.posting import Posting, asked

pytestmark = pytest.mark.django_db
BIRTH = {"born_day": BORN.day, "born_month": BORN.month, "born_year": BORN.year}
QUERY = re.compile(r"SELECT|INSERT|UPDATE|DELETE")


@pytest.fixture
def link(client, clinic):
    """A link that was opened by the person it was made for."""
    invitation, secret = a_link(clinic)
    client.get(f"/c/park-street/link/{secret}/")
    way = Posting(client, f"/c/park-street/link-{invitation.ref}/")
    way.post("birth/", **BIRTH)
    return way


@pytest.fixture
def tablet(client, clinic):
    """The clinic's tablet, handed over."""
    client.force_login(a_member(clinic))
    handed = client.post(f"/staff/patients/{a_patient(clinic).pk}/tablet/")
    return Posting(client, handed["Location"])


@pytest.fixture
def anonymous(client, clinic):
    return Posting(client, f"/c/{clinic.slug}/check/")


def costs(act):
    """Give how many queries an act takes, and what came of it; opening and closing a transaction is none."""
    with CaptureQueriesContext(connection) as captured:
        response = act()
    assert response.status_code in (200, 302)
    return len([query for query in captured if QUERY.match(query["sql"])]), response


@pytest.mark.parametrize("door", ["link", "tablet"])
def test_no_page_of_an_invited_person_takes_more_than_6_queries(request, door):
    way = request.getfixturevalue(door)
    rulesets.key_of(rulesets.published())  # asked for once per process, as the rules themselves
    counts = {}
    counts["welcome read"], _ = costs(lambda: way.client.get(way.base))
    counts["start read"], _ = costs(lambda: way.client.get(f"{way.base}start/"))
    counts["start saved"], _ = costs(lambda: way.post("start/", answered_for="me", treatment="facial-ems"))
    counts["where read"], _ = costs(lambda: way.client.get(f"{way.base}where/"))
    counts["where saved"], _ = costs(lambda: way.post("where/", sites=["cheek-left"]))
    counts["step read"], step = costs(lambda: way.client.get(f"{way.base}step/1/"))
    counts["step saved"], _ = costs(lambda: way.answer(step))
    way.through(way.get("step/2/"))
    counts["goals saved"], _ = costs(lambda: way.post("goals/", goals=["scars"]))
    counts["answers read"], _ = costs(lambda: way.client.get(f"{way.base}answers/"))
    counts["answers saved"], _ = costs(lambda: way.post("answers/"))
    counts["result read"], _ = costs(lambda: way.client.get(f"{way.base}result/"))
    counts["sent"], sent = costs(lambda: way.post("send/", keeping="on"))
    counts["end"], _ = costs(lambda: way.client.get(sent["Location"]))
    assert counts == {
        "welcome read": 1,
        "start read": 1,
        "start saved": 2,
        "where read": 1,
        "where saved": 2,
        "step read": 1,
        "step saved": 2,
        "goals saved": 2,
        "answers read": 1,
        "answers saved": 2,
        "result read": 1,
        "sent": 6,
        "end": 1,
    }
    assert Sending.objects.get().invitation.door == door


# Lock, read, write and unlock what was tried so far, in the cache's table: what a limit costs that every process keeps.
COUNTED = 8


def test_the_door_of_a_link_takes_at_most_9_queries_beside_its_limit_also_when_it_closes(client, clinic):
    invitation, secret = a_link(clinic)
    assert costs(lambda: client.get(f"/c/park-street/link/{secret}/"))[0] == 1 + COUNTED
    way = Posting(client, f"/c/park-street/link-{invitation.ref}/")
    assert costs(lambda: way.post("birth/", **BIRTH))[0] == 3 + COUNTED
    wrong = BIRTH | {"born_day": BORN.day + 1}
    assert costs(lambda: way.post("birth/", **wrong))[0] == 5 + COUNTED
    for _ in range(3):
        way.post("birth/", **wrong)
    with CaptureQueriesContext(connection) as captured:
        assert way.post("birth/", **wrong).status_code == 404
    assert len([query for query in captured if QUERY.match(query["sql"])]) == 9 + COUNTED
    assert Invitation.objects.get().closed_at is not None


def test_the_tablet_leads_to_its_end_after_3_idle_minutes_and_lets_nobody_back(client, tablet):
    with time_machine.travel("2026-11-21T10:00:00Z", tick=False) as clock:
        Invitation.objects.update(expires_at="2026-11-22T00:00:00Z")
        base = tablet.base
        way = base.split("/")[3]
        client.cookies[admission_name(way)] = seal({"confirmed": True}, f"admission to {way}")
        page = tablet.start()
        assert page["Refresh"] == f"180; url={base}over/"
        clock.shift(179)
        page = tablet.get("step/1/")
        assert asked(page) == ["heart-device"]
        clock.shift(181)
        for name in ("", "start/", "step/1/", "answers/", "result/", "receipt/", "send/"):
            assert client.get(f"{base}{name}").headers["Location"] == f"{base}over/"
        over = client.get(f"{base}over/")
        assert "Give the tablet back" in over.content.decode()
        assert over.cookies[admission_name(way)]["max-age"] == 0
        assert "Refresh" not in over


def test_an_admission_of_its_time_opens_no_other_self_check(client, clinic, tablet):
    other, _ = a_link(clinic, door=Door.TABLET)
    mine = client.cookies[admission_name(tablet.base.split("/")[3])].value
    client.cookies[admission_name(f"tablet-{other.ref}")] = mine
    assert unseal(mine, f"admission to tablet-{other.ref}", 180) is None
    assert client.get(f"/c/park-street/tablet-{other.ref}/")["Location"] == "/sign-in/"


def test_a_tablet_shows_the_clinics_logo_and_nothing_else_of_the_site(client, clinic, tablet):
    assert client.get("/c/park-street/logo/").status_code == 404
    for path in ("/", "/staff/", "/c/park-street/", "/admin/", "/password/change/", "/nowhere/"):
        assert client.get(path)["Location"] == "/sign-in/", path


def test_after_sending_the_tablet_shows_nothing_of_it(tablet):
    tablet.to_the_result()
    assert tablet.post("send/", keeping="on")["Location"] == f"{tablet.base}over/"
    for name in ("", "receipt/", "result/", "answers/", "step/1/"):
        page = tablet.get(name)
        assert page.request["PATH_INFO"] == f"{tablet.base}over/"
        assert "Nora" not in page.content.decode()


def test_an_invitation_that_is_closed_in_the_middle_opens_nothing_more(link):
    page = link.start()
    Invitation.objects.get().draft.delete()
    Invitation.objects.update(closed_at="2026-11-21T10:00:00Z")
    assert link.answer(page).status_code == 404
    assert not Draft.objects.exists()


def test_two_pages_that_save_at_once_lose_neither(link, monkeypatch):
    first = link.start()
    invitation = Invitation.objects.select_related("draft").get()
    other = lambda state: state | {"answers": state.get("answers", {}) | {"pregnant": "unsure"}}  # noqa: E731
    as_it_was = invitations.by_ref("park-street", invitation.ref)
    invitations.keep_draft(invitation, other)
    monkeypatch.setattr(invitations, "by_ref", lambda *_: as_it_was)
    link.answer(first)
    assert Draft.objects.get().state["answers"] == {"pregnant": "unsure", "heart-device": "no"}


# How much fits in the anonymous cookie

WORDS = (
    "I had a long illness some years ago, and a doctor told me to say so whenever somebody asks about my health. "
    "It began after a holiday in Ljubljana, went away with tablets, and came back twice; the last time was in spring. "
    "My blood was taken every month then: potassium, iron, and one more whose name I forgot. Once it was too high. "
    "The hospital in Graz has the letters, Dr Wimmer the pictures. I take nothing for it now but magnesium at night, "
    "and a spray when it itches. If you want to ring her: Tuesday mornings only, she says."
)[:500]
PLACES = ["abdomen", "cheek-left", "chest", "forearm-left", "groin", "hip-left", "lower-back", "thigh-front-left"]


def with_ten_operations(way, page, places=4):
    """Tell ten operations, each at places of its own."""
    for number in range(10):
        assert asked(page) == ["surgeries"]
        told = {"day": str(number + 1), "month": str(number + 2), "year": str(2015 + number)}
        told |= {
            "sites": [PLACES[(number + n) % len(PLACES)] for n in range(places)],
            "do": "add" if number < 9 else "",
        }
        page = way.open(way.answer(page, surgeries=told))
    return page


def cookie():
    return f"check-{Clinic.objects.get(slug='park-street').pk}"


def carried(client):
    return len(f"{cookie()}={client.cookies[cookie()].value}")


def unsealed(client):
    return unseal(client.cookies[cookie()].value, f"self-check of clinic {Clinic.objects.get().pk}", 60)


def test_the_answers_for_two_clinics_lie_side_by_side_while_a_server_reads_both(client, clinic, anonymous, monkeypatch):
    other = a_clinic("elsewhere")
    Clinic.objects.update(treatments=clinic.treatments)
    anonymous.start()
    there = Posting(client, "/c/elsewhere/check/")
    there.start()
    both = {cookie(), f"check-{other.pk}"}
    assert {name for name, one in client.cookies.items() if name.startswith("check-") and one.value} == both
    assert asked(anonymous.get("step/1/")) == asked(there.get("step/1/")) == ["heart-device"]
    brought = "; ".join(f"{name}={client.cookies[name].value}" for name in both) + f"; check-?={'x' * 6000}"
    assert client.get(f"{there.base}step/1/", headers={"cookie": brought}).status_code == 200
    monkeypatch.setattr(ways, "MOST_OF_ALL", 600)
    there.post("where/", sites=["cheek-left"])
    assert (client.cookies[cookie()].value, client.cookies[f"check-{other.pk}"].value != "") == ("", True)


def test_ten_operations_and_two_texts_of_500_characters_fit(client, anonymous):
    assert len(WORDS) == 500
    answers = {"recent-surgery": "yes", "chronic-disease": "yes", "chronic-disease-details": WORDS}
    answers |= {"anything-else": "yes", "anything-else-details": WORDS[::-1]}
    page = with_ten_operations(anonymous, anonymous.through(anonymous.start(), until="surgeries", **answers))
    anonymous.through(page, **answers)
    anonymous.post("goals/", goals=["face-tone", "scars"])
    assert anonymous.open(anonymous.post("answers/")).request["PATH_INFO"].endswith("/result/")
    answers = unsealed(client)["answers"]
    assert [len(entry["sites"]) for entry in answers["surgeries"]] == [4] * 10
    assert answers["chronic-disease-details"] == answers["anything-else-details"][::-1] == WORDS
    assert carried(client) < MOST_BYTES


def test_a_text_without_room_is_still_in_its_field_and_nothing_before_it_is_lost(client, anonymous):
    """Characters that no packing makes smaller, as nobody types them."""
    noise = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(500))
    answers = {"chronic-disease": "yes", "anything-else": "yes"}
    page = anonymous.through(anonymous.start(), until="chronic-disease-details", **answers)
    page = anonymous.open(anonymous.answer(page, **{"chronic-disease-details": noise}))
    answers |= {"anything-else-details": noise[::-1]}
    page = anonymous.through(page, until="anything-else-details", **answers)
    before = unsealed(client)
    refused = anonymous.answer(page, **answers)
    words = refused.content.decode()
    assert "There is no more room for your words. Make the text shorter." in words
    assert "<title>Error: " in words
    assert noise[::-1] in words
    assert carried(client) < MOST_BYTES
    assert unsealed(client) == before
    shorter = anonymous.answer(refused, **answers | {"anything-else-details": "A filler"})
    assert shorter.status_code == 302


def test_choices_without_room_say_so_and_change_nothing(client, anonymous, monkeypatch):
    anonymous.start()
    monkeypatch.setattr(ways, "MOST_BYTES", carried(client) + 20)
    told = anonymous.post("where/", sites=["forehead", "chin", "cheek-right", "jawline-left", "jawline-right"])
    assert "There is no more room for that" in told.content.decode()
    assert unsealed(client)["sites"] == ["cheek-left"]


# What is sent, and under which name


def test_a_send_page_older_than_the_answers_sends_nothing(anonymous):
    anonymous.to_the_result()
    key = re.search(r'name="key" value="([^"]+)"', anonymous.get("send/").content.decode()).group(1)
    who = {"name": "Nora Novak", "email": "nora@demo.example", "keeping": "on", "key": key} | BIRTH
    number = next(n for n in range(1, 30) if "hernia" in asked(anonymous.get(f"step/{n}/")))
    anonymous.answer(anonymous.get(f"step/{number}/"), hernia="unsure")
    refused = anonymous.post("send/", **who)
    assert "Nothing was sent yet" in refused.content.decode()
    assert 'value="Nora Novak"' in refused.content.decode()
    assert not Sending.objects.exists()
    key = re.search(r'name="key" value="([^"]+)"', refused.content.decode()).group(1)
    assert anonymous.post("send/", **who | {"key": key})["Location"].endswith("/receipt/")
    assert anonymous.post("send/", **who | {"key": key})["Location"].endswith("/receipt/")
    assert Sending.objects.get().screening.answers["hernia"] == "unsure"


def test_what_was_sent_can_be_cleared_from_the_browser_and_another_check_begun(client, anonymous):
    anonymous.to_the_result()
    anonymous.post("send/", name="Nora Novak", email="nora@demo.example", keeping="on", **BIRTH)
    receipt = anonymous.get("receipt/").content.decode()
    assert "Nora Novak" in receipt
    assert f'href="{anonymous.base}clear/"' in receipt
    assert "What you sent stays with the clinic." in anonymous.get("clear/").content.decode()
    anonymous.post("clear/")
    assert client.cookies[cookie()].value == ""
    assert "Nora" not in anonymous.get("receipt/").content.decode()
    assert asked(anonymous.start()) == ["heart-device"]


def test_an_answer_to_send_that_never_arrived_makes_no_second_record(client, anonymous):
    anonymous.to_the_result()
    before = client.cookies[cookie()].value
    who = {"name": "Nora Novak", "email": "nora@demo.example", "keeping": "on"} | BIRTH
    anonymous.post("send/", **who)
    client.cookies[cookie()] = before
    assert anonymous.post("send/", **who)["Location"].endswith("/receipt/")
    client.cookies[cookie()] = before
    anonymous.answer(anonymous.get("step/1/"), **{"heart-device": "unsure"})
    anonymous.post("send/", **who)
    assert [sent.screening.answers["heart-device"] for sent in Sending.objects.order_by("id")] == ["no", "unsure"]
