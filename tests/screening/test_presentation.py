"""An outcome in words: nothing that was found is left out, and nothing is told that was not found."""

import json
from datetime import UTC, datetime

import pytest

from screening.engine.outcome import OUTCOMES, Outcome
from screening.presentation import for_patient
from screening.presentation.facts import KINDS
from screening.presentation.moments import end_in_words
from screening.presentation.told import ICONS
from tests.screening.presented import every_case, healthy, pinned
from tests.screening.rule_set_one import rule_set
from tests.support.processes import ROOT

PINNED = pinned()
RULES = rule_set().rules
GOALS = {"goal-good-fit", "goal-poor-fit", "goal-medical-use"}


def of_rule(told, rule):
    return next(finding for finding in told.findings if finding.rule == rule)


@pytest.mark.hazard("H-37")
@pytest.mark.parametrize(("row", "case"), PINNED, ids=[row["id"] for row, _ in PINNED])
def test_the_words_are_those_that_were_pinned(row, case):
    patient, practitioner = case.patient(), case.practitioner()
    assert {key: getattr(patient, key) for key in row["patient"]} == row["patient"]
    assert {key: getattr(practitioner, key) for key in row["practitioner"]} == row["practitioner"]
    assert {group.code: [finding.rule for finding in group.findings] for group in patient.groups} == row["groups"]


def test_every_outcome_is_pinned():
    assert {row["patient"]["outcome"] for row, _ in PINNED} == set(OUTCOMES)


@pytest.mark.hazard("H-14")
def test_every_outcome_has_an_icon_of_its_own():
    assert set(ICONS) == set(OUTCOMES)
    assert len(set(ICONS.values())) == len(OUTCOMES)
    for icon in ICONS.values():
        assert (ROOT / "templates" / "icons" / f"{icon}.svg").is_file()


def test_every_kind_of_finding_is_told_in_the_tone_of_an_outcome():
    assert set(KINDS.values()) <= set(OUTCOMES)


@pytest.mark.hazard("H-01")
def test_every_finding_of_every_case_is_told_to_both_in_order():
    for case in every_case():
        of_goals = [finding for finding in case.outcome.findings if finding.rule in GOALS]
        rest = [finding for finding in case.outcome.findings if finding.rule not in GOALS]
        patient, practitioner = case.patient(), case.practitioner()
        for told in (patient, practitioner):
            assert [(told.rule, told.status, told.grade) for told in told.findings] == [
                (finding.rule, finding.status, finding.grade) for finding in rest
            ], case.id
            assert [told.rule for told in told.goals] == [finding.rule for finding in of_goals], case.id
        assert [told.message for told in patient.findings] == [finding.patient_message for finding in rest]
        assert [told.message for told in practitioner.findings] == [finding.message for finding in rest]
        assert [told.sources for told in patient.findings] == [finding.sources for finding in rest]


def test_every_finding_is_shown_once_on_top_or_in_one_group():
    for case in every_case():
        told = case.patient()
        shown = [*told.urgent, *(finding for group in told.groups for finding in group.findings)]
        assert sorted(map(repr, shown)) == sorted(map(repr, told.findings)), case.id


def test_every_rule_is_told_with_its_title_and_its_way_out():
    told = {finding.rule: finding for case in every_case() for finding in _all(case.patient())}
    assert set(told) == set(RULES)
    for rule, finding in told.items():
        assert finding.title == RULES[rule].title
    for case in every_case():
        for finding in _all(case.patient()):
            if finding.grade == RULES[finding.rule].grade:
                assert RULES[finding.rule].settle in f"{finding.message} {finding.settle}", case.id
                assert RULES[finding.rule].next_step in f"{finding.message} {finding.next_step}", case.id


def _all(told):
    return (*told.findings, *told.goals)


def test_what_the_message_says_is_not_said_twice():
    finding = of_rule(healthy("cheek-left", hernia="unsure").patient(), "hernia")
    assert RULES["hernia"].settle in finding.message
    assert finding.settle == ""


def test_a_remark_by_a_rule_that_can_bar_says_nothing_of_how_the_bar_ends():
    told = healthy("chest", treatment="body-myostimulation", breast_lumps="no", breast_doctor="yes").patient()
    (finding,) = told.findings
    assert (finding.grade, finding.settle, finding.next_step, finding.ends) == ("note", "", "", "")
    assert [group.code for group in told.groups] == ["note"]


def test_the_readings_are_for_practitioners_only():
    case = healthy("cheek-left", epilepsy="yes")
    assert of_rule(case.patient(), "epilepsy").reading == ""
    assert of_rule(case.practitioner(), "epilepsy").reading == RULES["epilepsy"].reading


def test_the_sources_are_named_in_full_once():
    told = healthy("cheek-left", epilepsy="yes", fever="yes", implanted_device="yes").practitioner()
    assert [citation.split(":")[0] for citation in told.citations] == ["M", "F"]
    assert rule_set().sources["M"].title in told.citations[0]


