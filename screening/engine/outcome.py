"""What a screening came to: frozen, complete with sources and versions, and equal after a trip through JSON."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from screening.engine.rule_set import RuleSetVersion

# Worst first (rule catalogue, section 1).
OUTCOMES = (
    "contraindicated",
    "not-advised",
    "deferred",
    "undetermined",
    "refer",
    "restricted",
    "prepare",
    "clear",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `until`: a date, an aware date-time, or None where the end is a condition and not a date.

    `sites`: every place it bars, planned or not; `answers`: the questions that decided it, in catalogue order.
    """

    rule: str
    grade: str
    status: Literal["met", "unresolved"]
    urgency: str
    sites: tuple[str, ...]
    until: date | datetime | None
    answers: tuple[str, ...]
    sources: tuple[str, ...]
    message: str
    patient_message: str

    def about(self, sites: tuple[str, ...], until: date | datetime | None, answers: tuple[str, ...]) -> "Finding":
        """Return the same finding for these sites, until then, and resting on these answers."""
        return Finding(
            self.rule,
            self.grade,
            self.status,
            self.urgency,
            sites,
            until,
            answers,
            self.sources,
            self.message,
            self.patient_message,
        )

    def to_json(self) -> dict[str, Any]:
        """Return it in the shape of the command line."""
        return {
            "rule": self.rule,
            "grade": self.grade,
            "status": self.status,
            "urgency": self.urgency,
            "sites": list(self.sites),
            "until": _written(self.until),
            "answers": list(self.answers),
            "sources": list(self.sources),
            "message": self.message,
            "patient_message": self.patient_message,
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "Finding":
        """Return the finding that `to_json` wrote as `document`."""
        lists = {name: tuple(document[name]) for name in ("sites", "answers", "sources")}
        return cls(**(document | lists | {"until": _read(document["until"])}))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one screening. It screens and shows its reasons; it is never permission to treat."""

    outcome: str
    findings: tuple[Finding, ...]
    planned_sites: tuple[str, ...]
    allowed_sites: tuple[str, ...]
    earliest: date | datetime | None
    missing: tuple[str, ...]
    unsure: tuple[str, ...]
    ignored: tuple[str, ...]
    rule_set: RuleSetVersion
    engine: str

    def to_json(self) -> dict[str, Any]:
        """Return it in the shape of the command line."""
        return {
            "outcome": self.outcome,
            "findings": [finding.to_json() for finding in self.findings],
            "planned_sites": list(self.planned_sites),
            "allowed_sites": list(self.allowed_sites),
            "earliest": _written(self.earliest),
            "missing": list(self.missing),
            "unsure": list(self.unsure),
            "ignored": list(self.ignored),
            "rule_set": {
                "code": self.rule_set.code,
                "version": self.rule_set.version,
                "digest": self.rule_set.digest,
            },
            "engine": self.engine,
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "Outcome":
        """Return the outcome that `to_json` wrote as `document`."""
        lists = ("planned_sites", "allowed_sites", "missing", "unsure", "ignored")
        read = {name: tuple(document[name]) for name in lists}
        read["findings"] = tuple(map(Finding.from_json, document["findings"]))
        rule_set = RuleSetVersion(**document["rule_set"])
        return cls(**(document | read | {"rule_set": rule_set, "earliest": _read(document["earliest"])}))


def _written(moment: date | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _read(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
