"""The types of answers. An answer that says nothing (empty list, empty text) is left out, never stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from screening.engine.calendar import PartialDate

UNSURE: Literal["unsure"] = "unsure"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its date (`"unsure"`: unknown; None: not answered) and its places (empty: not answered).

    `sites` are site codes; `"unsure"` may be one of them ("not sure where").
    """

    date: PartialDate | Literal["unsure"] | None = None
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BloodPressure:
    """A reading of the session day in mmHg."""

    systolic: float
    diastolic: float


# By kind of question: choice and text: str; kinds and sites: tuple of codes; partial-date: PartialDate or "unsure";
# moment: an aware datetime or a choice; operations: tuple of Operation; blood-pressure: BloodPressure; number: float.
Answer = str | tuple[str, ...] | PartialDate | datetime | tuple[Operation, ...] | BloodPressure | float
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is meant to be done: treatment, places, stage and goals, all as codes of the rule set.

    For a treatment with a fixed plan `sites` are the places that a clinic adds to it.
    """

    treatment: str
    sites: tuple[str, ...] = ()
    stage: Literal["consultation", "session"] = "consultation"
    goals: tuple[str, ...] = ()
