"""From one answer as JSON to its typed value, with every fault named."""

import math
from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

from screening.engine.answers import UNSURE, Answer, BloodPressure, Operation
from screening.engine.calendar import PartialDate, read_moment, read_partial_date
from screening.engine.faults import Faults, inside, like, quoted, shown
from screening.engine.operators import as_written
from screening.engine.rule_set import Number, Question, RuleSet


def read_answer(
    rule_set: RuleSet, question: Question, value: Any, at: datetime | None, faults: Faults
) -> Answer | None:
    """Return the typed answer, or None when it says nothing (an empty list or text) or has faults.

    `at` is when the current starts; without one (it had a fault itself) nothing is compared with it.
    """
    return _Reading(rule_set, question, at, faults).read(value, f"answers.{question.code}")


class _Reading:
    def __init__(self, rule_set: RuleSet, question: Question, at: datetime | None, faults: Faults) -> None:
        self.rule_set, self.question, self.at, self.faults = rule_set, question, at, faults

    def read(self, value: Any, place: str) -> Answer | None:
        readers = {
            "choice": self._choice,
            "kinds": self._kinds,
            "sites": self._sites,
            "operations": self._operations,
            "partial-date": self._date,
            "moment": self._moment,
            "blood-pressure": self._blood_pressure,
            "number": self._temperature,
            "text": self._text,
        }
        return readers[self.question.kind](value, place)

    def _fault(self, place: str, reason: str) -> None:
        self.faults.add(place, reason)

    def _choice(self, value: Any, place: str) -> str | None:
        choices = self.question.choice_codes
        if isinstance(value, str) and value in choices:
            return value
        if isinstance(value, str):
            self._fault(place, f"{shown(value)} is not one of {', '.join(choices)}")
        else:
            self._fault(place, f"{shown(value)} is not a text; write {_one_of(choices)}")
        return None

    def _codes(self, value: Any, place: str, known: Collection[str], what: str) -> tuple[str, ...] | None:
        if not isinstance(value, list):
            self._fault(place, f"{shown(value)} is not a list; use square brackets")
            return None
        for position, code in enumerate(value):
            if not isinstance(code, str) or code not in known:
                self._fault(f"{place}[{position}]", f"{shown(code)} is not {what}")
        # Named twice counts once.
        return tuple(dict.fromkeys(code for code in value if isinstance(code, str))) or None

    def _kinds(self, value: Any, place: str) -> tuple[str, ...] | None:
        known = self.question.choice_codes
        return self._codes(value, place, known, f"one of {', '.join(known)}")

    def _sites(self, value: Any, place: str) -> tuple[str, ...] | None:
        choices, sites = self.question.choice_codes, self.rule_set.sites
        return self._codes(value, place, {*sites, *choices}, f"a site; {' or '.join([like(sites), *choices])}")

    def _operations(self, value: Any, place: str) -> tuple[Operation, ...] | None:
        if not isinstance(value, list):
            self._fault(place, f"{shown(value)} is not a list; use square brackets")
            return None
        return tuple(self._operation(entry, f"{place}[{position}]") for position, entry in enumerate(value)) or None

    def _operation(self, value: Any, place: str) -> Operation:
        if not self._has_keys(value, place, ("date", "sites")):
            return Operation()
        date = self._date(value["date"], f"{place}.date") if "date" in value else None
        sites = self._sites(value["sites"], f"{place}.sites") if "sites" in value else None
        return Operation(date, sites or ())

    def _has_keys(self, value: Any, place: str, keys: tuple[str, ...]) -> bool:
        if not isinstance(value, dict):
            self._fault(place, f"{shown(value)} is not an object with {' and '.join(keys)}")
            return False
        for key in value:
            if key not in keys:
                self._fault(inside(place, key), f"is not a key here; use {' and '.join(keys)}")
        return True

    def _date(self, value: Any, place: str) -> PartialDate | Literal["unsure"] | None:
        if value == UNSURE and UNSURE in self.question.choice_codes:
            return UNSURE
        if not isinstance(value, str):
            forms = _one_of(("2026-02-20", "2026-02", "2026", *self.question.choice_codes))
            self._fault(place, f"{shown(value)} is not a text; write {forms}")
            return None
        try:
            written = read_partial_date(value)
        except ValueError as error:
            self._fault(place, f"{shown(value)} {error}; other answers: {', '.join(self.question.choice_codes)}")
            return None
        if self.at is not None and written.first() > self.at.date():
            self._fault(place, f"{value} is in the future")
        return written

    def _moment(self, value: Any, place: str) -> datetime | str | None:
        choices = self.question.choice_codes
        if isinstance(value, str) and value in choices:
            return value
        if not isinstance(value, str):
            forms = _one_of(("2026-11-20T10:00:00+00:00", *choices))
            self._fault(place, f"{shown(value)} is not a text; write it like {forms}")
            return None
        try:
            moment = read_moment(value)
        except ValueError as error:
            self._fault(place, f"{shown(value)} {error}; other answers: {', '.join(choices)}")
            return None
        if self.at is not None and moment > self.at:
            self._fault(place, f"{value} is after the current starts")
        return moment

    def _blood_pressure(self, value: Any, place: str) -> BloodPressure | None:
        if not self._has_keys(value, place, ("systolic", "diastolic")):
            return None
        systolic = self._part(value, place, "systolic")
        diastolic = self._part(value, place, "diastolic")
        if systolic is None or diastolic is None:
            return None
        if diastolic >= systolic:
            self._fault(f"{place}.diastolic", f"{shown(diastolic)} is not below systolic")
        return BloodPressure(systolic, diastolic)

    def _part(self, value: dict[str, Any], place: str, part: str) -> float | None:
        if part not in value:
            self._fault(f"{place}.{part}", "is missing; a reading has both numbers")
            return None
        return self._number(value[part], f"{place}.{part}", part)

    def _temperature(self, value: Any, place: str) -> float | None:
        return self._number(value, place, "value")

    def _number(self, value: Any, place: str, part: str) -> float | None:
        lowest, highest = self.question.ranges[part]
        if isinstance(value, bool) or not isinstance(value, int | float):
            written = quoted(value) if isinstance(value, str) else shown(value)
            self._fault(place, f"{written} is not a number; write one from {lowest} to {highest}, without quotes")
            return None
        if not _is_within(value, lowest, highest):
            self._fault(place, f"{shown(value)} is not between {lowest} and {highest}")
            return None
        return value

    def _text(self, value: Any, place: str) -> str | None:
        if not isinstance(value, str):
            self._fault(place, f"{shown(value)} is not a text; write it in quotes, or leave it out")
            return None
        return value if value.strip() else None


def _is_within(value: float, lowest: Number, highest: Number) -> bool:
    return math.isfinite(value) and lowest <= as_written(value) <= highest


def _one_of(texts: tuple[str, ...]) -> str:
    *first, last = (f'"{text}"' for text in texts)
    return f"{', '.join(first)} or {last}" if first else last
