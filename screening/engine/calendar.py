"""Dates as people know them, and the month arithmetic of the rule catalogue (section 7)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

EARLIEST_YEAR = 1900
# Nine months and a day after the last day screened must still be a date.
LATEST_YEAR = 9990

_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(Z|z|[+-][0-9]{2}:([0-9]{2}))?\Z"
)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date whose day, or day and month, may be unknown."""

    year: int
    month: int | None = None
    day: int | None = None

    def first(self) -> date:
        """Return the first day it can mean."""
        return date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    def last(self) -> date:
        """Return the last day it can mean: the day that counts (a month its last day, a year 31 December)."""
        month = 12 if self.month is None else self.month
        return date(self.year, month, monthrange(self.year, month)[1] if self.day is None else self.day)

    def __str__(self) -> str:
        """Return it as it is written: `2026-02-20`, `2026-02` or `2026`."""
        parts = [f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


def read_partial_date(text: str) -> PartialDate:
    """Return the date written in `text` as `2026-02-20`, `2026-02` or `2026`.

    Raises ValueError, with a reason to follow the place, for another shape, a date that does not exist and a
    year outside 1900 to 9990.
    """
    match = _PARTIAL_DATE.match(text)
    if match is None:
        raise ValueError("is not a date; write 2026-02-20, 2026-02 or 2026")
    written = PartialDate(*(None if part is None else int(part) for part in match.groups()))  # type: ignore[arg-type]
    _check_year(written.year)
    try:
        written.first()
    except ValueError:
        raise ValueError("does not exist in the calendar") from None
    return written


def read_moment(text: str) -> datetime:
    """Return the aware date-time written in `text` (RFC 3339; seconds may be left out).

    Raises ValueError, with a reason to follow the place, for another shape, a missing UTC offset, a date or time
    that does not exist and a year outside 1900 to 9990.
    """
    match = _MOMENT.match(text)
    if match is None:
        raise ValueError("is not a date and time; write it like 2026-11-20T10:00:00+00:00")
    if match[1] is None:
        raise ValueError("has no UTC offset; write it like 2026-11-20T10:00:00+00:00")
    _check_year(int(text[:4]))
    try:
        # Python takes an offset of 60 minutes and more, as no clock does.
        return datetime.fromisoformat(text.upper() if (match[2] or "00") < "60" else "")
    except ValueError:
        raise ValueError("does not exist in the calendar or on the clock") from None


def add_months(day: date, months: int) -> date:
    """Return `day` plus whole calendar `months`; where that day does not exist, the first of the next month.

    31 May plus nine months is 1 March: a clamp to 28 February would end the wait a day too early.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        after, next_month = divmod(month + 1, 12)
        return date(year + after, next_month + 1, 1)


def first_minute(day: date, like: datetime) -> datetime:
    """Return the first minute of `day` in the UTC offset of `like`."""
    return datetime(day.year, day.month, day.day, tzinfo=like.tzinfo)


def _check_year(year: int) -> None:
    if year < EARLIEST_YEAR:
        raise ValueError(f"is before {EARLIEST_YEAR}")
    if year > LATEST_YEAR:
        raise ValueError(f"is after {LATEST_YEAR}")
