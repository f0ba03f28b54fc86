"""What the result page shows: the outcome in words, and what is still possible."""

from collections.abc import Mapping
from typing import Any

from clinic.self_check.journey import Journey
from screening import body_map
from screening.engine.outcome import Outcome
from screening.presentation import for_patient, others
from screening.presentation.told import LEAVES_PLACES_OPEN


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


def states_of(outcome: Outcome) -> Mapping[str, str]:
    """Return what each planned place is: left out, perhaps left out, possible, or chosen and nothing more."""
    met = [finding for finding in outcome.findings if finding.grade == "site" and finding.status == "met"]
    barred = {site for finding in met for site in finding.sites}
    otherwise = "allowed" if outcome.outcome in LEAVES_PLACES_OPEN else "planned"
    return {
        site: "barred" if site in barred else otherwise if site in outcome.allowed_sites else "perhaps"
        for site in outcome.planned_sites
    }
