"""A typed case written as a request again, so that it can be kept, shown or screened once more."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from screening.engine.answers import Answer, Answers, BloodPressure, Operation, Plan
from screening.engine.calendar import PartialDate


def written_case(plan: Plan, answers: Answers, at: datetime) -> dict[str, Any]:
    """Return a case in the shape of a request, as JSON values. Reading it again gives an equal case."""
    request: dict[str, Any] = {"treatment": plan.treatment, "stage": plan.stage, "at": at.isoformat()}
    if plan.sites:
        request["sites"] = list(plan.sites)
    if plan.goals:
        request["goals"] = list(plan.goals)
    return request | {"answers": {code: written_answer(answer) for code, answer in answers.items()}}


def written_answer(answer: Answer) -> Any:
    """Return one answer as a JSON value."""
    match answer:
        case PartialDate():
            return str(answer)
        case datetime():
            return answer.isoformat()
        case BloodPressure():
            return {"systolic": answer.systolic, "diastolic": answer.diastolic}
        case tuple():
            return [_written_operation(entry) if isinstance(entry, Operation) else entry for entry in answer]
        case _:
            return answer


def says_the_same(one: Any, other: Any) -> bool:
    """Return whether two written answers, or tables of them, say the same; the order of a list says nothing."""
    return bool(_unordered(one) == _unordered(other))


def _unordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _unordered(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return sorted(json.dumps(_unordered(entry), sort_keys=True) for entry in value)
    return value


def _written_operation(operation: Operation) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if operation.date is not None:
        written["date"] = str(operation.date)
    if operation.sites:
        written["sites"] = list(operation.sites)
    return written
