"""What the result page shows: the outcome in words, what is still possible, and what a doctor may be asked about."""

import re
from dataclasses import dataclass
from typing import Any

from clinic.self_check.journey import Journey
from screening import body_map
from screening.engine.outcome import Finding
from screening.engine.rule_set import RuleSet
from screening.presentation import for_patient, others, states_of

# These a doctor's word may lift, or say that they are not there at all; what ends by itself waits for its day.
_GRADES = frozenset({"contraindicated", "not-advised", "refer"})
_NAMES_A_DOCTOR = re.compile(r"\b(doctor|hospital)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ForADoctor:
    """Something a letter to a doctor may be about: the code of its rule, and its title."""

    rule: str
    title: str


def for_a_doctor(journey: Journey) -> tuple[ForADoctor, ...]:
    """Return what came up that the rules send to a doctor. With what needs help at once nobody is sent for a letter."""
    wanted = [finding.rule for finding in journey.outcome.findings if _wants_a_doctor(journey.rule_set, finding)]
    return tuple(ForADoctor(rule, journey.rule_set.rules[rule].title) for rule in dict.fromkeys(wanted))


def _wants_a_doctor(rule_set: RuleSet, finding: Finding) -> bool:
    rule = rule_set.rules[finding.rule]
    names_one = _NAMES_A_DOCTOR.search(f"{rule.settle} {rule.next_step} {rule.ends}")
    return finding.grade in _GRADES and finding.urgency != "urgent" and names_one is not None


def result_context(journey: Journey) -> dict[str, Any]:
    """Return what the result page shows of the answers so far."""
    outcome, plan = journey.outcome, journey.plan
    offered = [treatment.code for treatment in journey.treatments if treatment.code != plan.treatment]
    return {
        "told": for_patient(journey.rule_set, outcome, plan),
        "others": others(
            journey.rule_set, offered, plan, journey.answers, journey.at, suit_sites=journey.clinic.suit_sites
        ),
        "views": body_map.pictured(journey.rule_set, states_of(outcome)),
    }
