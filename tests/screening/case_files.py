"""Clinical expectations as data: the cases in `tests/cases`, each a request and what must come of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "cases"
NOT_CASES = {"bases.json", "gate.json", "malformed.json", "pins.json", "search.json", "settling.json"}
AT = "2026-11-20T10:00:00+00:00"
SUIT = "ems-training"


@dataclass(frozen=True)
class Case:
    id: str
    request: dict[str, Any]
    expected: dict[str, Any]


def case_files() -> list[Path]:
    return sorted(path for path in FOLDER.glob("*.json") if path.name not in NOT_CASES)


def cases() -> list[Case]:
    return [_case(row) for path in case_files() for row in json.loads(path.read_text())]


def base_answers(request: dict[str, Any]) -> dict[str, Any]:
    """The answers of a person who has nothing at all, to what is then asked."""
    bases = json.loads((FOLDER / "bases.json").read_text())
    sites = {site.removesuffix("-left").removesuffix("-right") for site in request.get("sites", [])}
    answers = dict(bases["consultation"])
    if sites & {"breast", "chest"}:
        answers |= bases["breast-or-chest-planned"]
    if request.get("stage") == "session":
        answers |= bases["session"]
        if sites & {"abdomen", "flank"} or request["treatment"] == SUIT:
            answers |= bases["session-with-abdomen-or-flank"]
    return answers


def _case(row: dict[str, Any]) -> Case:
    request = {"at": AT} | row["request"]
    base = {"all-no": base_answers, "nothing": lambda _: {}}[row["base"]](request)
    answers = base | request.get("answers", {})
    request["answers"] = {code: answer for code, answer in answers.items() if code not in row.get("without", [])}
    return Case(row["id"], request, row["expected"])


def told(outcome: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """What an outcome says, in the shape of an expectation: only what it asks about, all the rest at its default."""
    findings = [
        {key: finding[key] for key in _finding_keys(expected, position)}
        for position, finding in enumerate(outcome["findings"])
    ]
    keys = ["outcome", "allowed_sites", "earliest", "missing", "unsure", "ignored"]
    keys += [key for key in ("planned_sites",) if key in expected]
    return {key: outcome[key] for key in keys} | {"findings": findings}


def whole(expected: dict[str, Any], planned_sites: list[str]) -> dict[str, Any]:
    """An expectation with the defaults of what it leaves out."""
    defaults = {"allowed_sites": planned_sites, "earliest": None, "missing": [], "unsure": [], "ignored": []}
    of_finding = {"urgency": "none", "sites": [], "until": None}
    findings = [of_finding | finding for finding in expected.get("findings", [])]
    return defaults | expected | {"findings": findings}


def _finding_keys(expected: dict[str, Any], position: int) -> list[str]:
    keys = ["rule", "grade", "status", "urgency", "sites", "until"]
    findings = expected.get("findings", [])
    if position < len(findings):
        keys += [key for key in ("answers", "sources") if key in findings[position]]
    return keys
