"""From an outcome to what is told of it, for each audience."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from screening.engine.answers import Plan
from screening.engine.outcome import Finding, Outcome
from screening.engine.rule_set import URGENCIES, RuleSet
from screening.presentation import patient_words, practitioner_words
from screening.presentation.facts import KINDS, Facts, facts_of, is_of_goal, kind_of, touches_plan
from screening.presentation.moments import end_in_words
from screening.presentation.told import Told, ToldFinding, ToldGroup


@dataclass(frozen=True, slots=True)
class _Audience:
    """Who is told. `message`: what of a finding they read; `knows_readings`: whether the readings are theirs too."""

    message: Callable[[Finding], str]
    knows_readings: bool
    headings: Mapping[str, Promise]


_PATIENT = _Audience(lambda finding: finding.patient_message, knows_readings=False, headings=patient_words.HEADINGS)
_PRACTITIONER = _Audience(lambda finding: finding.message, knows_readings=True, headings=practitioner_words.HEADINGS)


def for_patient(rule_set: RuleSet, outcome: Outcome, plan: Plan) -> Told:
    """Return what a patient is told of `outcome`, which `rule_set` gave for `plan`."""
    facts = facts_of(rule_set, outcome)
    return Told(
        label=patient_words.label(facts),
        headline=patient_words.headline(facts),
        lead=patient_words.lead(facts, names(rule_set, facts.barred)),
        **_told(rule_set, facts, plan, _PATIENT),
    )


def for_practitioner(rule_set: RuleSet, outcome: Outcome, plan: Plan) -> Told:
    """Return what a practitioner is told of `outcome`, which `rule_set` gave for `plan`."""
    facts = facts_of(rule_set, outcome)
    return Told(
        label=practitioner_words.label(facts),
        headline=practitioner_words.headline(facts),
        lead=practitioner_words.lead(facts),
        **_told(rule_set, facts, plan, _PRACTITIONER),
    )


def names(rule_set: RuleSet, sites: Iterable[str]) -> tuple[str, ...]:
    """Return the names of places."""
    return tuple(rule_set.sites[site].name for site in sites)


def in_short(wording: str) -> str:
    """Return the first question of a question's wording, which is enough to know it again."""
    asked, mark, _ = wording.partition("?")
    return asked + mark


def _told(rule_set: RuleSet, facts: Facts, plan: Plan, audience: _Audience) -> dict[str, Any]:
    """Return what of a Told does not depend on the headline's words."""
    outcome, treatment = facts.outcome, rule_set.treatments[plan.treatment]
    pairs = [(finding, _told_finding(rule_set, outcome, finding, plan, audience)) for finding in outcome.findings]
    findings = tuple(told for finding, told in pairs if not is_of_goal(rule_set, finding))
    urgent = sorted((told for told in findings if told.urgency != "none"), key=_calm_last)
    return {
        "outcome": outcome.outcome,
        "urgent": tuple(urgent),
        "findings": findings,
        "groups": _groups(rule_set, outcome, pairs, audience),
        "goals": tuple(told for finding, told in pairs if is_of_goal(rule_set, finding)),
        "missing": tuple(in_short(rule_set.questions[code].wording) for code in outcome.missing),
        "unsure": tuple(in_short(rule_set.questions[code].wording) for code in outcome.unsure),
        "unknown": facts.unknown,
        "treatment": treatment.name,
        "note": treatment.note,
        "planned": names(rule_set, outcome.planned_sites),
        "allowed": names(rule_set, outcome.allowed_sites),
        "barred": names(rule_set, facts.barred),
        "perhaps": names(rule_set, facts.perhaps),
        "citations": _citations(rule_set, outcome),
        "rule_set": outcome.rule_set.code,
        "version": outcome.rule_set.version,
        "digest": outcome.rule_set.digest,
        "engine": outcome.engine,
    }


def _told_finding(
    rule_set: RuleSet, outcome: Outcome, finding: Finding, plan: Plan, audience: _Audience
) -> ToldFinding:
    rule, message = rule_set.rules[finding.rule], audience.message(finding)
    # A remark by a rule of another grade: how that rule is settled, and ends, is not said of it.
    is_aside = finding.grade == "note" != rule.grade
    return ToldFinding(
        rule=finding.rule,
        title=rule.title,
        status=finding.status,
        grade=finding.grade,
        urgency=finding.urgency,
        message=message,
        until=end_in_words(finding.until),
        settle="" if is_aside or rule.settle in message else rule.settle,
        next_step="" if is_aside or rule.next_step in message else rule.next_step,
        ends="" if is_aside else rule.ends,
        sites=names(rule_set, finding.sites),
        goals=_goals(rule_set, finding, plan),
        sources=finding.sources,
        reading=rule.reading if audience.knows_readings else "",
        touches_plan=touches_plan(outcome, finding),
    )


def _goals(rule_set: RuleSet, finding: Finding, plan: Plan) -> tuple[str, ...]:
    groups = rule_set.rules[finding.rule].groups
    about = {code for group in groups for one in group.criteria if one.operator == "goal" for code in one.value}
    return tuple(rule_set.goals[code].name for code in plan.goals if code in about)


def _groups(
    rule_set: RuleSet, outcome: Outcome, pairs: Iterable[tuple[Finding, ToldFinding]], audience: _Audience
) -> tuple[ToldGroup, ...]:
    by_kind: dict[str, list[ToldFinding]] = {kind: [] for kind in KINDS}
    for finding, told in pairs:
        if told.urgency == "none" and not is_of_goal(rule_set, finding):
            by_kind[kind_of(rule_set, outcome, finding)].append(told)
    return tuple(
        ToldGroup(kind, KINDS[kind], str(audience.headings[kind]), tuple(found))
        for kind, found in by_kind.items()
        if found
    )


def _calm_last(told: ToldFinding) -> int:
    return -URGENCIES.index(told.urgency)


def _citations(rule_set: RuleSet, outcome: Outcome) -> tuple[str, ...]:
    cited = {citation.source for finding in outcome.findings for citation in rule_set.rules[finding.rule].citations}
    return tuple(
        f"{source.code}: {source.title}{'' if source.title.endswith('?') else '.'} {source.note}"
        for source in rule_set.sources.values()
        if source.code in cited
    )
