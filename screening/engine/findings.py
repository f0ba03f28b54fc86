"""From rules to findings: which rules are met or left open, where, and until when."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from screening.engine.calendar import first_minute
from screening.engine.operators import Case
from screening.engine.order import in_order
from screening.engine.outcome import Finding
from screening.engine.rule_set import GRADES, URGENCIES
from screening.engine.scope import ReadyGroup, Scope
from screening.engine.spread import Part, Spread
from screening.engine.truth import NO, UNKNOWN, YES

MET, OPEN = (Part(met=True),), (Part(met=False),)
_GRADE_RANK = {grade: rank for rank, grade in enumerate(GRADES)}
_URGENCY_RANK = {urgency: rank for rank, urgency in enumerate(URGENCIES)}


class Hit(NamedTuple):
    """One part of what a rule's group found in a case."""

    ready: ReadyGroup
    part: Part


def find(scope: Scope, case: Case, woken: Iterable[int]) -> tuple[Finding, ...]:
    """Return every finding: met before unresolved, worst grade first, then in catalogue order.

    `woken`: the positions of the groups to look at, in order (`scope.wakes`).
    """
    groups = [scope.groups[position] for position in woken]
    hits = [Hit(ready, part) for ready in groups for part in _parts(ready, case)]
    if len(hits) < 2:
        return tuple([_finding(hit, case) for hit in hits])
    by_rule_and_grade: dict[tuple[str, str], list[Hit]] = {}
    for hit in hits:
        by_rule_and_grade.setdefault((hit.ready.rule.code, hit.ready.group.grade), []).append(hit)
    findings = [
        _finding(together[0], case) if len(together) == 1 else _joined(scope, together, case)
        for of_one in by_rule_and_grade.values()
        for together in _told_apart(of_one, case.at)
    ]
    # Stable: within a grade the rules stay in catalogue order.
    findings.sort(key=_place)
    return tuple(findings)


def _place(finding: Finding) -> tuple[bool, int]:
    return finding.status != "met", _GRADE_RANK[finding.grade]


def moment_of(until: date | datetime, at: datetime) -> datetime:
    """Return when an end comes: a date counts from its first minute, in the offset of `at`."""
    return until if isinstance(until, datetime) else first_minute(until, at)


def _parts(ready: ReadyGroup, case: Case) -> Iterable[Part]:
    truth, heard = YES, False
    for question, read in ready.readers:
        value = read(case)
        if value is NO:
            return ()
        if value is UNKNOWN:
            truth = UNKNOWN
            heard = heard or question in case.answers
    if truth is UNKNOWN:
        # Nothing was said at all: the question is missing, and that is told once, not by every rule.
        return _at_planned(ready, OPEN, case) if heard else ()
    return _at_planned(ready, MET, case) if ready.spread is None else _spread_parts(ready, ready.spread, case)


def _at_planned(ready: ReadyGroup, parts: tuple[Part], case: Case) -> tuple[Part]:
    if not ready.bars_planned:
        return parts
    return (Part(parts[0].met, tuple([site for site in ready.bars_planned if site in case.sites])),)


def _spread_parts(ready: ReadyGroup, spread: Spread, case: Case) -> Iterable[Part]:
    parts = spread(case)
    if parts is not None:
        return parts
    # A yes without its places or its date is an answer in part; a question nobody answered is only missing.
    return OPEN if ready.gated else ()


def _told_apart(hits: list[Hit], at: datetime) -> Iterator[list[Hit]]:
    """Yield the hits of one rule and grade that make one finding each."""
    if len(hits) == 1:
        yield hits
        return
    together = [hit for hit in hits if not hit.part.apart]
    met = [hit for hit in together if _is_met(hit)]
    yield from filter(None, (met, [hit for hit in together if hit.part.besides or (not met and not _is_met(hit))]))
    for hit in sorted((hit for hit in hits if hit.part.apart), key=lambda hit: _end(hit.part, at)):
        yield [hit]


def _is_met(hit: Hit) -> bool:
    return hit.part.met and hit.ready.group.status == "met"


def _end(part: Part, at: datetime) -> tuple[bool, datetime]:
    return (True, at) if part.until is None else (False, moment_of(part.until, at))


def _latest(untils: list[date | datetime | None], at: datetime) -> date | datetime | None:
    """Return the end that counts: the latest, or none where one of them is a condition and not a date."""
    dated = [until for until in untils if until is not None]
    return max(dated, key=lambda until: moment_of(until, at)) if len(dated) == len(untils) else None


def _finding(hit: Hit, case: Case) -> Finding:
    ready, part = hit
    made = ready.findings[_is_met(hit)]
    answers = tuple([code for code in ready.questions if code in case.answers])
    if not part.sites and part.until is None and answers == made.answers:
        return made
    return made.about(part.sites, part.until, answers)


def _joined(scope: Scope, hits: Sequence[Hit], case: Case) -> Finding:
    worst = max(hits, key=lambda hit: _URGENCY_RANK[hit.ready.group.urgency])
    return worst.ready.findings[_is_met(worst)].about(
        in_order([site for hit in hits for site in hit.part.sites], scope.sites_order),
        _latest([hit.part.until for hit in hits], case.at),
        in_order([code for hit in hits for code in hit.ready.questions if code in case.answers], scope.questions_order),
    )
