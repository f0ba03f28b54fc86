"""Each kind of row of a patient's timeline, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from clinic.consultations.models import (
    AdverseEvent,
    Consent,
    Decision,
    Referral,
    ReferralStep,
    Session,
    Statement,
    Stop,
)
from clinic.screenings.models import Screening, Sending
from screening.presentation.moments import moment_in_words
from screening.presentation.practitioner_words import LABELS
from screening.presentation.told import ICONS

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `outcome`: of a screening, whose colour, icon and label it is shown with; `by`: who of the staff.

    `address`: the page of the row, empty where it has none; `no_more`: why it does not count any more.
    """

    at: datetime
    icon: str
    title: str
    words: str
    by: str = ""
    address: str = ""
    outcome: str = ""
    label: str = ""
    no_more: str = ""

    @property
    def outcome_icon(self) -> str:
        """The icon of its outcome."""
        return ICONS[self.outcome]


def sending(row: Sending, names: Names) -> Entry:
    """Return a self-check that the clinic received."""
    outcome = row.screening.outcome["outcome"]
    return Entry(
        at=row.sent_at,
        icon="chat-square-text",
        title="Self-check received",
        words=_name(row.screening.treatment, names) + (", to review" if hasattr(row, "awaiting") else ""),
        address=reverse("staff-received-one", args=[row.pk]),
        outcome=outcome,
        label=str(LABELS[outcome]),
    )


def screening(row: Screening, names: Names) -> Entry:
    """Return a screening that staff stand behind, with `is_corrected`."""
    outcome = row.outcome["outcome"]
    return Entry(
        at=row.answered_at,
        icon="clipboard-check",
        title="Correction of a screening" if row.corrects_id else "Screening",
        words=f"{_name(row.treatment, names)}, {row.get_door_display()}",
        by=row.by.name if row.by else "",
        address=reverse("staff-screening", args=[row.pk]),
        outcome=outcome,
        label=str(LABELS[outcome]),
        no_more=_struck(row) or ("corrected" if row.is_corrected else ""),  # type: ignore[attr-defined]
    )


def decision(row: Decision, names: Names) -> Entry:
    """Return a decision."""
    until = f" until {moment_in_words(row.until)}" if row.until else ""
    return Entry(
        at=row.at,
        icon="person-check",
        title=f"Decision: {row.get_kind_display().lower()}{until}",
        words=_name(row.treatment, names),
        by=row.by.name,
        address=reverse("staff-decision", args=[row.pk]),
        no_more=_struck(row),
    )


def referral(row: Referral, names: Names) -> Entry:  # noqa: ARG001
    """Return a referral with how far it is."""
    steps = sorted(row.steps.all(), key=lambda step: step.pk)
    last = ReferralStep.Kind(steps[-1].kind).label.lower() if steps else "requested"
    return Entry(
        at=row.at,
        icon="envelope",
        title="Referral",
        words=f"to {row.to}, {last}",
        by=row.by.name,
        address=reverse("staff-referral", args=[row.pk]),
    )


def statement(row: Statement, names: Names) -> Entry:  # noqa: ARG001
    """Return what a doctor, or somebody else, said about a finding."""
    letter = ", with a letter" if row.letter_id else ""
    return Entry(
        at=row.at,
        icon="file-earmark-text",
        title=row.get_kind_display(),
        words=f"{row.said_by}, {moment_in_words(row.said_on)}{letter}",
        by=row.by.name,
        address=reverse("staff-letter", args=[row.letter_id]) if row.letter_id else "",
    )


def consent(row: Consent, names: Names) -> Entry:
    """Return a consent, with how it was signed."""
    withdrawn = ", withdrawn" if hasattr(row, "withdrawal") else ""
    return Entry(
        at=row.at,
        icon="file-earmark-text",
        title=f"Consent {row.get_how_display()}",
        words=f"{_name(row.treatment, names)}, signed {moment_in_words(row.signed_on)}{withdrawn}",
        by=row.by.name,
        address=reverse("staff-consent", args=[row.pk]),
    )


def session(row: Session, names: Names) -> Entry:
    """Return a session."""
    return Entry(
        at=row.at,
        icon="play-circle",
        title="Session",
        words=_name(row.treatment, names),
        by=row.by.name,
        address=reverse("staff-session", args=[row.pk]),
        no_more=_struck(row),
    )


def stop(row: Stop, names: Names) -> Entry:
    """Return a session that was not started."""
    again = ". It wants a new screening" if row.needs_screening else ". It reopened the decision" if row.reopens else ""
    return Entry(
        at=row.at,
        icon="sign-stop",
        title="Session stopped before its start",
        words=f"{_name(row.treatment, names)}{again}",
        by=row.by.name,
        address=reverse("staff-stop", args=[row.pk]),
    )


def adverse_event(row: AdverseEvent, names: Names) -> Entry:  # noqa: ARG001
    """Return something that went wrong."""
    return Entry(
        at=row.at,
        icon="exclamation-triangle",
        title="Adverse event",
        words=row.get_severity_display(),
        by=row.by.name,
        address=reverse("staff-adverse", args=[row.pk]),
    )


def _struck(row: Any) -> str:
    return "struck out" if hasattr(row, "voided") else ""


def _name(treatment: str, names: Names) -> str:
    return names.get(treatment, treatment)
