"""The criteria that say where, or until when: one finding for each operation, one more for "not sure where"."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast

from screening.engine.answers import UNSURE, Operation
from screening.engine.calendar import add_months
from screening.engine.operators import Case
from screening.engine.places import Reach
from screening.engine.rule_set import Criterion, Number


class Part(NamedTuple):
    """What one finding rests on. `sites`: what it bars, in catalogue order.

    `apart`: it stays a finding of its own; `besides`: it stands beside a met one.
    """

    met: bool
    sites: tuple[str, ...] = ()
    until: date | datetime | None = None
    apart: bool = False
    besides: bool = False


# None: nothing was answered. Empty: what was answered speaks against nothing.
Spread = Callable[[Case], tuple[Part, ...] | None]


def spread(criterion: Criterion, reach: Reach, limits: Mapping[str, Number]) -> Spread:
    """Return the function that tells the parts of a checked spreading criterion.

    `reach` says which sites a mark on each site bars.
    """
    code = cast(str, criterion.question)
    if criterion.operator == "marked":
        return _marked(code, reach)
    limit = int(limits[criterion.value])
    return _within_months(code, reach, limit) if criterion.operator == "within-months" else _within_minutes(code, limit)


def still_counts(operation: Operation, months: int, case_day: date) -> bool:
    """Return whether an operation is less than `months` old on `case_day`; one of unknown date counts."""
    ends = operation_ends(operation, months)
    return ends is None or case_day < ends


def operation_ends(operation: Operation, months: int) -> date | None:
    """Return the first day on which an operation no longer counts; None where its date is unknown."""
    if operation.date is None or operation.date == UNSURE:
        return None
    return add_months(operation.date.last(), months)


def _marked(code: str, reach: Reach) -> Spread:
    def parts(case: Case) -> tuple[Part, ...] | None:
        places = cast(tuple[str, ...] | None, case.answers.get(code))
        return _at_places(places, reach, until=None, met=True) if places else None

    return parts


def _within_months(code: str, reach: Reach, months: int) -> Spread:
    def parts(case: Case) -> tuple[Part, ...] | None:
        operations = cast(tuple[Operation, ...] | None, case.answers.get(code))
        if not operations:
            return None
        day = case.at.date()
        found: list[Part] = []
        for operation in operations:
            ends = operation_ends(operation, months)
            if ends is None or day < ends:
                found += _of_operation(operation, reach, ends)
        return tuple(found)

    return parts


def _of_operation(operation: Operation, reach: Reach, until: date | None) -> tuple[Part, ...]:
    if not operation.sites:
        return (Part(met=False, until=until, apart=True),)
    return _at_places(operation.sites, reach, until, met=until is not None, apart=True)


def _at_places(
    places: tuple[str, ...], reach: Reach, until: date | None, *, met: bool, apart: bool = False
) -> tuple[Part, ...]:
    named = [place for place in places if place != UNSURE]
    known = (Part(met, reach.sites(named), until, apart),) if named else ()
    return known + ((Part(False, (), until, apart, besides=True),) if UNSURE in places else ())


def _within_minutes(code: str, minutes: int) -> Spread:
    def parts(case: Case) -> tuple[Part, ...] | None:
        moment = case.answers.get(code)
        if moment is None:
            return None
        if moment == UNSURE:
            return (Part(met=False),)
        if not isinstance(moment, datetime):
            return ()
        until = moment.astimezone(case.at.tzinfo) + timedelta(minutes=minutes)
        return (Part(met=True, until=until),) if case.at < until else ()

    return parts
