"""The rules move between two steps: nothing that was answered in other words counts as answered, or as settled."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.consultations import gate
from clinic.consultations.models import Session, Stop
from screening.rulesets import load
from tests.clinic.consultations.gated import World
from tests.screening.rule_set_one import FIXTURE
from tests.support.html_forms import Page

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def publish(version, *reworded):
    content = json.loads(FIXTURE.read_text()) | {"version": version}
    for question in content["questions"]:
        if question["code"] in reworded:
            question["wording"] = f"In other words: {question['wording']}"
    return load(content, reason="a test", by="nobody")[0]


def recent(**parts):
    return World(**{"days_ago": 1, "now": timezone.now(), **parts})


def the_form(client, world):
    """Today's check as it was drawn, everything answered in the safe way."""
    page = client.get(reverse("staff-check", args=(world.patient.pk, world.plan["treatment"])))
    form = next(form for form in Page(page.content.decode()).forms if form.action.endswith("/start/"))
    posted = form.sent()
    for slot in page.context["page"].slots:
        if slot.field and slot.question.kind == "choice":
            posted[slot.code] = ["yes" if slot.code == "metal-removed" else "no"]
    return form.action, posted | {"last-meal-open": ["none-today"], "do": ["start"]}


def test_page_as_it_is_drawn_starts_a_session(client):
    world = recent()
    client.force_login(world.by)
    client.post(*the_form(client, world))
    assert Session.objects.count() == 1


@pytest.mark.hazard("H-11")
@pytest.mark.parametrize(
    "code",
    [
        "pregnant",
        *(pytest.param(code, marks=pytest.mark.sweep) for code in ("fever", "health-changed", "metal-removed")),
    ],
)
def test_answer_to_other_words_is_no_answer_of_today(client, code):
    world = recent()
    client.force_login(world.by)
    action, posted = the_form(client, world)
    publish("2", code)
    page = client.post(action, posted)
    assert (Session.objects.count(), Stop.objects.count(), page.status_code) == (0, 0, 200)
    drawn = page.context["page"]
    typed = {name for name, values in posted.items() if any(values)}
    assert typed.intersection(slot.code for slot in drawn.slots) - set(drawn.given) == {code}
    client.post(*the_form(client, world))
    assert Session.objects.count() == 1


@pytest.mark.hazard("H-11")
def test_yes_to_other_words_is_not_what_was_settled_then():
    world = World(consultation={"chronic-disease": "yes"}, settles={"chronic-disease": "assessed"})
    assert gate.may_start(world.wanted()) == ()
    publish("2", "chronic-disease")
    wanted = world.wanted({"chronic-disease": "yes"})
    assert [reason.code for reason in gate.may_start(wanted)] == ["sameness"]


@pytest.mark.hazard("H-11")
def test_no_to_other_words_does_not_undo_nor_skip_anything():
    world = World(consultation={"chronic-disease": "yes"}, settles={"chronic-disease": "assessed"})
    publish("2", "chronic-disease")
    assert [reason.code for reason in gate.may_start(world.wanted(without=["chronic-disease"]))] == ["missing"]
    unsure = world.wanted({"chronic-disease": "unsure"})
    assert [reason.code for reason in gate.may_start(unsure)] == ["unresolved"]
