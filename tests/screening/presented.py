"""Cases made ready to be told: the request as read, and its outcome."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from screening.engine.answers import Answers, Plan
from screening.engine.evaluate import evaluate
from screening.engine.outcome import Outcome
from screening.engine.request import read
from screening.presentation import Other, Told, for_patient, for_practitioner, others
from tests.screening.case_files import AT, FOLDER, base_answers, cases
from tests.screening.rule_set_one import rule_set

OFFERED = tuple(rule_set().treatments)


@dataclass(frozen=True)
class Screened:
    id: str
    plan: Plan
    answers: Answers
    at: datetime
    outcome: Outcome

    def patient(self) -> Told:
        return for_patient(rule_set(), self.outcome, self.plan)

    def practitioner(self) -> Told:
        return for_practitioner(rule_set(), self.outcome, self.plan)

    def others(self, *, suit_sites: tuple[str, ...] = ()) -> tuple[Other, ...]:
        return others(rule_set(), OFFERED, self.plan, self.answers, self.at, suit_sites=suit_sites)


def screened(request: dict[str, Any], name: str = "") -> Screened:
    """The outcome of a request exactly as it is."""
    asked = read(rule_set(), json.dumps({"at": AT} | request), lambda: datetime.fromisoformat(AT))
    outcome = evaluate(rule_set(), asked.answers, asked.plan, asked.at)
    return Screened(name, asked.plan, asked.answers, asked.at, outcome)


def healthy(
    *sites: str,
    treatment: str = "facial-ems",
    without: tuple[str, ...] = (),
    goals: tuple[str, ...] = (),
    stage: str = "consultation",
    **answers: Any,
) -> Screened:
    """A person who has nothing at all but what is named (a code's dashes are written as underlines)."""
    request: dict[str, Any] = {"treatment": treatment, "goals": list(goals), "stage": stage}
    request |= {"sites": list(sites)} if sites else {}
    given = base_answers(request) | {code.replace("_", "-"): answer for code, answer in answers.items()}
    return screened(request | {"answers": {code: answer for code, answer in given.items() if code not in without}})


@cache
def every_case() -> tuple[Screened, ...]:
    return tuple(screened(case.request, case.id) for case in cases())


def pinned() -> list[tuple[dict[str, Any], Screened]]:
    """The pinned words of `tests/cases/presentation`, each with its case."""
    rows = json.loads((FOLDER / "presentation" / "headlines.json").read_text())
    return [(row, _of_row(row)) for row in rows]


def _of_row(row: dict[str, Any]) -> Screened:
    request = row["request"]
    base = base_answers(request) if row["base"] == "all-no" else {}
    answers = base | request.get("answers", {})
    kept = {code: answer for code, answer in answers.items() if code not in row.get("without", [])}
    return screened(request | {"answers": kept}, row["id"])
