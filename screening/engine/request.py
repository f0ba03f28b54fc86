"""From a request (JSON, as in the command line) to typed values. Every fault is named; nothing is guessed."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from screening.engine.answer_reading import read_answer
from screening.engine.answers import Answer, Plan
from screening.engine.calendar import read_moment
from screening.engine.faults import Faults, inside, like, shown
from screening.engine.rule_set import STAGES, RuleSet, Treatment

KEYS = ("treatment", "sites", "stage", "at", "goals", "answers")
NESTED = (dict, list)
# The deepest value of a request, a place of an operation, lies at 5.
DEEPEST = 10
# A longer whole number is read as a float: Python refuses to read thousands of digits, wherever they stand.
MOST_DIGITS = 20


class RequestError(ValueError):
    """The input cannot be screened. `faults`: one line each, `place: reason`."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Request:
    """One case to screen: what is meant to be done, what was answered, and when the current starts."""

    plan: Plan
    answers: Mapping[str, Answer]
    at: datetime


class _Twice(dict[str, Any]):
    """An object in which a key was given twice; which of its values is meant is not guessed."""

    keys_twice: tuple[str, ...] = ()


def read(rule_set: RuleSet, text: str | bytes, now: Callable[[], datetime]) -> Request:
    """Return the request written in `text` as JSON.

    `now` gives an aware date-time; it is asked only when the request has no `at`. Raises RequestError naming every
    fault.
    """
    return read_document(rule_set, parse(text), now)


def parse(text: str | bytes) -> Any:
    """Return the value written in `text` as JSON in UTF-8. Raises RequestError where it is not JSON."""
    try:
        written = (text.decode() if isinstance(text, bytes) else text).removeprefix("\ufeff")
        # Without the line breaks at the end, what breaks off does so where its last character stands.
        return _JSON.decode(written.rstrip(" \t\r\n"))
    except json.JSONDecodeError as error:
        place = f"it cannot be read from line {error.lineno}, column {error.colno} on"
        reason = f"is not JSON: {place}" if error.doc else "is empty; write one case as JSON"
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 text: byte {error.start + 1} cannot be read"
    except RecursionError:
        reason = "is nested too deeply"
    raise RequestError([f"request: {reason}"])


def read_document(rule_set: RuleSet, document: Any, now: Callable[[], datetime]) -> Request:
    """Return the request that a value parsed by `parse` holds. Raises RequestError naming every fault."""
    if not isinstance(document, dict):
        raise RequestError([f"request: {shown(document)} is not an object; use the keys {', '.join(KEYS)}"])
    faults = Faults()
    _check_keys(document, faults)
    plan = _read_plan(rule_set, document, faults)
    at = _read_at(document, now, faults)
    answers = _read_answers(rule_set, document, at, faults)
    if faults.lines or at is None:
        raise RequestError(faults.lines)
    return Request(plan, answers, at)


def read_plan(rule_set: RuleSet, document: dict[str, Any], *, any_sites: bool = False) -> Plan:
    """Return the plan of a document with `treatment`, `stage` and, for a free plan, `sites`.

    `any_sites`: the sites may be left out, and the plan then has none. Raises RequestError naming every fault.
    """
    faults = Faults()
    plan = _read_plan(rule_set, document, faults, any_sites=any_sites)
    if faults.lines:
        raise RequestError(faults.lines)
    return plan


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = _Twice(found)
    times = Counter(key for key, _ in pairs)
    twice.keys_twice = tuple(key for key in found if times[key] > 1)
    return twice


def _whole_number(digits: str) -> float:
    return int(digits) if len(digits) <= MOST_DIGITS else float(digits)


# Made once: `json.loads` would make one for every line.
_JSON = json.JSONDecoder(object_pairs_hook=_object, parse_int=_whole_number)


def _check_keys(document: dict[str, Any], faults: Faults) -> None:
    _check_nesting(document, "", 1, faults)
    for key in document:
        if key not in KEYS:
            faults.add(inside("", key), f"is not a key of a request; use {', '.join(KEYS)}")


def _check_nesting(value: dict[str, Any] | list[Any], place: str, depth: int, faults: Faults) -> None:
    if depth > DEEPEST:
        faults.add(place, "is nested too deeply")
        return
    if isinstance(value, _Twice):
        for key in value.keys_twice:
            faults.add(inside(place, key), "is given twice; leave one out")
    entries: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
    for step, entry in [step for step in entries if isinstance(step[1], NESTED)]:
        _check_nesting(entry, inside(place, step), depth + 1, faults)


