"""What speaks against a session, in a few short lines for a list."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from clinic.consultations.models import Stop
from clinic.screenings.models import Screening
from screening.presentation.moments import moment_in_words
from screening.presentation.practitioner_words import LABELS

LINES = 3
# These grades speak against the whole session; a place is left out and a preparation made up for.
AGAINST = {"contraindicated": "contraindicated", "not-advised": "not advised", "defer": "defer", "refer": "refer"}


def in_short(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the first lines, and how many more there are."""
    shown = tuple(lines)
    if len(shown) <= LINES + 1:
        return shown
    return (*shown[:LINES], f"and {len(shown) - LINES} more")


def of_screening(screening: Screening, titles: Mapping[str, str]) -> list[str]:
    """Return what came out that speaks against the session, worst first; `titles` of the rules by code."""
    outcome = screening.outcome
    against = [
        f"{titles.get(finding['rule'], finding['message'])}: {AGAINST[finding['grade']]}{_until(finding)}"
        for finding in outcome["findings"]
        if finding["grade"] in AGAINST and finding["status"] == "met"
    ]
    open_findings = sum(finding["status"] == "unresolved" for finding in outcome["findings"])
    return [*against, f"{open_findings} unresolved"] if open_findings else against


def of_outcome(screening: Screening) -> list[str]:
    """Return the name of an outcome that speaks against the session; nothing of one that does not."""
    outcome = screening.outcome["outcome"]
    return [str(LABELS[outcome])] if outcome in ("contraindicated", "not-advised", "deferred", "refer") else []


def of_stop(stop: Stop, titles: Mapping[str, str]) -> list[str]:
    """Return what stopped a session: the findings by title, else that the record says it."""
    return [titles.get(code, code) for code in stop.rules] or ["See what stopped it on the patient’s page."]


def _until(finding: Mapping[str, Any]) -> str:
    return f" until {moment_in_words(date.fromisoformat(finding['until'][:10]))}" if finding["until"] else ""
