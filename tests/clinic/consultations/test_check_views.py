"""Today's check as a page: what it asks, what it says at once, and that only a start without reasons starts."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.consultations.models import Session, Stop
from clinic.people.clinics import Membership
from clinic.screenings.models import Screening
from screening.pins import pin_of
from screening.rulesets import published
from tests.clinic.consultations.gated import SUIT, World
from tests.clinic.screenings.invented import a_clinic, a_member

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
AFRESH = (
    "health-changed", "pregnant", "thrombophlebitis", "sore-vein", "viral-illness", "fever", "purulent-inflammation",
    "bleeding", "sepsis", "skin-problem", "broken-bone", "recent-surgery", "recent-procedure",
)  # fmt: skip


@pytest.fixture
def world(client):
    ready = recent()
    client.force_login(ready.by)
    return ready


def recent(**parts):
    """A patient who is ready, screened a day before now: pages have no other clock."""
    return World(**{"days_ago": 1, "now": timezone.now(), **parts})


def address(world, name="staff-check"):
    return reverse(name, args=(world.patient.pk, world.plan["treatment"]))


def typed(world, **changed):
    """What the page posts when everything is answered in the safe way but for `changed`."""
    answers = dict.fromkeys(AFRESH, "no") | {"metal-removed": "yes", "last-meal-open": "none-today"}
    answers |= {"sites": world.plan.get("sites", []), "after": "0", "do": "start"} | drawn(world) | changed
    return {name: value for name, value in answers.items() if value is not None}


def drawn(world):
    """By which rules and on which day the page was drawn."""
    return {"rules": " ".join(pin_of(published())), "day": world.clinic.now().date().isoformat()}


def asked(page):
    return [slot.code for slot in page.context["page"].slots if slot.field]


@pytest.mark.hazard("H-05", "H-33")
def test_check_asks_what_can_change_and_nothing_that_lasts(client, world):
    page = client.get(address(world))
    assert page.status_code == 200
    optional = {"blood-pressure", "temperature"}
    assert set(asked(page)) == {*AFRESH, *optional, "last-meal", "metal-removed"}


def test_nothing_is_chosen_beforehand(client, world):
    page = client.get(address(world)).content.decode()
    questions, _, places = page.partition("check-places")
    assert questions.count("checked>") == 0
    assert places.count("checked>") == len(world.plan["sites"])


def test_what_is_missing_before_is_said_with_the_step_that_brings_it(client):
    world = recent(consent=None)
    client.force_login(world.by)
    page = client.get(address(world))
    assert [reason.code for reason in page.context["page"].missing_before] == ["no-consent"]
    assert reverse("staff-consent-new", args=[world.decided.pk]) in page.content.decode()
    assert "Start the session" not in page.content.decode()


def test_everything_answered_starts_the_session(client, world):
    answer = client.post(address(world, "staff-start"), typed(world))
    session = Session.objects.get()
    assert answer["Location"] == reverse("staff-session", args=[session.pk])
    assert (session.by, session.sites, session.check_screening.stage) == (world.by, world.plan["sites"], "session")
    assert session.check_screening.based_on == world.screening
    assert session.check_screening.oldest_at == world.screening.oldest_at


def test_a_second_press_leads_to_the_session_that_is_there(client, world):
    first = client.post(address(world, "staff-start"), typed(world))
    second = client.post(address(world, "staff-start"), typed(world))
    assert second["Location"] == first["Location"]
    assert (Session.objects.count(), Stop.objects.count()) == (1, 0)


@pytest.mark.parametrize("gap", [*AFRESH, "metal-removed", "last-meal-open"])
def test_a_gap_leads_back_with_everything_typed_and_stores_nothing(client, world, gap):
    page = client.post(address(world, "staff-start"), typed(world, **{gap: None}))
    assert [target for target, _, _ in page.context["errors"]] == [f"id_{gap.removesuffix('-open')}"]
    assert (Session.objects.count(), Stop.objects.count()) == (0, 0)
    assert Screening.objects.filter(stage="session").count() == 0
    given = page.context["page"].form.given()
    assert given == page.context["page"].given
    assert len(given) == len(AFRESH) + 1


@pytest.mark.hazard("H-14")
def test_a_yes_stops_the_session_and_says_what_comes_next(client, world):
    answer = client.post(address(world, "staff-start"), typed(world, **{"viral-illness": "yes"}))
    stop = Stop.objects.get()
    assert answer["Location"] == reverse("staff-stop", args=[stop.pk])
    assert (stop.rules, stop.reopens, stop.needs_screening) == (["viral-illness"], True, False)
    page = client.get(answer["Location"]).content.decode()
    assert reverse("staff-decision-new", args=[world.screening.pk]) in page
    again = client.get(address(world))
    assert [reason.code for reason in again.context["page"].missing_before] == ["decision-reopened"]


def test_a_stop_can_be_recorded_before_everything_is_answered(client, world):
    posted = typed(world, **{"do": "stop", "fever": "yes", "metal-removed": None})
    client.post(address(world, "staff-start"), posted)
    assert Stop.objects.get().rules == ["fever"]


def test_to_record_a_stop_starts_nothing_where_nothing_speaks_against_it(client, world):
    client.post(address(world, "staff-start"), typed(world, do="stop"))
    assert (Session.objects.count(), Stop.objects.count()) == (0, 0)


def test_a_lasting_answer_posted_by_hand_is_not_heard(client):
    world = recent(consultation={"chronic-disease": "yes"})
    client.force_login(world.by)
    client.post(address(world, "staff-start"), typed(world, **{"chronic-disease": "no"}))
    assert Stop.objects.get().rules == ["chronic-disease"]
    assert Stop.objects.get().check_screening.answers["chronic-disease"] == "yes"


@pytest.mark.hazard("H-10")
def test_places_beyond_the_decision_posted_by_hand_are_refused(client, world):
    page = client.post(address(world, "staff-start"), typed(world, sites=["abdomen", "forearm-right"]))
    assert page.status_code == 200
    assert Session.objects.count() == 0


@pytest.mark.hazard("H-05")
def test_a_check_left_open_over_night_is_asked_again(client, world):
    yesterday = (world.clinic.now().date() - timedelta(days=1)).isoformat()
    for day in (yesterday, "", None):
        page = client.post(address(world, "staff-start"), typed(world, day=day))
        assert page.context["page"].given == {}
    assert (Session.objects.count(), Stop.objects.count()) == (0, 0)


def test_what_speaks_against_it_is_kept_also_where_something_else_is_open(client, world):
    client.post(address(world, "staff-start"), typed(world, fever="yes", bleeding=None))
    assert (Session.objects.count(), Stop.objects.get().rules[0]) == (0, "fever")


def test_live_answer_opens_what_a_yes_brings_up(client, world):
    shown = [*AFRESH, "blood-pressure", "temperature", "last-meal", "metal-removed"]
    posted = {"skin-problem": "yes", "shown": shown, "sites": world.plan["sites"], "after": "0"}
    posted |= drawn(world)
    page = client.post(address(world, "staff-check-live"), posted)
    opened = [slot.code for slot in page.context["page"].slots if slot.has_changed]
    assert opened == ["skin-problem-sites", "skin-problem-kinds"]
    assert 'id="slot-skin-problem-sites" data-code="skin-problem-sites" hx-swap-oob="true"' in page.content.decode()
    assert Screening.objects.filter(stage="session").count() == 0


@pytest.mark.hazard("H-14")
def test_live_answer_says_at_once_what_speaks_against_it(client, world):
    page = client.post(address(world, "staff-check-live"), typed(world, sepsis="yes"))
    assert [reason.rule for reason in page.context["page"].against] == ["sepsis"]
    assert "Do not start" in page.content.decode()


def test_meal_holds_the_start_until_ninety_minutes_are_over(client, world):
    meal = world.clinic.now() - timedelta(minutes=30)
    when = {"last-meal-open": None, "last-meal-day": f"{meal:%Y-%m-%d}", "last-meal-time": f"{meal:%H:%M}"}
    page = client.post(address(world, "staff-check-live"), typed(world, **when))
    earliest = meal.replace(second=0, microsecond=0) + timedelta(minutes=90)
    assert page.context["page"].earliest == earliest
    assert f">{earliest:%H:%M}</time>" in page.content.decode()
    client.post(address(world, "staff-start"), typed(world, **when))
    assert Session.objects.count() == 0


def test_settled_yes_wants_the_word_that_it_is_the_same(client):
    world = recent(consultation={"recent-procedure": "yes"}, settles={"recent-procedure": "assessed"})
    client.force_login(world.by)
    posted = typed(world, **{"recent-procedure": "yes"})
    page = client.post(address(world, "staff-start"), posted)
    assert [target for target, _, _ in page.context["errors"]] == ["id_same.recent-procedure"]
    client.post(address(world, "staff-start"), posted | {"same.recent-procedure": "same"})
    session = Session.objects.get()
    assert session.check_screening.notes == {"recent-procedure": "The same as when it was decided."}


def test_operations_are_kept_while_another_is_added(client, world):
    posted = typed(world, **{"recent-surgery": "yes", "surgeries-entry": "new", "surgeries-seen": ""})
    posted |= {"surgeries-year": "2020", "surgeries-sites": ["knee-left"], "surgeries-do": "add"}
    page = client.post(address(world, "staff-start"), posted)
    slot = next(slot for slot in page.context["page"].slots if slot.code == "surgeries")
    assert json.loads(slot.kept) == [{"date": "2020", "sites": ["knee-left"]}]
    posted |= {"surgeries-kept": slot.kept, "surgeries-seen": slot.field.seen, "surgeries-entry": "new"}
    posted |= {"surgeries-year": "2021", "surgeries-sites": ["foot-left"]}
    del posted["surgeries-do"]
    client.post(address(world, "staff-start"), posted)
    kept = Session.objects.get().check_screening.answers["surgeries"]
    assert kept == [{"date": "2020", "sites": ["knee-left"]}, {"date": "2021", "sites": ["foot-left"]}]


def test_suit_shows_the_channels_that_the_decision_leaves_off(client):
    world = recent(plan=dict(SUIT), decision={"kind": "proceed-sites", "channels_off": ["thigh-front-left"]})
    client.force_login(world.by)
    client.post(address(world, "staff-start"), typed(world, off=["buttock-left"]))
    session = Session.objects.get()
    assert session.channels_off == ["buttock-left", "thigh-front-left"]
    assert not set(session.sites) & set(session.channels_off)


@pytest.mark.parametrize("name", ["staff-check", "staff-check-live", "staff-start"])
@pytest.mark.parametrize("whose", ["reception", "elsewhere"])
def test_check_is_for_clinical_staff_of_the_clinic(client, world, name, whose):
    if whose == "reception":
        client.force_login(a_member(world.clinic, Membership.Role.RECEPTION, name="robin"))
    else:
        client.force_login(a_member(a_clinic("elsewhere"), name="olga"))
    ask = client.get if name == "staff-check" else client.post
    assert ask(address(world, name)).status_code == {"reception": 403, "elsewhere": 404}[whose]


def test_another_clinics_stop_is_as_one_that_does_not_exist(client, world):
    client.post(address(world, "staff-start"), typed(world, fever="yes"))
    stop = Stop.objects.get()
    assert client.get(reverse("staff-stop", args=[stop.pk])).status_code == 200
    client.force_login(a_member(a_clinic("elsewhere"), name="olga"))
    assert client.get(reverse("staff-stop", args=[stop.pk])).status_code == 404


def test_live_answer_asks_the_database_as_often_for_a_long_history(client, world, django_assert_num_queries):
    posted = typed(world)
    client.post(address(world, "staff-check-live"), posted)
    with django_assert_num_queries(17):
        client.post(address(world, "staff-check-live"), posted)
    for _ in range(5):
        world.screens_for_another_treatment()
    with django_assert_num_queries(17):
        client.post(address(world, "staff-check-live"), posted)


def test_a_session_before_the_planned_day_is_told_of_and_held_by_nothing(client):
    world = recent(decision={"course": {"sessions": 2, "interval_days": 3}})
    client.force_login(world.by)
    assert "Earlier than planned" not in client.get(address(world)).content.decode()
    client.post(address(world, "staff-start"), typed(world))
    first = Session.objects.get()
    assert "Earlier than planned" in client.get(address(world)).content.decode()
    client.post(address(world, "staff-start"), typed(world, after=str(first.pk)))
    assert Session.objects.count() == 2


def test_a_course_that_is_done_is_said(client):
    world = recent(decision={"course": {"sessions": 1}})
    client.force_login(world.by)
    client.post(address(world, "staff-start"), typed(world))
    assert "The plan’s 1 session is done." in client.get(address(world)).content.decode()
