"""A start past the gate is no start: the rows' own door, a second transaction, and what every stop keeps."""

from dataclasses import replace
from datetime import timedelta

import pytest

from clinic.consultations import gate
from clinic.consultations.models import Session, Stop
from clinic.consultations.session_ranges import RANGES, outside
from clinic.events import AppendOnlyError, Event, OneDoorError
from clinic.screenings.models import Door, Screening
from screening.models import RuleSet
from tests.clinic.consultations.gated import NOW, World

pytestmark = pytest.mark.django_db


@pytest.mark.hazard("H-13")
def test_no_other_code_makes_a_session():
    world = World()
    session = gate.start(world.wanted()).session
    copied = Session(
        **{field.attname: getattr(session, field.attname) for field in Session._meta.fields if not field.primary_key}
    )
    with pytest.raises(OneDoorError):
        copied.save()
    with pytest.raises(OneDoorError):
        Session.objects.bulk_create([copied])
    with pytest.raises(AppendOnlyError):
        Session.objects.update(treatment="emface")


def test_session_keeps_what_it_rests_on():
    world = World()
    session = gate.start(world.wanted()).session
    assert (session.decision, session.consent, session.device) == (world.decided, world.consented, world.device)
    assert (session.at, session.by, session.role) == (NOW, world.by, "practitioner")
    check = session.check_screening
    assert (check.door, check.stage, check.based_on) == (Door.SESSION, "session", world.screening)
    assert (check.answered_at, check.oldest_at) == (NOW, world.asked)
    assert check.outcome["outcome"] == "clear"


@pytest.mark.hazard("H-31")
def test_stop_keeps_the_check_and_the_reasons():
    world = World()
    stop = gate.start(world.wanted({"fever": "yes"})).stop
    assert (stop.reasons, stop.rules, stop.decision) == (["finding"], ["fever"], world.decided)
    assert stop.check_screening.answers["fever"] == "yes"
    assert Event.objects.get(action="session stopped").about == f"stop {stop.pk}"


def test_may_start_stores_nothing():
    world = World()
    assert gate.may_start(world.wanted()) == ()
    assert (Session.objects.count(), Stop.objects.count(), Screening.objects.filter(stage="session").count()) == (
        0,
        0,
        0,
    )


@pytest.mark.hazard("H-05")
def test_yes_of_one_day_is_asked_again_on_the_next():
    world = World()
    gate.start(world.wanted({"viral-illness": "yes"}))
    world.decided = world.a_decision(at=NOW + timedelta(hours=1))
    again = replace(world.wanted({"viral-illness": "yes"}), now=NOW + timedelta(hours=2))
    assert [reason.rule for reason in gate.may_start(again)] == ["viral-illness"]
    well = replace(world.wanted(), now=NOW + timedelta(days=3))
    assert gate.start(well).session is not None


@pytest.mark.hazard("H-24")
def test_second_press_of_the_same_page_starts_nothing_and_stops_nothing():
    world = World()
    first = gate.start(replace(world.wanted(), after=0)).session
    second = gate.start(replace(world.wanted(), after=0))
    assert (second.session, second.stop) == (first, None)
    assert (Session.objects.count(), Stop.objects.count()) == (1, 0)
    assert gate.start(replace(world.wanted(), after=first.pk)).session != first


def test_stop_where_nothing_speaks_against_it_keeps_nothing():
    world = World()
    ended = gate.stop(world.wanted())
    assert (ended.session, ended.stop, Session.objects.count()) == (None, None, 0)


@pytest.mark.hazard("H-31")
def test_answer_that_cannot_be_is_no_answer():
    world = World()
    wanted = world.wanted({"last-meal": NOW.isoformat()})
    late = replace(wanted, answers={**wanted.answers, "last-meal": NOW + timedelta(hours=2)})
    assert "unreadable" in [reason.code for reason in gate.may_start(late)]
    assert gate.start(late).session is None


