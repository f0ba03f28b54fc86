"""What a plan may hold, before anything is answered: places that no answer opens, and goals that go with the places."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from screening.engine.answers import Plan
from screening.engine.evaluate import evaluate
from screening.engine.outcome import Finding
from screening.engine.rule_set import Goal, RuleSet


def barred_for_good(rule_set: RuleSet, treatment: str, sites: tuple[str, ...], at: datetime) -> Mapping[str, Finding]:
    """Return, of these places of a treatment, those that no answer opens, each with the finding that says so."""
    found = evaluate(rule_set, {}, Plan(treatment, sites), at).findings
    return {site: finding for finding in found if rule_set.rules[finding.rule].for_good for site in finding.sites}


def goals_for(rule_set: RuleSet, sites: Iterable[str]) -> list[Goal]:
    """Return the goals that go with the part of the body that these places are on, and those that go with any."""
    regions = {rule_set.sites[code].region for code in sites}
    areas = {"any"} | ({"face"} if regions & {"face", "neck"} else set()) | ({"body"} if regions - {"face"} else set())
    return [goal for goal in rule_set.goals.values() if goal.area in areas]
