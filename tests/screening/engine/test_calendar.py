"""Dates as people know them, moments, and months counted as the catalogue counts them (section 7)."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.engine.calendar import PartialDate, add_months, first_minute, read_moment, read_partial_date

ONE_DAY = timedelta(days=1)
# Eight years with two leap days in February and one year-end after another.
FIRST, LAST = date(2019, 3, 1), date(2027, 2, 28)


def days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += ONE_DAY


def months_later(day: date, months: int) -> date:
    """The same as `add_months`, by leafing through a calendar: no arithmetic on months, days or years.

    A new month begins wherever the day of the month falls; in the last one, the first day whose number is not
    lower than the one wanted is the answer, and when that month ends before, the day after its end.
    """
    begun = 0
    yesterday = day
    for today in days_from(day):
        begun += today.day < yesterday.day
        if begun > months or (begun == months and today.day >= day.day):
            return today
        yesterday = today
    raise AssertionError("a calendar does not end")


@pytest.mark.parametrize(
    ("written", "day", "ends"),
    [
        ("an ordinary day", date(2026, 2, 20), date(2026, 11, 20)),
        ("31 May: 31 February is not there", date(2026, 5, 31), date(2027, 3, 1)),
        ("30 May: 30 February is not there", date(2026, 5, 30), date(2027, 3, 1)),
        ("29 May: 29 February is not there", date(2026, 5, 29), date(2027, 3, 1)),
        ("28 May", date(2026, 5, 28), date(2027, 2, 28)),
        ("29 May before a leap day", date(2027, 5, 29), date(2028, 2, 29)),
        ("30 May before a leap day", date(2027, 5, 30), date(2028, 3, 1)),
        ("over a year-end", date(2026, 4, 1), date(2027, 1, 1)),
        ("a year-end to come", date(2026, 3, 31), date(2026, 12, 31)),
        ("31 August: 31 May is there", date(2026, 8, 31), date(2027, 5, 31)),
        ("31 December: 31 September is not there", date(2026, 12, 31), date(2027, 10, 1)),
        ("a leap day", date(2024, 2, 29), date(2024, 11, 29)),
    ],
)
def test_nine_months_later(written: str, day: date, ends: date):
    assert add_months(day, 9) == ends


def test_nine_months_are_what_a_calendar_says_for_every_day_of_eight_years():
    days = [day for day, _ in zip(days_from(FIRST), range((LAST - FIRST).days + 1), strict=False)]
    assert [add_months(day, 9) for day in days] == [months_later(day, 9) for day in days]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(day=st.dates(FIRST, LAST), months=st.integers(0, 40))
def test_any_number_of_months_is_what_a_calendar_says(day: date, months: int):
    assert add_months(day, months) == months_later(day, months)


@pytest.mark.parametrize(
    ("text", "written", "first", "last"),
    [
        ("2026-02-20", PartialDate(2026, 2, 20), date(2026, 2, 20), date(2026, 2, 20)),
        ("2026-02", PartialDate(2026, 2), date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", PartialDate(2024, 2), date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", PartialDate(2026, 12), date(2026, 12, 1), date(2026, 12, 31)),
        ("2026", PartialDate(2026), date(2026, 1, 1), date(2026, 12, 31)),
        ("1900-01-01", PartialDate(1900, 1, 1), date(1900, 1, 1), date(1900, 1, 1)),
        ("2024-02-29", PartialDate(2024, 2, 29), date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_a_date_may_lack_its_day_or_month_and_its_last_day_counts(
    text: str, written: PartialDate, first: date, last: date
):
    read = read_partial_date(text)
    assert (read, read.first(), read.last(), str(read)) == (written, first, last, text)


SHAPE = "is not a date; write 2026-02-20, 2026-02 or 2026"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-02-29", "does not exist in the calendar"),
        ("2026-13", "does not exist in the calendar"),
        ("2026-00", "does not exist in the calendar"),
        ("2026-04-31", "does not exist in the calendar"),
        ("2026-04-00", "does not exist in the calendar"),
        ("1899-12-31", "is before 1900"),
        ("1899", "is before 1900"),
        ("0000", "is before 1900"),
        ("9991", "is after 9990"),
        ("", SHAPE),
        ("26", SHAPE),
        ("2026-2", SHAPE),
        ("2026-02-3", SHAPE),
        ("2026/02/20", SHAPE),
        ("20.02.2026", SHAPE),
        ("20260220", SHAPE),
        ("2026-W08", SHAPE),
        ("2026-02-20\n", SHAPE),
        (" 2026", SHAPE),
        ("٢٠٢٦", SHAPE),
        ("2026-02-20T10:00:00Z", SHAPE),
    ],
)
def test_what_is_not_such_a_date_is_refused_with_its_reason(text: str, reason: str):
    with pytest.raises(ValueError, match=rf"\A{re.escape(reason)}\Z"):
        read_partial_date(text)


TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T10:00:00+00:00", TEN),
        ("2026-11-20T10:00:00Z", TEN),
        ("2026-11-20t10:00:00z", TEN),
        ("2026-11-20T10:00Z", TEN),
        ("2026-11-20T10:00:00-00:00", TEN),
        ("2026-11-20T11:30:00+01:30", TEN),
        ("2026-11-19T22:00:00-12:00", TEN),
        ("2026-11-20T10:00:00.5+00:00", TEN + timedelta(microseconds=500_000)),
        ("2026-11-20T10:00:00.000001+00:00", TEN + timedelta(microseconds=1)),
        ("2024-02-29T23:59:59+00:00", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_its_own_offset(text: str, moment: datetime):
    assert read_moment(text) == moment


@pytest.mark.hazard("H-31")
def test_a_moment_keeps_its_offset():
    assert read_moment("2026-11-20T23:30:00-05:00").utcoffset() == timedelta(hours=-5)


NO_OFFSET = "has no UTC offset; write it like 2026-11-20T10:00:00+00:00"
NO_MOMENT = "is not a date and time; write it like 2026-11-20T10:00:00+00:00"
NOT_ON_THE_CLOCK = "does not exist in the calendar or on the clock"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-11-20T10:00:00", NO_OFFSET),
        ("2026-11-20T10:00", NO_OFFSET),
        ("2026-11-20", NO_MOMENT),
        ("2026-11-20 10:00:00Z", NO_MOMENT),
        ("2026-11-20T10Z", NO_MOMENT),
        ("20261120T100000Z", NO_MOMENT),
        ("2026-11-20T10:00:00+00", NO_MOMENT),
        ("2026-11-20T10:00:00+0000", NO_MOMENT),
        ("2026-11-20T10:00:00+00:00\n", NO_MOMENT),
        ("2026-W47-5T10:00:00Z", NO_MOMENT),
        ("10:00", NO_MOMENT),
        ("", NO_MOMENT),
        ("2026-02-29T10:00:00Z", NOT_ON_THE_CLOCK),
        ("2026-11-20T24:00:00Z", NOT_ON_THE_CLOCK),
        ("2026-11-20T24:30:00Z", NOT_ON_THE_CLOCK),
        ("2026-11-20T10:60:00Z", NOT_ON_THE_CLOCK),
        ("2026-11-20T10:00:61Z", NOT_ON_THE_CLOCK),
        ("2026-11-20T10:00:00+24:00", NOT_ON_THE_CLOCK),
        ("1899-12-31T23:59:59Z", "is before 1900"),
        ("9991-01-01T00:00:00Z", "is after 9990"),
    ],
)
def test_what_is_not_a_moment_is_refused_with_its_reason(text: str, reason: str):
    with pytest.raises(ValueError, match=rf"\A{re.escape(reason)}\Z"):
        read_moment(text)


def test_a_day_begins_at_midnight_in_the_offset_of_the_session():
    west = timezone(timedelta(hours=-5))
    begins = first_minute(date(2026, 12, 20), datetime(2026, 11, 20, 10, tzinfo=west))
    assert (begins, begins.utcoffset()) == (datetime(2026, 12, 20, 0, tzinfo=west), timedelta(hours=-5))
