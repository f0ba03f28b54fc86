"""What can be read from an outcome about the plan as a whole, before it is put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from screening.engine.outcome import Finding, Outcome
from screening.engine.rule_set import RuleSet
from screening.presentation.told import LEAVES_PLACES_OPEN

# What a finding says, and the tone of it, in the order in which it is told. A grade's own name, and three more: left
# open, a remark, and about places that are not planned.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "contraindicated": "contraindicated",
        "not-advised": "not-advised",
        "defer": "deferred",
        "open": "undetermined",
        "refer": "refer",
        "site": "restricted",
        "prepare": "prepare",
        "note": "clear",
        "elsewhere": "restricted",
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a headline rests on. `barred`, `perhaps`: planned places that are, or may be, left out, as codes.

    `kinds`: how many findings of each kind there are.
    """

    outcome: Outcome
    unknown: int
    barred: tuple[str, ...]
    perhaps: tuple[str, ...]
    kinds: Mapping[str, int]

    def is_of_places(self, outcome: str) -> bool:
        """Return whether this is the outcome, and only because every planned place is barred."""
        grade = {"contraindicated": "contraindicated", "deferred": "defer"}[outcome]
        return self.outcome.outcome == outcome and not self.kinds.get(grade)


def facts_of(rule_set: RuleSet, outcome: Outcome) -> Facts:
    """Return what a headline about `outcome` rests on."""
    states = states_of(outcome)
    kinds = [kind_of(rule_set, outcome, finding) for finding in outcome.findings]
    return Facts(
        outcome=outcome,
        unknown=len(unknown_things(rule_set, outcome)),
        barred=tuple(site for site, state in states.items() if state == "barred"),
        perhaps=tuple(site for site, state in states.items() if state == "perhaps"),
        kinds={kind: kinds.count(kind) for kind in kinds},
    )


def states_of(outcome: Outcome) -> Mapping[str, str]:
    """Return what each planned place is: left out, perhaps left out, possible, or chosen and nothing more."""
    met = [finding for finding in outcome.findings if finding.grade == "site" and finding.status == "met"]
    barred = {site for finding in met for site in finding.sites}
    otherwise = "allowed" if outcome.outcome in LEAVES_PLACES_OPEN else "planned"
    return {
        site: "barred" if site in barred else otherwise if site in outcome.allowed_sites else "perhaps"
        for site in outcome.planned_sites
    }


def kind_of(rule_set: RuleSet, outcome: Outcome, finding: Finding) -> str:
    """Return what a finding says: a key of KINDS, or "goal" for one about what the person hopes for."""
    if is_of_goal(rule_set, finding):
        return "goal"
    if not touches_plan(outcome, finding):
        return "elsewhere"
    return "open" if finding.status == "unresolved" and finding.grade != "note" else finding.grade


def is_of_goal(rule_set: RuleSet, finding: Finding) -> bool:
    """Return whether a finding is a remark about a goal."""
    return finding.grade == "note" and any(
        criterion.operator == "goal" for group in rule_set.rules[finding.rule].groups for criterion in group.criteria
    )


def touches_plan(outcome: Outcome, finding: Finding) -> bool:
    """Return whether a finding has a bearing on the plan; one about places that are not planned has none."""
    if finding.grade != "site" or (finding.status == "unresolved" and not finding.sites):
        return True
    return not set(outcome.planned_sites).isdisjoint(finding.sites)


def unknown_things(rule_set: RuleSet, outcome: Outcome) -> frozenset[str]:
    """Return the codes of what must be known before any treatment.

    They are the questions that are missing, those answered with "not sure" that leave a finding open, and the rules
    that are left open by plain answers. Each thing is there once, however many findings wait for it.
    """
    things = set(outcome.missing)
    for finding in outcome.findings:
        if finding.status == "unresolved" and finding.grade != "note" and touches_plan(outcome, finding):
            doubted = set(outcome.unsure).intersection(finding.answers)
            rule = rule_set.rules[finding.rule]
            read = {criterion.question for group in rule.groups for criterion in group.criteria}
            things |= doubted or (set() if read & set(outcome.missing) else {f"rule {finding.rule}"})
    return frozenset(things)
