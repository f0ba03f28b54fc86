"""What the result page shows: the outcome in words, and what is still possible."""

from typing import Any

from clinic.self_check.journey import Journey
from screening import body_map
from screening.presentation import for_patient, others, states_of


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
