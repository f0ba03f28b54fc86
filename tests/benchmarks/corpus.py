"""The requests that are measured: those of the case files, and people who have nothing at all."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from screening.engine.flow import plannable
from screening.engine.request import Request, read
from screening.engine.rule_set import STAGES, RuleSet
from tests.screening.case_files import AT, base_answers, cases

# Of a hundred people, so many have nothing; the others are people of the case files.
HEALTHY_IN_A_HUNDRED = 70


def case_requests() -> list[dict[str, Any]]:
    return [case.request for case in cases()]


def all_no_requests(rule_set: RuleSet) -> list[dict[str, Any]]:
    """Everything answered with no: every treatment and stage, the first place of each region, and four places."""
    return [
        {**request, "answers": base_answers(request)}
        for treatment in rule_set.treatments.values()
        if treatment.plan != "not-offered"
        for sites in _plans(rule_set, treatment)
        for stage in STAGES
        for request in [{"treatment": treatment.code, **sites, "stage": stage, "at": AT}]
    ]


def a_day(rule_set: RuleSet, count: int) -> list[dict[str, Any]]:
    """The same requests each time, as people come: mostly those who have nothing, some of the case files."""
    return [json.loads(line) for line in lines(rule_set, count)]


def read_all(rule_set: RuleSet, requests: list[dict[str, Any]]) -> list[Request]:
    return [read(rule_set, json.dumps(request), lambda: datetime.now(UTC)) for request in requests]


def lines(rule_set: RuleSet, count: int) -> Iterator[str]:
    """The same lines each time: mostly people who have nothing, some of the case files."""
    healthy = [json.dumps(request) for request in all_no_requests(rule_set)]
    others = [json.dumps(request) for request in case_requests()]
    draw = random.Random(2)
    for _ in range(count):
        yield draw.choice(healthy if draw.randrange(100) < HEALTHY_IN_A_HUNDRED else others) + "\n"


def _plans(rule_set: RuleSet, treatment: Any) -> list[dict[str, list[str]]]:
    if treatment.plan == "fixed":
        return [{}]
    sites = plannable(rule_set, treatment)
    first_of_region = {rule_set.sites[code].region: code for code in reversed(sites)}
    return [{"sites": [code]} for code in first_of_region.values()] + [{"sites": sites[:4]}]
