"""The rules move in the middle of a self-check: it stays for a day, then what changed is asked again."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic.screenings.models import Draft, Screening
from clinic.self_check.sealing import unseal
from screening.rulesets import load
from tests.clinic.screenings.invented import a_link
from tests.screening.rule_set_one import FIXTURE
from tests.support.posting import Posting, asked, hidden_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
DAY = timedelta(hours=24)
NEW = "metal-splinter"
REWORDED, RECONDITIONED = "hernia", "past-cancer"


def publish_version_2(**how):
    """Publish a set with one question in other words, one new, and one that is asked of other people."""
    content = json.loads(FIXTURE.read_text()) | {"version": "2"}
    questions = {question["code"]: question for question in content["questions"]}
    questions[REWORDED]["wording"] = "Do you have a hernia, treated or not?"
    questions[RECONDITIONED]["when"] = []
    new = {**questions["hernia"], "code": NEW, "wording": "Do you have a metal splinter in your body?", "order": 5}
    content["questions"].append(new)
    rule = next(rule for rule in content["rules"] if rule["code"] == "hernia")
    twin = json.loads(json.dumps(rule).replace('"hernia"', f'"{NEW}"'))
    content["rules"].append(twin)
    return load(content, reason="a test", by="nobody", **how)[0]


@pytest.fixture
def somebody(client, clinic):
    return Posting(client, f"/c/{clinic.slug}/check/")


def kept(client, clinic):
    return unseal(client.cookies[f"check-{clinic.pk}"].value, f"self-check of clinic {clinic.pk}", 60)


def test_within_24_hours_the_check_stays_on_the_rules_it_began_with(client, clinic):
    invitation, secret = a_link(clinic)
    client.get(f"/c/park-street/link/{secret}/")
    somebody = Posting(client, f"/c/park-street/link-{invitation.ref}/")
    somebody.post("birth/", born_day=7, born_month=3, born_year=1980)
    page = somebody.start()
    publish_version_2()
    with time_machine.travel(timezone.now() + DAY - timedelta(minutes=1)):
        client.get(f"/c/park-street/link/{secret}/")
        somebody.post("birth/", born_day=7, born_month=3, born_year=1980)
        somebody.through(page)
        somebody.post("goals/")
        somebody.post("answers/")
        assert somebody.get("result/").request["PATH_INFO"].endswith("/result/")
        assert Draft.objects.get().state["rule_set"][1] == "1-1"
        somebody.post("send/", keeping="on")
    assert Screening.objects.get().rule_set.version == "1-1"
    assert NEW not in Screening.objects.get().answers


@pytest.mark.parametrize("how", ["after 24 hours", "for safety"])
def test_then_what_is_new_or_changed_is_asked_again_and_all_is_evaluated_by_the_new_set(client, clinic, how):
    invitation, secret = a_link(clinic)
    client.get(f"/c/park-street/link/{secret}/")
    somebody = Posting(client, f"/c/park-street/link-{invitation.ref}/")
    birth = {"born_day": 7, "born_month": 3, "born_year": 1980}
    somebody.post("birth/", **birth)
    assert "Nothing you told us speaks against it" in somebody.to_the_result().content.decode()
    publish_version_2(for_safety=how == "for safety")
    with time_machine.travel(timezone.now() + (DAY if how == "after 24 hours" else timedelta(seconds=1))):
        client.get(f"/c/park-street/link/{secret}/")
        somebody.post("birth/", **birth)
        page = somebody.get("result/")
        again = set()
        while "/step/" in page.request["PATH_INFO"]:
            assert "The clinic’s questions have changed." in page.content.decode()
            again |= {code for code in asked(page) if code not in Draft.objects.get().state["answers"]}
            page = somebody.open(somebody.answer(page, **{NEW: "unsure"}))
        assert again == {NEW, REWORDED, RECONDITIONED}
        assert page.request["PATH_INFO"].endswith("/answers/")
        page = somebody.open(somebody.post("answers/"))
        assert "Nothing you told us speaks against it" not in page.content.decode()
        somebody.post("send/", keeping="on")
    sent = Screening.objects.get()
    assert (sent.rule_set.version, sent.outcome["rule_set"]["version"]) == ("2", "2")
    assert sent.answers[NEW] == "unsure"


def test_an_answer_to_the_old_words_does_not_answer_the_new_ones(client, clinic, somebody):
    """The page was open when the rules moved: what it asked in other words is asked again, the rest is kept."""
    page = somebody.through(somebody.start(), until=REWORDED)
    others = set(asked(page)) - {REWORDED}
    publish_version_2(for_safety=True)
    assert hidden_of(page)["rules"].split()[1] == "1-1"
    next_page = somebody.open(somebody.answer(page))
    assert REWORDED not in kept(client, clinic)["answers"]
    assert others <= set(kept(client, clinic)["answers"])
    assert NEW in asked(next_page)
    # The other tab was drawn before, and is sent after the check has moved.
    somebody.answer(page)
    assert REWORDED not in kept(client, clinic)["answers"]
    assert "hernia, treated or not" in somebody.through(next_page, until=REWORDED, **{NEW: "no"}).content.decode()


def test_a_word_in_between_that_no_longer_holds_is_not_said(client, clinic, somebody):
    page = somebody.through(somebody.start(), until="pregnant")
    content = json.loads(FIXTURE.read_text()) | {"version": "2"}
    next(entry for entry in content["questions"] if entry["code"] == "pregnant")["wording"] += " Now?"
    while "/pause/" not in page.request["PATH_INFO"]:
        page = somebody.open(somebody.answer(page, pregnant="yes"))
    load(content, reason="a test", by="nobody", for_safety=True)
    page = somebody.get("pause/")
    assert "pregnant" in asked(page)
    assert "telling" not in kept(client, clinic)


@pytest.mark.parametrize("rules", ["ems 0 unknown", "1-1", "a b c d"])
def test_a_page_drawn_by_rules_that_nobody_knows_answers_nothing(client, clinic, somebody, rules):
    page = somebody.start()
    response = somebody.post("step/1/", questions=" ".join(asked(page)), rules=rules, **{"heart-device": "no"})
    assert somebody.open(response).request["PATH_INFO"].endswith("/step/1/")
    assert "answers" not in kept(client, clinic)
