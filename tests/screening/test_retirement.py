"""A set is retired when the next is published; a check that has begun stays on it for a day, unless safety forbids."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from screening.models import Rule, RuleSet
from screening.rulesets import NotScreenable, RefusedError, for_check, key_of, load, pinned_set, published, with_newest
from tests.screening.rule_set_one import FIXTURE

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def fixture(**changes):
    return json.loads(FIXTURE.read_text()) | changes


def publish(version, **how):
    return load(fixture(version=version), reason="", by="", **how)[0]


def pin(rule_set):
    return (rule_set.code, rule_set.version, rule_set.digest)


@pytest.fixture
def fixture_file(tmp_path):
    path = tmp_path / "rule-set-2.json"
    path.write_text(json.dumps(fixture(version="2")))
    return path


def statuses():
    return dict(RuleSet.objects.values_list("version", "status"))


def test_publishing_retires_the_set_before_and_nothing_else_of_it_changes():
    before = RuleSet.objects.values("content", "digest", "published_at", "version").get()
    second = publish("2")
    first = RuleSet.objects.get(version="1-1")
    assert statuses() == {"1-1": "retired", "2": "published"}
    assert (first.retired_at, first.retired_for_safety) == (second.published_at, False)
    assert {name: getattr(first, name) for name in before} == before


def without_a_place(version):
    changed = fixture(version=version)
    next(entry for entry in changed["treatments"] if entry["code"] == "ems-training")["fixed_sites"].remove("abdomen")
    return changed


def test_refused_set_retires_nothing():
    with pytest.raises(RefusedError, match="no place is ever taken"):
        load(without_a_place("2"), reason="", by="")
    assert statuses() == {"1-1": "published"}


def test_no_place_is_taken_from_what_a_retired_set_had_either():
    publish("2")
    RuleSet.objects.filter(version="2").update(code="other")
    with pytest.raises(RefusedError, match="no place is ever taken"):
        load(without_a_place("3"), reason="", by="")


def test_loading_a_retired_set_again_changes_nothing_and_says_so():
    publish("2")
    told = StringIO()
    call_command("load_rules", FIXTURE, stdout=told)
    assert told.getvalue().startswith("Rule set ems 1-1 is retired already; nothing changed. Digest: ")
    assert statuses() == {"1-1": "retired", "2": "published"}


def test_check_that_begins_now_is_made_by_the_newest_set(django_assert_num_queries):
    publish("2")
    published()
    with django_assert_num_queries(1):
        rule_set, has_moved = for_check(None, timezone.now())
    assert (rule_set.version, has_moved) == ("2", False)


def test_check_stays_on_the_set_in_force_that_it_began_with(django_assert_num_queries):
    began_with = pin(published())
    with django_assert_num_queries(1):
        rule_set, has_moved = for_check(began_with, timezone.now() + timedelta(days=100))
    assert (rule_set.version, has_moved) == ("1-1", False)


def newest_read():
    """What a row that is read with it says of the newest set."""
    return with_newest(RuleSet.objects.filter(version="1-1")).get().newest_rules


@pytest.mark.parametrize("begins", [True, False])
def test_what_was_read_with_another_row_spares_the_query(begins, django_assert_num_queries):
    began_with, newest = pin(published()), newest_read()
    with django_assert_num_queries(0):
        rule_set, has_moved = for_check(None if begins else began_with, timezone.now(), newest)
    assert (rule_set.version, has_moved) == ("1-1", False)


def test_what_was_read_with_another_row_keeps_no_check_on_an_older_set():
    began_with = pin(published())
    publish("2", for_safety=True)
    assert (newest_read()["version"], newest_read()["status"]) == ("2", "published")
    rule_set, has_moved = for_check(began_with, timezone.now(), newest_read())
    assert (rule_set.version, has_moved) == ("2", True)


def test_what_was_read_with_another_row_opens_no_retired_set():
    RuleSet.objects.update(status="retired")
    with pytest.raises(NotScreenable):
        for_check(None, timezone.now(), newest_read())


@pytest.mark.parametrize(
    ("after", "version"),
    [
        pytest.param(timedelta(0), "1-1", marks=pytest.mark.sweep),
        (timedelta(hours=24) - timedelta(microseconds=1), "1-1"),
        (timedelta(hours=24), "2"),
        pytest.param(timedelta(days=9), "2", marks=pytest.mark.sweep),
    ],
)
def test_check_stays_on_a_retired_set_for_24_hours(after, version, django_assert_num_queries):
    began_with = pin(published())
    retired_at = publish("2").published_at
    published()
    with django_assert_num_queries(1):
        rule_set, has_moved = for_check(began_with, retired_at + after)
    assert (rule_set.version, has_moved) == (version, version == "2")


@pytest.mark.hazard("H-11")
def test_check_leaves_a_set_retired_for_safety_at_once():
    began_with = pin(published())
    retired_at = publish("2", for_safety=True).published_at
    rule_set, has_moved = for_check(began_with, retired_at)
    assert (rule_set.version, has_moved) == ("2", True)


@pytest.mark.parametrize("pinned", [("ems", "1-1", "0" * 64), ("ems", "9", ""), ("other", "1-1", "")])
def test_check_that_began_with_a_set_nobody_knows_moves_on(pinned):
    rule_set, has_moved = for_check(pinned, timezone.now())
    assert (rule_set.version, has_moved) == ("1-1", True)
    assert pinned_set(pinned) is None


def test_drafts_are_no_ones_set():
    began_with = pin(published())
    publish("2")
    RuleSet.objects.filter(version="1-1").update(status=RuleSet.Status.DRAFT, retired_at=None)
    assert for_check(began_with, timezone.now())[1] is True


def test_check_stays_on_its_set_also_when_nothing_took_its_place():
    began_with = pin(published())
    now = timezone.now()
    RuleSet.objects.update(status=RuleSet.Status.RETIRED, retired_at=now)
    assert for_check(began_with, now)[0].version == "1-1"
    with pytest.raises(NotScreenable, match="is marked as retired now"):
        for_check(None, now)
    with pytest.raises(NotScreenable, match="is marked as retired now"):
        for_check(began_with, now + timedelta(hours=24))


def test_altered_set_is_not_stayed_on_silently():
    began_with = pin(published())
    publish("2")
    Rule.objects.filter(rule_set__version="1-1", code="hernia").update(grade="note")
    from screening import rulesets

    rulesets._frozen.cache_clear()
    with pytest.raises(NotScreenable, match="Rule set ems 1-1 is not as it was published"):
        for_check(began_with, timezone.now())
    assert pinned_set(began_with) is None


def test_retired_set_can_still_be_read_to_compare_with_it():
    began_with = pin(published())
    publish("2", for_safety=True)
    found = pinned_set(began_with)
    assert found is not None
    assert found.version == "1-1"
    assert key_of(found) == RuleSet.objects.get(version="1-1").pk


def test_command_retires_for_safety(fixture_file):
    told = StringIO()
    call_command("load_rules", fixture_file, "--safety", stdout=told)
    assert RuleSet.objects.get(version="1-1").retired_for_safety is True
    assert told.getvalue().endswith("Self-checks that began with the set before move on at once.\n")


@pytest.mark.sweep
def test_safety_may_be_said_afterwards_and_only_of_the_set_before(fixture_file):
    call_command("load_rules", fixture_file, stdout=StringIO())
    assert RuleSet.objects.get(version="1-1").retired_for_safety is False
    publish("3")
    call_command("load_rules", fixture_file, "--safety", stdout=StringIO())
    assert dict(RuleSet.objects.values_list("version", "retired_for_safety")) == {"1-1": True, "2": False, "3": False}


@pytest.mark.sweep
def test_of_several_files_only_the_set_before_the_last_is_retired_for_safety(fixture_file, tmp_path):
    third = tmp_path / "rule-set-3.json"
    third.write_text(json.dumps(fixture(version="3")))
    call_command("load_rules", fixture_file, third, "--safety", stdout=StringIO())
    assert dict(RuleSet.objects.values_list("version", "retired_for_safety")) == {"1-1": False, "2": True, "3": False}


def test_draft_in_the_way_is_named():
    RuleSet.objects.update(status=RuleSet.Status.DRAFT)
    with pytest.raises(CommandError, match="is there as a draft"):
        call_command("load_rules", FIXTURE, stdout=StringIO())