def test_every_reason_says_what_and_who():
    world = World(consent=None)
    world.voids_decision()
    reasons = gate.may_start(world.wanted({"fever": "yes"}, ["metal-removed"]))
    assert [reason.code for reason in reasons] == ["decision-voided", "no-consent", "missing", "finding"]
    for reason in reasons:
        assert reason.words.endswith((".", "?"))
        assert reason.who == "a practitioner"
    assert reasons[1].step.address == f"/staff/decisions/{world.decided.pk}/consent/"


@pytest.mark.hazard("H-12")
def test_without_published_rules_nothing_starts():
    world = World()
    wanted = world.wanted()
    RuleSet.objects.all().update(status="retired")
    assert [reason.code for reason in gate.may_start(wanted)] == ["no-rules"]
    assert gate.start(wanted).session is None


@pytest.mark.hazard("H-07", "H-30")
def test_settlement_on_a_record_of_a_voided_screening_counts_no_more():
    world = World(consultation={"chronic-disease": "yes"}, settles={"chronic-disease": "assessed"})
    earlier = world.a_screening({"chronic-disease": "yes"}, at=world.asked - timedelta(days=30))
    statement = world.a_statement(earlier)
    settled = world.decided.settlements.get()
    type(settled)._base_manager.filter(pk=settled.pk).update(statement=statement)
    assert gate.may_start(world.wanted()) == ()
    world.void(earlier)
    assert [reason.rule for reason in gate.may_start(world.wanted())] == ["chronic-disease"]


def test_judging_costs_as_much_for_a_long_history(django_assert_num_queries):
    world = World()
    wanted = world.wanted()
    gate.may_start(wanted)
    for _ in range(2):
        with django_assert_num_queries(10):
            gate.may_start(wanted)
        for _ in range(6):
            world.holds()
            world.screens_for_another_treatment()


@pytest.mark.hazard("H-21")
@pytest.mark.parametrize("treatment", ["facial-ems", "emface"])
def test_no_number_is_lent_to_a_treatment_that_no_source_gives_one_for(treatment):
    settings = {"currents": {"cheek-left": 500}, "pulse-width": 900, "minutes": 500, "electrodes": 90}
    assert list(outside(treatment, ["cheek-left"], settings)) == []


@pytest.mark.hazard("H-21")
@pytest.mark.parametrize(
    ("treatment", "sites", "settings", "codes"),
    [
        ("body-myostimulation", ["abdomen"], {"currents": {"abdomen": 30}, "minutes": 30, "pulse-width": 100}, []),
        ("body-myostimulation", ["forearm-left"], {"currents": {"forearm-left": 90}, "minutes": 90}, []),
        ("body-microcurrent", ["abdomen"], {"currents": {"abdomen": 90}, "minutes": 30}, []),
        ("body-microcurrent", ["abdomen"], {"minutes": 61, "gel-applied": False}, ["duration", "gel-applied"]),
        ("facial-microcurrent", ["cheek-left"], {"minutes": 29}, ["duration"]),
        ("ems-training", ["abdomen"], {"minutes": 26, "warm-up": 4}, ["duration", "warm-up"]),
        ("ems-training", ["abdomen"], {"minutes": 20, "warm-up": 7, "stretch": False}, ["stretch"]),
        ("facial-ems", ["cheek-left"], {"pain": True, "lowered": False}, ["pain"]),
        ("facial-ems", ["cheek-left"], {"pain": True, "lowered": True}, []),
        ("facial-ems", ["cheek-left"], {"skin-prepared": False, "low-start": False}, ["skin-prepared", "low-start"]),
        ("facial-ems", ["cheek-left"], {}, []),
    ],
)  # fmt: skip
def test_ranges_are_those_of_the_sources(treatment, sites, settings, codes):
    assert [one.code for one in outside(treatment, sites, settings)] == codes


def test_every_range_is_worded():
    assert all(one.words.endswith(".") for one in RANGES)
