"""What a search forgives, as pairs of what is typed and who is meant; and that it looks into one clinic only."""

import json
from datetime import date
from pathlib import Path

import pytest

from clinic.models import Patient, PatientKey
from clinic.people.patients import write_keys
from clinic.people.search import LOOKED_AT, MOST, one_mistake, search
from clinic.people.search_typed import MOST_PARTS

pytestmark = pytest.mark.django_db

TABLE = json.loads((Path(__file__).parents[2] / "cases" / "search.json").read_text())


def add(clinic, name="Ada Example", born=date(1985, 3, 14), **fields):
    return Patient.objects.create(clinic=clinic, name=name, born=born, **fields)


@pytest.mark.hazard("H-09")
@pytest.mark.parametrize("pair", TABLE["searches"], ids=lambda pair: pair["id"])
def test_who_is_meant_is_found_and_nobody_else_is_taken_for_them(park_street, pair):
    fields = TABLE["patients"][pair["patient"]]
    patient = add(park_street, **fields | {"born": date.fromisoformat(fields["born"])})
    assert search(park_street, pair["typed"]) == ([patient] if pair["found"] else [])


def test_nothing_typed_finds_nobody(park_street):
    add(park_street)
    assert [search(park_street, typed) for typed in ("", "  ", "-", "1", "\0", "…")] == [[]] * 6


def test_the_best_hits_come_first(park_street):
    far = add(park_street, "Adan Exemple")
    beginning = add(park_street, "Adah Example")
    own = add(park_street, "Ada Example", date(1950, 1, 1))
    assert search(park_street, "ada example") == [own, beginning, far]


def test_at_most_so_many_are_shown_and_whole_names_before_longer_ones(park_street):
    longer = Patient.objects.bulk_create(
        Patient(clinic=park_street, name=f"Exampled Number{at:03}", born=date(1980, 1, 1)) for at in range(LOOKED_AT)
    )
    write_keys(longer)
    own = add(park_street)
    found = search(park_street, "example")
    assert (len(found), found[0]) == (MOST, own)


def test_another_clinics_patients_are_never_found(park_street, elsewhere):
    add(elsewhere)
    for typed in ("ada", "ada exanple", "14.3.85", "1985"):
        assert search(park_street, typed) == []


def test_a_changed_patient_is_found_by_the_new_facts_only(park_street):
    patient = add(park_street)
    patient.name = "Bo Sample"
    patient.save()
    assert (search(park_street, "ada"), search(park_street, "sample")) == ([], [patient])


def test_keys_written_in_bulk_are_those_of_a_save(park_street):
    patient = add(park_street, phone="+44 1632 960011", email="ada@demo.example", goes_by="Addie")
    saved = sorted(bytes(key) for key in PatientKey.objects.values_list("key", flat=True))
    write_keys([patient])
    assert sorted(bytes(key) for key in PatientKey.objects.values_list("key", flat=True)) == saved


@pytest.mark.parametrize(
    ("typed", "queries"),
    [("ada", 4), ("1985", 3), ("ada exanple", 6), ("ada 14.3.85", 6), ("a b c d e f g h i j k l", 2 + MOST_PARTS)],
)
@pytest.mark.parametrize("many", [1, 15])
def test_a_search_asks_as_often_whatever_is_there(park_street, typed, queries, many, django_assert_num_queries):
    for _ in range(many):
        add(park_street)
    with django_assert_num_queries(queries):
        search(park_street, typed)


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        ("ada", "ada", True), ("ada", "eda", True), ("ada", "aad", True), ("ada", "ad", True), ("ada", "adda", True),
        ("", "a", True), ("ada", "ade", True), ("ada", "daa", True), ("ada", "bob", False), ("abcd", "bcda", False),
        ("ada", "a", False), ("abab", "baba", False),
    ],
)  # fmt: skip
def test_one_mistake_is_one_letter_or_two_neighbours_swapped(first, second, near):
    assert one_mistake(first, second) is one_mistake(second, first) is near
