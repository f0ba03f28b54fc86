"""The shape of a rule set's content: which fields each row has, and of what kind."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from screening.engine import rule_set as kinds

TABLES = ("sections", "sources", "sites", "treatments", "goals", "questions", "rules")

_TEXT, _FLAG, _WHOLE, _CODES, _ROWS, _TABLE = "text", "true or false", "whole number", "list of codes", "list", "table"
_CODE_OR_NULL, _ANYTHING = "code or null", "value"
_CODE = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*\Z")
_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    _TEXT: lambda value: isinstance(value, str),
    _FLAG: lambda value: isinstance(value, bool),
    _WHOLE: lambda value: isinstance(value, int) and not isinstance(value, bool),
    _CODES: lambda value: isinstance(value, list) and all(isinstance(code, str) for code in value),
    _ROWS: lambda value: isinstance(value, list) and all(isinstance(row, dict) for row in value),
    _TABLE: lambda value: isinstance(value, dict),
    _CODE_OR_NULL: lambda value: value is None or isinstance(value, str),
    _ANYTHING: lambda _: True,
}
SHAPES: Mapping[str, Mapping[str, str]] = {
    "set": {
        "code": _TEXT, "version": _TEXT, "limits": _TABLE, "sections": _ROWS, "sources": _ROWS, "sites": _ROWS,
        "treatments": _ROWS, "goals": _ROWS, "questions": _ROWS, "rules": _ROWS,
    },
    "sections": {"code": _TEXT, "title": _TEXT},
    "sources": {"code": _TEXT, "title": _TEXT, "note": _TEXT},
    "sites": {
        "code": _TEXT, "name": _TEXT, "clinical": _TEXT, "region": _TEXT, "side": _TEXT, "plannable": _FLAG,
        "neighbours": _CODES, "segments": _CODES,
    },
    "treatments": {
        "code": _TEXT, "name": _TEXT, "description": _TEXT, "note": _TEXT, "plan": _TEXT, "regions": _CODES,
        "fixed_sites": _CODES,
    },
    "goals": {"code": _TEXT, "name": _TEXT, "area": _TEXT},
    "choices": {"code": _TEXT, "label": _TEXT, "open": _FLAG},
    "questions": {
        "code": _TEXT, "section": _TEXT, "order": _WHOLE, "page": _TEXT, "kind": _TEXT, "choices": _ROWS,
        "ranges": _TABLE, "asked_by": _TEXT, "stage": _TEXT, "treatments": _CODES, "required": _FLAG,
        "shown_only": _FLAG, "afresh": _FLAG, "safe_answers": _CODES, "wording": _TEXT, "help": _TEXT, "why": _TEXT,
        "when": _ROWS,
    },
    "rules": {
        "code": _TEXT, "title": _TEXT, "grade": _TEXT, "urgency": _TEXT, "stage": _TEXT, "treatments": _CODES,
        "for_good": _FLAG, "practitioner_wording": _TEXT, "patient_wording": _TEXT, "practitioner_unresolved": _TEXT,
        "patient_unresolved": _TEXT, "settle": _TEXT, "next_step": _TEXT, "ends": _TEXT, "reading": _TEXT,
        "citations": _ROWS, "groups": _ROWS,
    },
    "citations": {"source": _TEXT, "place": _TEXT},
    "groups": {
        "grade": _TEXT, "status": _TEXT, "urgency": _TEXT, "bars": _TEXT, "practitioner_wording": _TEXT,
        "patient_wording": _TEXT, "criteria": _ROWS,
    },
    "conditions": {"criteria": _ROWS},
    "criteria": {"question": _CODE_OR_NULL, "operator": _TEXT, "value": _ANYTHING},
}  # fmt: skip
_ONE_OF: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("sites", "region"): kinds.REGIONS,
    ("sites", "side"): kinds.SIDES,
    ("treatments", "plan"): kinds.PLAN_KINDS,
    ("goals", "area"): ("face", "body", "any"),
    ("questions", "kind"): kinds.QUESTION_KINDS,
    ("questions", "asked_by"): ("patient", "staff"),
    ("questions", "stage"): kinds.STAGES,
    ("rules", "grade"): kinds.GRADES,
    ("rules", "urgency"): kinds.URGENCIES,
    ("rules", "stage"): kinds.STAGES,
    ("groups", "grade"): ("", *kinds.GRADES),
    ("groups", "status"): ("met", "unresolved"),
    ("groups", "urgency"): ("", *kinds.URGENCIES),
    ("groups", "bars"): ("", "planned", "marked", "segments"),
}
# Which list of rows inside a row has which shape.
_NESTED: Mapping[tuple[str, str], str] = {
    ("questions", "choices"): "choices",
    ("questions", "when"): "conditions",
    ("rules", "citations"): "citations",
    ("rules", "groups"): "groups",
    ("groups", "criteria"): "criteria",
    ("conditions", "criteria"): "criteria",
}
# What a fixture may leave out, and what content that was published before the field came does not have. What is
# published now leaves nothing out.
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "sources": {"note": ""},
    "sites": {"clinical": "", "plannable": True, "neighbours": [], "segments": []},
    "treatments": {"note": "", "regions": [], "fixed_sites": []},
    "choices": {"open": False},
    "questions": {
        "page": "", "choices": [], "ranges": {}, "asked_by": "patient", "stage": "consultation", "treatments": [],
        "required": True, "shown_only": False, "afresh": False, "safe_answers": [], "when": [],
    },
    "rules": {
        "urgency": "none", "stage": "consultation", "treatments": [], "for_good": False, "ends": "", "reading": "",
        "citations": [], "groups": [],
    },
    "groups": {
        "grade": "", "status": "met", "urgency": "", "bars": "", "practitioner_wording": "", "patient_wording": "",
    },
    "criteria": {"question": None, "value": None},
}  # fmt: skip


def complete(fixture: Any) -> Any:
    """Return a fixture as content, with the defaults of what it leaves out. What has a wrong shape is left as it is."""
    if not isinstance(fixture, dict):
        return fixture
    tables = {name: _complete_rows(name, fixture[name]) for name in TABLES if name in fixture}
    return {**fixture, **tables}


def _complete_rows(shape: str, rows: Any) -> Any:
    return [_complete_row(shape, row) for row in rows] if isinstance(rows, list) else rows


def _complete_row(shape: str, row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    whole = {**_DEFAULTS.get(shape, {}), **row}
    nested = {field: inner for (outer, field), inner in _NESTED.items() if outer == shape and field in whole}
    return {**whole, **{field: _complete_rows(inner, whole[field]) for field, inner in nested.items()}}


def shape_faults(content: Any) -> list[str]:
    """Return what is wrong with the fields of a rule set's content, one line each, naming the place."""
    if not isinstance(content, dict):
        return ["content: is not a table"]
    faults = list(_row_faults("", "set", content))
    if not faults:
        for name in TABLES:
            faults += _table_faults(name, content[name])
    return faults