def _read_plan(rule_set: RuleSet, document: dict[str, Any], faults: Faults, *, any_sites: bool = False) -> Plan:
    treatment = _read_treatment(rule_set, document, faults)
    leave_out = any_sites and "sites" not in document
    return Plan(
        treatment=treatment.code if treatment else "",
        sites=() if leave_out else _read_sites(rule_set, document, treatment, faults),
        stage=_read_stage(document, faults),
        goals=_read_goals(rule_set, document, faults),
    )


def _read_at(document: dict[str, Any], now: Callable[[], datetime], faults: Faults) -> datetime | None:
    if "at" not in document:
        return now()
    written = document["at"]
    if not isinstance(written, str):
        faults.add("at", f'{shown(written)} is not a text; write it like "2026-11-20T10:00:00+00:00"')
        return None
    try:
        return read_moment(written)
    except ValueError as error:
        faults.add("at", f"{shown(written)} {error}")
        return None


def _read_treatment(rule_set: RuleSet, document: dict[str, Any], faults: Faults) -> Treatment | None:
    code = document.get("treatment")
    treatment = rule_set.treatments.get(code) if isinstance(code, str) else None
    if treatment is None:
        what = f"{shown(code)} is not a treatment" if "treatment" in document else "is missing"
        offered = (entry.code for entry in rule_set.treatments.values() if entry.plan != "not-offered")
        faults.add("treatment", f"{what}; use one of {', '.join(offered)}")
    elif treatment.plan == "not-offered":
        faults.add("treatment", f"{shown(code)} is not offered: there are no rules for it yet")
        return None
    return treatment


def _read_stage(document: dict[str, Any], faults: Faults) -> Literal["consultation", "session"]:
    stage = document.get("stage", "consultation")
    if not isinstance(stage, str) or stage not in STAGES:
        faults.add("stage", f"{shown(stage)} is not a stage; use {' or '.join(STAGES)}")
    return cast(Literal["consultation", "session"], stage)


def _read_sites(
    rule_set: RuleSet, document: dict[str, Any], treatment: Treatment | None, faults: Faults
) -> tuple[str, ...]:
    if treatment is not None and treatment.plan == "fixed":
        if "sites" in document:
            faults.add("sites", f"leave it out: the places of {treatment.code} are fixed")
        return ()
    if "sites" not in document:
        if treatment is not None:
            faults.add("sites", "is missing; name the planned places")
        return ()
    sites = _read_codes(document["sites"], "sites", rule_set.sites, "site", faults)
    if document["sites"] == []:
        faults.add("sites", "is empty; name the planned places")
    for position, code in enumerate(document["sites"] if sites else ()):
        site = rule_set.sites.get(code) if isinstance(code, str) else None
        if site is not None and not site.plannable:
            faults.add(f"sites[{position}]", f"{shown(code)} is never treated; leave it out")
        elif site is not None and treatment is not None and site.region not in treatment.regions:
            its_own = f"its places are those of {', '.join(treatment.regions)}"
            faults.add(f"sites[{position}]", f"{shown(code)} is not a place of {treatment.code}: {its_own}")
    return sites


def _read_goals(rule_set: RuleSet, document: dict[str, Any], faults: Faults) -> tuple[str, ...]:
    return _read_codes(document.get("goals", []), "goals", rule_set.goals, "goal", faults)


def _read_codes(value: Any, place: str, known: Mapping[str, object], what: str, faults: Faults) -> tuple[str, ...]:
    if not isinstance(value, list):
        faults.add(place, f"{shown(value)} is not a list; use square brackets")
        return ()
    for position, code in enumerate(value):
        if not isinstance(code, str) or code not in known:
            faults.add(f"{place}[{position}]", f"{shown(code)} is not a {what}; {like(known)}")
    return tuple(code for code in value if isinstance(code, str))


def _read_answers(
    rule_set: RuleSet, document: dict[str, Any], at: datetime | None, faults: Faults
) -> dict[str, Answer]:
    written = document.get("answers", {})
    if not isinstance(written, dict):
        faults.add("answers", f'{shown(written)} is not an object; write it like {{"question": "answer"}}')
        return {}
    answers: dict[str, Answer] = {}
    for code, value in written.items():
        question = rule_set.questions.get(code)
        if question is None:
            faults.add(inside("answers", code), f"is not a question; {like(rule_set.questions)}")
            continue
        # The common case first, for speed. What is kept are the set's own texts, which many people's answers share.
        if question.kind == "choice" and isinstance(value, str) and (choice := question.choice_of.get(value)):
            answers[question.code] = choice
        elif (answer := read_answer(rule_set, question, value, at, faults)) is not None:
            answers[question.code] = answer
    return answers