@pytest.mark.hazard("H-14", "H-15")
def test_what_cannot_wait_is_on_top_worst_first():
    told = healthy(
        "cheek-left",
        sepsis="unsure",
        hypertension="yes",
        without=("hypertension-controlled",),
        blood_pressure={"systolic": 190, "diastolic": 100},
    ).patient()
    assert [(finding.rule, finding.urgency) for finding in told.urgent] == [
        ("sepsis", "urgent"),
        ("high-blood-pressure", "advice-today"),
    ]
    assert told.groups == ()


def test_an_end_is_a_day_or_a_time_of_a_day_in_its_own_offset():
    assert end_in_words(datetime(2026, 12, 20, tzinfo=UTC).date()) == "from 20 December 2026"
    assert end_in_words(datetime.fromisoformat("2026-11-21T00:30:00+02:00")) == "from 00:30 on 21 November 2026"
    assert end_in_words(None) == ""


def test_a_finding_with_a_date_says_from_when():
    case = healthy("cheek-left", recent_surgery="yes", surgeries=[{"date": "2026-03-20", "sites": ["cheek-left"]}])
    finding = of_rule(case.patient(), "recent-surgery")
    assert (finding.until, finding.ends, finding.sites) == ("from 20 December 2026", "", ("left cheek",))


def test_each_goal_is_named_under_the_note_it_belongs_to():
    told = healthy("cheek-left", goals=("scars", "face-tone", "weight")).patient()
    assert [(goal.rule, goal.goals) for goal in told.goals] == [
        ("goal-good-fit", ("Weak muscles of the face",)),
        ("goal-poor-fit", ("Scars, also from acne", "Losing weight")),
    ]
    assert told.findings == ()


def test_planned_places_are_told_apart():
    told = healthy(
        "cheek-left",
        "cheek-right",
        "forehead",
        skin_problem="yes",
        skin_problem_sites=["cheek-left"],
        recent_surgery="yes",
        surgeries=[{"date": "unsure", "sites": ["forehead"]}],
    ).patient()
    assert told.planned == ("forehead", "left cheek", "right cheek")
    assert (told.allowed, told.barred, told.perhaps) == (("right cheek",), ("left cheek",), ("forehead",))
    assert not told.leaves_places_open


def test_a_bar_on_places_that_are_not_planned_is_noted_apart():
    told = healthy("cheek-left", skin_problem="yes", skin_problem_sites=["foot-left"]).patient()
    assert (told.outcome, [group.code for group in told.groups]) == ("clear", ["elsewhere"])
    assert not told.findings[0].touches_plan


def test_places_are_called_possible_only_where_nothing_else_stands_in_the_way():
    for case in every_case():
        told = case.patient()
        assert told.leaves_places_open == (case.outcome.outcome in {"restricted", "prepare", "clear"}), case.id


def test_something_is_unknown_exactly_while_the_rules_leave_something_open():
    for case in every_case():
        outcome, planned = case.outcome, set(case.outcome.planned_sites)
        is_open = bool(outcome.missing) or any(
            finding.status == "unresolved"
            and finding.grade != "note"
            and (finding.grade != "site" or not finding.sites or planned & set(finding.sites))
            for finding in outcome.findings
        )
        assert (case.patient().unknown > 0) == is_open, case.id


@pytest.mark.parametrize(
    ("case", "unknown"),
    [
        (healthy("cheek-left"), 0),
        (healthy("cheek-left", without=("fever", "epilepsy")), 2),
        (healthy("cheek-left", cancer="unsure", unexplained_lump="unsure"), 2),
        (healthy("cheek-left", cancer="unsure", without=("unexplained-lump",)), 2),
        (healthy("cheek-left", skin_problem="yes"), 1),
        (healthy("cheek-left", sore_vein="yes", sore_vein_diagnosed="no"), 2),
        (healthy("cheek-left", hernia="yes", hernia_kind=["unsure"]), 0),
        (healthy("cheek-left", stage="session", health_changed="yes"), 1),
    ],
)
def test_each_unknown_thing_is_counted_once(case, unknown):
    assert case.patient().unknown == unknown


def test_questions_left_open_are_named_by_their_first_question():
    told = healthy("cheek-left", without=("cancer", "past-cancer"), fever="unsure").patient()
    assert told.missing == ("Do you have cancer now?",)
    assert told.unsure == ("Do you have a high temperature, or feel shivery and ill?",)


@pytest.mark.hazard("H-37")
def test_a_stored_outcome_is_told_like_the_fresh_one():
    for case in every_case():
        stored = Outcome.from_json(json.loads(json.dumps(case.outcome.to_json())))
        assert for_patient(rule_set(), stored, case.plan) == case.patient(), case.id


def test_the_versions_it_was_made_with_are_told():
    case = healthy("cheek-left")
    told, named = case.patient(), rule_set().named
    assert (told.rule_set, told.version, told.digest) == (named.code, named.version, named.digest)
    assert told.engine == case.outcome.engine