def column_faults(shape: str, columns: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with some fields of one row, one line each, naming the field."""
    kinds_of = SHAPES[shape]
    return [
        fault for name, value in columns.items() for fault in _field_faults(name, shape, name, kinds_of[name], value)
    ]


def named(row: Mapping[str, Any], position: int) -> str:
    """Return how a row is named in a fault: its code, else its position."""
    code = row.get("code")
    return code if isinstance(code, str) and code else str(position)


def _table_faults(name: str, rows: list[dict[str, Any]]) -> Iterator[str]:
    seen = set()
    for position, row in enumerate(rows):
        place = f"{name}.{named(row, position)}"
        if row.get("code") in seen:
            yield f"{place}: is there twice"
        seen.add(row.get("code"))
        yield from _row_faults(f"{place}.", name, row)


def _row_faults(place: str, shape: str, row: Mapping[str, Any]) -> Iterator[str]:
    fields = SHAPES[shape]
    yield from (f"{place}{field}: is missing" for field in fields if field not in row)
    yield from (f"{place}{field}: is not a field" for field in row if field not in fields)
    for field, kind in fields.items():
        if field in row:
            yield from _field_faults(f"{place}{field}", shape, field, kind, row[field])


def _field_faults(place: str, shape: str, field: str, kind: str, value: Any) -> Iterator[str]:
    if not _CHECKS[kind](value):
        yield f"{place}: is not a {kind}"
        return
    allowed = _ONE_OF.get((shape, field))
    if allowed is not None and value not in allowed:
        yield f"{place}: {value!r} is not one of {', '.join(filter(None, allowed))}"
    if field == "code" and not _CODE.match(value):
        yield f"{place}: {value!r} is not a code; use letters, digits and hyphens"
    nested = _NESTED.get((shape, field))
    if nested:
        for position, row in enumerate(value):
            yield from _row_faults(f"{place}[{position}].", nested, row)
