"""Small changes to the content of a rule set, each of which should change what comes of some case."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from screening.engine.rule_set import GRADES, URGENCIES

Content = dict[str, Any]
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Mutant:
    """Content with one change. `about`: the codes that a case which notices it probably names."""

    name: str
    content: Content = field(repr=False)
    about: frozenset[str]
    requests_too: bool


def mutants(content: Content) -> Iterator[Mutant]:
    for table, of_row in (
        ("rules", _of_rule),
        ("questions", _of_question),
        ("sites", _of_site),
        ("treatments", _of_treatment),
    ):
        for position, row in enumerate(content[table]):
            about = frozenset({row["code"], *_codes(row)})
            for name, changed in of_row(content, (table, position), row):
                yield Mutant(f"{table}.{row['code']}: {name}", changed, about, table != "rules")
    for limit, written in content["limits"].items():
        about = frozenset(rule["code"] for rule in content["rules"] if f"'{limit}'" in str(rule))
        for moved in _moved(written):
            changed = _with(content, ("limits", limit), moved)
            yield Mutant(f"limits.{limit}: {written} is {moved}", changed, about, requests_too=False)


def _of_rule(content: Content, place: Path, rule: Content) -> Iterator[tuple[str, Content]]:
    yield "removed", _without(content, place)
    yield f"stage is not {rule['stage']}", _with(content, (*place, "stage"), _other_stage(rule["stage"]))
    if rule["treatments"]:
        yield "for every treatment", _with(content, (*place, "treatments"), [])
    if rule["urgency"] != "none":
        yield "urgency lowered", _with(content, (*place, "urgency"), _lower(URGENCIES[::-1], rule["urgency"]))
    grades = {group["grade"] or rule["grade"] for group in rule["groups"]}
    if "site" in grades:
        yield "for_good is the opposite", _with(content, (*place, "for_good"), not rule["for_good"])
    if rule["grade"] not in ("site", "note"):
        yield "grade weakened", _with(content, (*place, "grade"), _weaker(rule["grade"]))
    for position, citation in enumerate(rule["citations"]):
        yield f"without citation {citation['place']}", _without(content, (*place, "citations", position))
    for position, group in enumerate(rule["groups"]):
        in_rule = _of_group(content, (*place, "groups", position), group, group["grade"] or rule["grade"])
        yield from ((f"groups[{position}] {name}", changed) for name, changed in in_rule)


def _of_group(content: Content, place: Path, group: Content, grade: str) -> Iterator[tuple[str, Content]]:
    yield "removed", _without(content, place)
    other_status = "unresolved" if group["status"] == "met" else "met"
    yield f"status is {other_status}", _with(content, (*place, "status"), other_status)
    if group["urgency"]:
        yield "urgency lowered", _with(content, (*place, "urgency"), _lower(URGENCIES[::-1], group["urgency"]))
    if grade != "note":
        weakened = group | {"grade": _weaker(grade), "bars": ""}
        yield f"grade {grade} is {weakened['grade']}", _with(content, place, weakened)
    if group["bars"] in ("segments", "marked"):
        other = "marked" if group["bars"] == "segments" else "segments"
        yield f"bars {other}", _with(content, (*place, "bars"), other)
    yield from _of_criteria(content, (*place, "criteria"), group["criteria"])


def _of_criteria(content: Content, place: Path, criteria: list[Content]) -> Iterator[tuple[str, Content]]:
    for position, criterion in enumerate(criteria):
        name, at = f"criteria[{position}]", (*place, position)
        if len(criteria) > 1:
            yield f"{name} removed", _without(content, at)
        if criterion["operator"] == "is":
            yield f"{name} reads an open answer as no", _with(content, (*at, "operator"), "said")
        if isinstance(criterion["value"], list) and len(criterion["value"]) > 1:
            for index, code in enumerate(criterion["value"]):
                yield f"{name} without {code}", _without(content, (*at, "value", index))


def _of_question(content: Content, place: Path, question: Content) -> Iterator[tuple[str, Content]]:
    yield "stage is the other", _with(content, (*place, "stage"), _other_stage(question["stage"]))
    yield "required is the opposite", _with(content, (*place, "required"), not question["required"])
    if question["treatments"]:
        yield "for every treatment", _with(content, (*place, "treatments"), [])
    for position, choice in enumerate(question["choices"]):
        if choice["open"]:
            settled = _with(content, (*place, "choices", position, "open"), value=False)
            yield f"choice {choice['code']} settles", settled
    for part, bounds in question["ranges"].items():
        for end, written in enumerate(bounds):
            for moved in _moved(written):
                changed = _with(content, (*place, "ranges", part, end), moved)
                yield f"{part} range {written} is {moved}", changed
    for position, group in enumerate(question["when"]):
        at = (*place, "when", position)
        yield f"when[{position}] removed", _without(content, at)
        for name, changed in _of_criteria(content, (*at, "criteria"), group["criteria"]):
            yield f"when[{position}] {name}", changed


def _of_site(content: Content, place: Path, site: Content) -> Iterator[tuple[str, Content]]:
    for table in ("segments", "neighbours"):
        for position, code in enumerate(site[table]):
            yield f"{table} without {code}", _without(content, (*place, table, position))


def _of_treatment(content: Content, place: Path, treatment: Content) -> Iterator[tuple[str, Content]]:
    for position, code in enumerate(treatment["fixed_sites"]):
        yield f"plan without {code}", _without(content, (*place, "fixed_sites", position))
    if treatment["plan"] == "free":
        for position, region in enumerate(treatment["regions"]):
            yield f"not on the {region}", _without(content, (*place, "regions", position))


def _weaker(grade: str) -> str:
    """The next weaker grade that a group without places can have."""
    return _lower([code for code in GRADES if code != "site" or code == grade], grade)


def _lower(scale: Any, code: str) -> str:
    return scale[scale.index(code) + 1]


def _other_stage(stage: str) -> str:
    return {"consultation": "session", "session": "consultation"}[stage]


def _moved(written: int | str) -> tuple[int | str, int | str]:
    """A number one unit lower and one unit higher, the unit being the last decimal written."""
    if isinstance(written, int):
        return written - 1, written + 1
    unit = Decimal(1).scaleb(int(Decimal(written).as_tuple().exponent))
    return str(Decimal(written) - unit), str(Decimal(written) + unit)


def _codes(row: Any) -> Iterator[str]:
    """Every text in a row that looks like a code: it may name a question, a site or another rule."""
    if isinstance(row, str) and " " not in row:
        yield row
    elif isinstance(row, dict | list):
        for value in row.values() if isinstance(row, dict) else row:
            yield from _codes(value)


def _with(content: Any, place: Path, value: Any) -> Any:
    """Content with another value at a place; what is not on the way is shared, not copied."""
    if not place:
        return value
    copy = content.copy()
    copy[place[0]] = _with(copy[place[0]], place[1:], value)
    return copy


def _without(content: Any, place: Path) -> Any:
    *way, last = place
    rows = content
    for step in way:
        rows = rows[step]
    return _with(content, tuple(way), [*rows[:last], *rows[last + 1 :]])
