"""The self-checks that reached a clinic, as rows of a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from clinic.people.clinics import Clinic
from clinic.people.offered import treatment_names
from clinic.screenings.models import AwaitingReview, Review, Sending
from screening.engine.rule_set import URGENCIES
from screening.presentation.practitioner_words import LABELS
from screening.presentation.told import ICONS

SOON = {"urgent": "Urgent", "advice-today": "Advice today", "none": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """One self-check. `tone`, `icon`, `label`: its outcome; `soon`: how soon somebody has to look, in words.

    `state`: what became of it; empty once it was reviewed.
    """

    sending: Sending
    treatment: str
    tone: str
    icon: str
    label: str
    soon: str
    state: str


def sendings_of(clinic: Clinic) -> QuerySet[Sending]:
    """Return what reached a clinic, the newest first; of each, whether it was set aside (`is_set_aside`)."""
    aside = Review.objects.filter(sending=OuterRef("pk")).exclude(set_aside="")
    found: QuerySet[Sending] = (
        Sending.objects.filter(clinic=clinic)
        .select_related("screening", "awaiting")
        .annotate(is_set_aside=Exists(aside))
    )
    return found


def received_rows(sendings: Iterable[Sending]) -> list[Row]:
    """Return the sendings of one clinic as rows, with one query for all of them besides their own."""
    names = treatment_names()
    return [_row(sending, getattr(sending, "awaiting", None), names, _state(sending)) for sending in sendings]


def awaiting_rows(awaiting: Iterable[AwaitingReview]) -> list[Row]:
    """Return what waits for a review as rows, with one query for all of them besides their own."""
    names = treatment_names()
    return [_row(one.sending, one, names, "" if one.patient else "Not matched to a patient") for one in awaiting]


def _state(sending: Sending) -> str:
    if getattr(sending, "awaiting", None):
        return "To review"
    return "Set aside" if getattr(sending, "is_set_aside", False) else ""


def _row(sending: Sending, awaiting: AwaitingReview | None, names: dict[str, str], state: str) -> Row:
    screening = sending.screening
    outcome, treatment = screening.outcome["outcome"], screening.treatment
    return Row(
        sending=sending,
        treatment=names.get(treatment, treatment),
        tone=outcome,
        icon=ICONS[outcome],
        label=str(LABELS[outcome]),
        soon=SOON[URGENCIES[awaiting.urgency]] if awaiting else "",
        state=state,
    )
