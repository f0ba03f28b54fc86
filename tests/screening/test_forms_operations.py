"""Operations are written one at a time; whatever is typed, pressed twice or open in two tabs, none is lost."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.engine.answers import Operation, Plan
from screening.engine.calendar import PartialDate
from screening.engine.flow import ask
from screening.fields.operation_list import MOST_OPERATIONS, Request, is_empty, mark, merge
from tests.screening.case_files import base_answers
from tests.screening.page_inputs import AT, drawn, form, inputs, sent
from tests.screening.rule_set_one import rule_set
from tests.support.requests import read, requests

TUMMY = Operation(PartialDate(2026, 2, 20), ("abdomen",))
KNEE = Operation(PartialDate(2025), ("knee-left", "knee-right"))
UNKNOWN = Operation("unsure", ("unsure",))
NO_PLACE = Operation(PartialDate(2026, 5))
NO_DATE = Operation(None, ("chin",))
GOOD_TOO = "“Not sure” is a good answer too."
NO_DATE_YET = f"Write when it was. The year alone is enough. {GOOD_TOO}"
NO_PLACE_YET = f"Choose at least one place. {GOOD_TOO}"


def opened(*kept, entry=None):
    return form("surgeries", answers={"surgeries": kept} if kept else {}, entry=entry)


def pressed(*kept, entry=None, on=None, **changed):
    """The form of a page that showed `kept`, sent with changes; `on`: the operations there are by then."""
    now = kept if on is None else on
    return form("surgeries", sent(opened(*kept, entry=entry), **changed), answers={"surgeries": now} if now else {})


def kept_by(asked):
    return asked.given().get("surgeries", ())


def messages(asked):
    return [message for errors in asked.errors.values() for message in errors]


def typed(operation):
    """How somebody types an operation."""
    date = operation.date if isinstance(operation.date, PartialDate) else None
    parts = {"day": date and date.day, "month": date and date.month, "year": date and date.year}
    return {f"surgeries_{part}": str(value or "") for part, value in parts.items()} | {
        "surgeries_open": "unsure" if operation.date == "unsure" else None,
        "surgeries_sites": list(operation.sites),
    }


def test_the_first_operation_is_open_at_once():
    asked = pressed(**typed(TUMMY))
    assert asked.is_valid()
    assert (kept_by(asked), asked.stay) == ((TUMMY,), None)


def test_nothing_said_asks_for_date_and_place():
    asked = pressed()
    assert messages(asked) == [NO_DATE_YET, NO_PLACE_YET]
    assert (asked.open(), asked.faulty(), asked.given()) == (("surgeries",), set(), {})
    assert inputs(asked).links == ["#id_surgeries", "#id_surgeries-sites-unsure"]


@pytest.mark.parametrize(("operation", "cure"), [(NO_PLACE, NO_PLACE_YET), (NO_DATE, NO_DATE_YET)])
def test_half_an_operation_is_kept_and_asked_to_be_finished(operation, cure):
    asked = pressed(**typed(operation))
    assert messages(asked) == [cure]
    assert (asked.open(), asked.faulty(), kept_by(asked)) == (("surgeries",), set(), (operation,))
    answers = base_answers({}) | {"recent-surgery": "yes", "surgeries": (operation,)}
    assert ask(rule_set(), answers, Plan("facial-ems", ("cheek-left",)), AT).missing == ("surgeries",)


def test_whole_operations_are_listed_and_none_is_open():
    asked = opened(TUMMY, KNEE)
    assert inputs(asked).buttons == [
        ("surgeries-do", "edit-0"),
        ("surgeries-do", "remove-0"),
        ("surgeries-do", "edit-1"),
        ("surgeries-do", "remove-1"),
        ("surgeries-do", "add"),
    ]
    assert "20 February 2026: tummy" in drawn(asked)
    assert not asked.has_map
    assert "body-map" not in drawn(asked)
    again = pressed(TUMMY, KNEE)
    assert again.is_valid()
    assert kept_by(again) == (TUMMY, KNEE)


def test_the_first_half_operation_is_open():
    page = sent(opened(TUMMY, NO_PLACE))
    assert (page["surgeries-entry"], page["surgeries-month"], page["surgeries-year"]) == (["1"], ["5"], ["2026"])
    assert kept_by(pressed(TUMMY, NO_PLACE, surgeries_sites="chin")) == (
        TUMMY,
        Operation(PartialDate(2026, 5), ("chin",)),
    )


def test_adding_shows_the_page_again_with_a_new_one_open():
    asked = pressed(TUMMY, surgeries_do="add")
    assert (kept_by(asked), asked.stay) == ((TUMMY,), "entry=1")
    new = opened(TUMMY, entry=1)
    assert sent(new)["surgeries-entry"] == ["new"]
    assert kept_by(pressed(TUMMY, entry=1, **typed(KNEE))) == (TUMMY, KNEE)


def test_adding_keeps_what_is_typed_first():
    asked = pressed(**typed(NO_PLACE), surgeries_do="add")
    assert (kept_by(asked), asked.stay) == ((NO_PLACE,), "entry=1")


def test_a_new_operation_left_empty_is_dropped():
    asked = pressed(TUMMY, entry=1)
    assert asked.is_valid()
    assert kept_by(asked) == (TUMMY,)


def test_changing_opens_the_one_that_was_meant():
    asked = pressed(TUMMY, KNEE, surgeries_do="edit-0")
    assert (kept_by(asked), asked.stay) == ((TUMMY, KNEE), "entry=0")
    assert sent(opened(TUMMY, KNEE, entry=0))["surgeries-sites"] == ["abdomen"]
    assert kept_by(pressed(TUMMY, KNEE, entry=0, surgeries_year="2025")) == (
        Operation(PartialDate(2025, 2, 20), ("abdomen",)),
        KNEE,
    )


def test_changing_another_keeps_what_is_typed_and_drops_what_was_emptied():
    emptied = typed(Operation())
    asked = pressed(TUMMY, KNEE, UNKNOWN, entry=0, **emptied, surgeries_do="edit-2")
    assert (kept_by(asked), asked.stay) == ((KNEE, UNKNOWN), "entry=1")


def test_removing_takes_only_the_one_that_was_meant():
    asked = pressed(TUMMY, KNEE, UNKNOWN, surgeries_do="remove-1")
    assert (kept_by(asked), asked.stay) == ((TUMMY, UNKNOWN), "entry=")


def test_removing_keeps_what_is_typed_in_the_open_one():
    asked = pressed(TUMMY, NO_PLACE, surgeries_sites="chin", surgeries_do="remove-0")
    assert kept_by(asked) == (Operation(PartialDate(2026, 5), ("chin",)),)


def test_the_open_one_can_be_removed_whatever_is_typed_in_it():
    asked = pressed(TUMMY, NO_PLACE, surgeries_month="13", surgeries_do="remove-1")
    assert (kept_by(asked), asked.stay) == ((TUMMY,), "entry=")


def test_the_last_one_removed_opens_a_new_one():
    asked = pressed(TUMMY, surgeries_do="remove-0")
    assert (kept_by(asked), asked.stay) == ((), "entry=")
    assert sent(opened())["surgeries-entry"] == ["new"]


@pytest.mark.parametrize("do", ["add", "edit-0", ""])
def test_a_faulty_date_is_shown_again_and_the_place_is_kept(do):
    asked = pressed(TUMMY, entry=1, surgeries_day="31", surgeries_month="2", surgeries_year="2026",
                    surgeries_sites="chin", surgeries_do=do)  # fmt: skip
    assert messages(asked) == ["There is no such day. Check day, month and year."]
    assert (asked.faulty(), asked.open(), asked.stay) == ({"surgeries"}, (), None)
    assert kept_by(asked) == (TUMMY, NO_DATE)
    page = sent(asked)
    assert [page[f"surgeries-{part}"] for part in ("entry", "day", "month", "year", "sites")] == [
        ["1"],
        ["31"],
        ["2"],
        ["2026"],
        ["chin"],
    ]
    cured = form("surgeries", page | {"surgeries-day": "28"}, answers=asked.given())
    assert kept_by(cured) == (TUMMY, Operation(PartialDate(2026, 2, 28), ("chin",)))


def test_a_date_that_cannot_be_read_does_not_take_the_operation_with_it():
    asked = pressed(TUMMY, KNEE, entry=0, surgeries_year="26", surgeries_sites=None)
    assert (asked.faulty(), kept_by(asked)) == ({"surgeries"}, (Operation(), KNEE))
    assert (sent(asked)["surgeries-entry"], sent(asked)["surgeries-year"]) == (["0"], ["26"])


def test_a_half_operation_that_is_not_open_is_named_and_opened():
    asked = pressed(TUMMY, NO_DATE, entry=0)
    assert messages(asked) == ["Operation 2 is not complete yet. Add what is missing."]
    assert (asked.open(), sent(asked)["surgeries-entry"]) == (("surgeries",), ["1"])
    assert set(inputs(asked).links) == {"#id_surgeries"}


def test_a_place_that_does_not_exist_is_faulty():
    asked = pressed(surgeries_year="2026", surgeries_sites="tail")
    assert messages(asked) == ["One of those places is not in the list. Choose from the list."]
    assert (asked.faulty(), kept_by(asked)) == ({"surgeries"}, (Operation(PartialDate(2026)),))


def many(number):
    return tuple(Operation(PartialDate(2000 + place), ("chin",)) for place in range(number))


def test_the_tenth_is_the_last_that_can_be_added():
    assert ("surgeries-do", "add") in inputs(opened(*many(9))).buttons
    assert ("surgeries-do", "add") not in inputs(opened(*many(10))).buttons
    assert ("surgeries-do", "add") not in inputs(opened(*many(9), entry=9)).buttons
    assert "There is room for ten operations." in drawn(opened(*many(10)))
    assert "surgeries-entry" not in sent(opened(*many(10), entry=10))


def test_an_eleventh_is_refused_and_shown_again_until_there_is_room():
    asked = pressed(*many(9), entry=9, on=many(10), **typed(TUMMY))
    assert messages(asked) == ["There is room for ten operations. Remove one, or tell us about this one in person."]
    assert (asked.faulty(), kept_by(asked), asked.stay) == ({"surgeries"}, many(10), None)
    page = sent(asked)
    assert (page["surgeries-sites"], page["surgeries-year"]) == (["abdomen"], ["2026"])
    roomier = form("surgeries", page | {"surgeries-do": "remove-0"}, answers=asked.given())
    assert kept_by(roomier) == (*many(10)[1:], TUMMY)


def test_pressed_twice_is_kept_once():
    assert kept_by(pressed(on=(TUMMY,), **typed(TUMMY))) == (TUMMY,)
    assert kept_by(pressed(TUMMY, KNEE, on=(KNEE,), surgeries_do="remove-0")) == (KNEE,)
    changed = Operation(PartialDate(2025, 2, 20), ("abdomen",))
    assert kept_by(pressed(TUMMY, entry=0, on=(changed,), surgeries_year="2025")) == (changed,)


def test_a_second_tab_only_adds():
    assert kept_by(pressed(on=(TUMMY,), **typed(KNEE))) == (TUMMY, KNEE)
    assert kept_by(pressed(TUMMY, KNEE, entry=0, on=(KNEE,), surgeries_year="2025")) == (
        KNEE,
        Operation(PartialDate(2025, 2, 20), ("abdomen",)),
    )


@pytest.mark.parametrize("do", ["edit-9", "remove-9", "remove", "remove-x", "sing", "edit--1"])
def test_a_button_that_does_not_exist_changes_nothing(do):
    assert kept_by(pressed(TUMMY, KNEE, surgeries_do=do)) == (TUMMY, KNEE)


@pytest.mark.parametrize("entry", ["7", "-1", "x", "²"])
def test_a_position_that_does_not_exist_is_a_new_one(entry):
    assert kept_by(pressed(TUMMY, entry=1, surgeries_entry=entry, **typed(KNEE))) == (TUMMY, KNEE)


@pytest.mark.parametrize("entry", [-1, 2, 99])
def test_an_address_that_asks_for_no_operation_shows_the_list(entry):
    assert "surgeries-entry" not in sent(opened(TUMMY, entry=entry))


OPERATIONS = st.sampled_from([TUMMY, KNEE, UNKNOWN, NO_PLACE, NO_DATE, Operation()])
LISTS = st.builds(
    tuple, st.lists(OPERATIONS.filter(lambda entry: not is_empty(entry)), max_size=MOST_OPERATIONS, unique=True)
)


@settings(deadline=None)
@given(
    kept=LISTS,
    seen=LISTS,
    written=OPERATIONS,
    asked=st.builds(
        Request,
        is_open=st.booleans(),
        position=st.none() | st.integers(0, 11),
        action=st.sampled_from(["", "add", "edit", "remove"]),
        target=st.integers(0, 11),
    ),
    keep_place=st.booleans(),
    is_current=st.booleans(),
)
def test_only_what_was_meant_is_ever_changed(*, kept, seen, written, asked, keep_place, is_current):
    seen = kept if is_current else seen
    request = replace(asked, seen=mark(seen))
    merged = merge(kept, request, written, keep_place=keep_place)
    meant = {request.position} if request.is_open else set()
    meant |= {request.target} if request.action == "remove" else set()
    meant = meant if seen == kept else set()
    assert {entry for place, entry in enumerate(kept) if place not in meant} <= {*merged.operations}
    assert {*merged.operations} <= {*kept, written}
    is_removed = request.action == "remove" and request.position == request.target
    if request.is_open and not (is_removed or is_empty(written) or merged.is_over):
        assert written in merged.operations
    assert len(merged.operations) <= MOST_OPERATIONS


@settings(max_examples=25, deadline=None)
@given(requests())
def test_operations_of_any_request_come_through_the_page_unchanged(request):
    case = read(request)
    # One that says nothing at all is dropped by the page: it is asked for again as if it had never been there.
    said = tuple(entry for entry in case.answers.get("surgeries", ()) if entry != Operation())
    kept = said[:MOST_OPERATIONS]
    for entry in range(len(kept)):
        shown = form("surgeries", answers={"surgeries": kept}, at=case.at, entry=entry)
        asked = form("surgeries", sent(shown), answers={"surgeries": kept}, at=case.at)
        again = asked.given()["surgeries"]
        assert [(one.date, {*one.sites}) for one in again] == [(one.date, {*one.sites}) for one in kept]


def test_the_enter_key_saves_and_removes_nothing():
    first = drawn(opened(TUMMY, entry=1)).split("<button", 1)[1].split(">", 1)[0]
    assert "name" not in first
    assert 'type="submit"' in first
