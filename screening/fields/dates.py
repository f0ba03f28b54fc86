"""A day of which only the month or the year may be known, and a moment of a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.utils.dates import MONTHS
from django.utils.translation import gettext

from screening.engine.calendar import EARLIEST_YEAR, PartialDate
from screening.fields.answer import AnswerField, Problem, counted, posted_list

SHORTEST_MONTH = 3


@dataclass(frozen=True, slots=True)
class TypedDate:
    """A date as it was typed. `chosen`: the answers chosen beside it, such as "unsure"."""

    day: str = ""
    month: str = ""
    year: str = ""
    chosen: tuple[str, ...] = ()

    @property
    def is_dated(self) -> bool:
        """Whether any part of a date was typed."""
        return any((self.day, self.month, self.year))


def posted_date(data: Any, name: str) -> TypedDate:
    """Return the date typed in the parts of a question."""
    day, month, year = (data.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year"))
    return TypedDate(day, month, year, tuple(posted_list(data, f"{name}-open")))


def typed_date(answer: Any) -> TypedDate:
    """Return a date (or "unsure", or None) as it would have been typed."""
    if isinstance(answer, PartialDate):
        day, month = ("" if part is None else str(part) for part in (answer.day, answer.month))
        return TypedDate(day, month, str(answer.year))
    return TypedDate(chosen=(answer,) if answer else ())


def written_date(typed: TypedDate) -> str | None:
    """Return a typed date as the engine reads it; None where nothing was typed. Raises Problem, naming the cure."""
    if typed.is_dated and typed.chosen:
        raise _faulty(gettext("Write a date or choose the answer below it, not both."))
    if not typed.is_dated:
        return single(typed.chosen)
    if not typed.year:
        raise _faulty(gettext("Write the year too. The year alone is enough."))
    if typed.day and not typed.month:
        raise _faulty(gettext("Write the month too, or leave the day empty."))
    parts = [_year(typed.year)]
    parts += [_month(typed.month)] if typed.month else []
    parts += [_day(typed.day)] if typed.day else []
    return "-".join(parts)


def single(chosen: tuple[str, ...]) -> str | None:
    """Return the one answer that was chosen; None where none was. Raises Problem where there are two."""
    if len(set(chosen)) > 1:
        raise _faulty(gettext("Choose only one of these answers."))
    return chosen[0] if chosen else None


def _faulty(cure: str) -> Problem:
    return Problem(cure, part="date", is_faulty=True)


def _year(text: str) -> str:
    if not text.isdecimal() or len(text) != len("2026"):
        raise _faulty(gettext("Write the year with four numbers, such as 2024."))
    return f"{int(text):04}"


def _month(text: str) -> str:
    number = counted(text)
    number = _named_month(text) if number is None else number
    if not 1 <= number <= len(MONTHS):
        raise _faulty(gettext("Write the month as a number or a name, such as 3 or March."))
    return f"{number:02}"


def _named_month(text: str) -> int:
    """Return the number of a month by its name or the first letters of it; 0 where there is no such month."""
    wanted = text.rstrip(".").casefold()
    if len(wanted) < SHORTEST_MONTH:
        return 0
    return next((number for number, name in MONTHS.items() if str(name).casefold().startswith(wanted)), 0)


def _day(text: str) -> str:
    number = counted(text.rstrip("."))
    if number is None or not 1 <= number <= 31:
        raise _faulty(gettext("Write the day as a number from 1 to 31, or leave it empty."))
    return f"{number:02}"


def refused_date(written: str, is_taken_without_now: Callable[[], bool]) -> str:
    """Return what to do about a date that the engine does not take."""
    if not written[:4].isdecimal():
        return gettext("Choose one of the answers below.")
    if int(written[:4]) < EARLIEST_YEAR:
        return gettext("Check the year. It is too long ago.")
    if is_taken_without_now():
        return gettext("That day is still to come. Check the date.")
    return gettext("There is no such day. Check day, month and year.")


class DateField(AnswerField):
    """A date of which day, or day and month, may be unknown."""

    def posted(self, data: Any, name: str) -> TypedDate:
        return posted_date(data, name)

    def as_typed(self, answer: Any) -> TypedDate:
        return typed_date(answer)

    def written(self, typed: TypedDate) -> str | None:
        return written_date(typed)

    def refused(self, written: str) -> str:
        return refused_date(written, lambda: self.taken(written, None)[1])

    def unanswered(self) -> str:
        return self.with_way_out(gettext("Write when it was. The year alone is enough."))


@dataclass(frozen=True, slots=True)
class TypedMoment:
    """A day and a time as the browser's own inputs give them. `chosen`: the answers chosen beside them."""

    day: str = ""
    time: str = ""
    chosen: tuple[str, ...] = ()


class MomentField(AnswerField):
    """A day and a time on the clock of the clinic, or a choice beside them."""

    def posted(self, data: Any, name: str) -> TypedMoment:
        day, time = (data.get(f"{name}-{part}", "").strip() for part in ("day", "time"))
        return TypedMoment(day, time, tuple(posted_list(data, f"{name}-open")))

    def as_typed(self, answer: Any) -> TypedMoment:
        if isinstance(answer, datetime):
            here = answer.astimezone(self.at.tzinfo)
            return TypedMoment(here.date().isoformat(), f"{here:%H:%M}")
        return TypedMoment(chosen=(answer,) if answer else ())

    def written(self, typed: TypedMoment) -> str | None:
        if not (typed.day or typed.time):
            return single(typed.chosen)
        if typed.chosen:
            raise _faulty(gettext("Write a time or choose the answer below it, not both."))
        try:
            moment = datetime.fromisoformat(f"{typed.day}T{typed.time}")
        except ValueError:
            raise _faulty(gettext("Write both the day and the time.")) from None
        return self._on_the_clock(moment).isoformat()

    def _on_the_clock(self, moment: datetime) -> datetime:
        """Return a time on the clock of the clinic; in the hour that comes twice, the last that has been."""
        first, second = (moment.replace(tzinfo=self.at.tzinfo, fold=fold) for fold in (0, 1))
        comes_twice = cast(timedelta, second.utcoffset()) < cast(timedelta, first.utcoffset())
        # In UTC: within one zone Python compares what the clocks show.
        return second if comes_twice and second.astimezone(UTC) <= self.at.astimezone(UTC) else first

    def refused(self, written: str) -> str:
        if self.taken(written, None)[1]:
            return gettext("That time is still to come. Check day and time.")
        return gettext("Check the day and the time.")

    def unanswered(self) -> str:
        return self.with_way_out(gettext("Write the day and the time."))
