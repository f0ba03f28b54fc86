"""The screening itself: one person's answers against a published rule set."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from typing import cast

from screening.engine import ENGINE_VERSION
from screening.engine.answers import Answers, Plan
from screening.engine.findings import find, moment_of
from screening.engine.flow import Asked, ask, asked_later
from screening.engine.outcome import OUTCOMES, Finding, Outcome
from screening.engine.rule_set import RuleSet

_RANK = {outcome: rank for rank, outcome in enumerate(OUTCOMES)}
_LEADS_TO = {
    "contraindicated": "contraindicated",
    "not-advised": "not-advised",
    "defer": "deferred",
    "refer": "refer",
    "prepare": "prepare",
    "note": "clear",
}
_LEFT_OPEN = {grade: "clear" if grade == "note" else "undetermined" for grade in _LEADS_TO}


def evaluate(rule_set: RuleSet, answers: Answers, plan: Plan, at: datetime) -> Outcome:
    """Screen `answers` for `plan` and return the outcome, complete with findings and versions.

    `answers` and `plan` are valid for the rule set (`request.read` makes them so); `at`, when the current starts, is
    aware of its offset. Deterministic: no clock, no input or output.
    """
    # In a fixed offset ninety minutes are ninety minutes, also across a change of the clocks.
    if not isinstance(at.tzinfo, timezone):
        at = at.astimezone(timezone(cast(timedelta, at.utcoffset())))
    asked = ask(rule_set, answers, plan, at)
    findings = _find(rule_set, plan, asked)
    outcome, barred = _judge(rule_set, findings, asked)
    return Outcome(
        outcome=outcome,
        findings=findings,
        planned_sites=asked.planned,
        allowed_sites=tuple([site for site in asked.planned if site not in barred]) if barred else asked.planned,
        earliest=_earliest(rule_set, plan, asked, findings, outcome) if outcome in ("deferred", "prepare") else None,
        missing=asked.missing,
        unsure=asked.unsure,
        ignored=asked.ignored,
        rule_set=rule_set.named,
        engine=ENGINE_VERSION,
    )


def _find(rule_set: RuleSet, plan: Plan, asked: Asked) -> tuple[Finding, ...]:
    scope = rule_set.scopes[plan.treatment, plan.stage]
    return find(scope, asked.case, scope.wakes.woken(asked.loud, (*asked.planned, *plan.goals)))


def _judge(rule_set: RuleSet, findings: Iterable[Finding], asked: Asked) -> tuple[str, set[str]]:
    """Return the outcome, and the places that are barred or may be."""
    planned, barred, perhaps = asked.case.sites, set[str](), set[str]()
    reached = ["undetermined" if asked.missing else "clear"]
    for finding in findings:
        if finding.grade != "site":
            reached.append(_LEADS_TO[finding.grade] if finding.status == "met" else _LEFT_OPEN[finding.grade])
        elif finding.status == "met":
            barred.update(finding.sites)
        else:
            perhaps.update(finding.sites)
            # Where the places are known and none of them is planned, the plan is not touched.
            if not finding.sites or not planned.isdisjoint(finding.sites):
                reached.append("undetermined")
    if not planned.isdisjoint(barred):
        reached.append(_of_places(rule_set, findings, planned, barred))
    return min(reached, key=_RANK.__getitem__), barred | perhaps


def _of_places(rule_set: RuleSet, findings: Iterable[Finding], planned: frozenset[str], barred: set[str]) -> str:
    if not planned <= barred:
        return "restricted"
    for_good = [site for finding in findings if rule_set.rules[finding.rule].for_good for site in finding.sites]
    return "contraindicated" if planned.issubset(for_good) else "deferred"


def _earliest(
    rule_set: RuleSet, plan: Plan, asked: Asked, findings: Iterable[Finding], outcome: str
) -> date | datetime | None:
    """Return the first end at which the same request would come out better, an undetermined one not counting."""
    at = asked.case.at
    # In the order of the findings: a date and a date-time may fall on the same moment, and one of them is named.
    ends = dict.fromkeys(finding.until for finding in findings if finding.until is not None)
    for until in sorted(ends, key=lambda end: moment_of(end, at)):
        later = asked_later(rule_set, asked, plan, moment_of(until, at))
        then, _ = _judge(rule_set, _find(rule_set, plan, later), later)
        if then != "undetermined" and _RANK[then] > _RANK[outcome]:
            return until
    return None
