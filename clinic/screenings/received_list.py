"""The self-checks that reached a clinic, as rows of a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from clinic.events import Event
from clinic.people.clinics import Clinic
from clinic.screenings.models import Sending
from screening.presentation.practitioner_words import LABELS
from screening.presentation.told import ICONS
from screening.rulesets import NotScreenable, published

READ = "self-check read"


@dataclass(frozen=True, slots=True)
class Row:
    """One self-check. `tone`, `icon`, `label`: its outcome; `is_new`: nobody of the clinic opened it yet."""

    sending: Sending
    treatment: str
    tone: str
    icon: str
    label: str
    is_new: bool


def sendings_of(clinic: Clinic) -> QuerySet[Sending]:
    """Return what reached a clinic, the newest first."""
    found: QuerySet[Sending] = Sending.objects.filter(clinic=clinic).select_related("screening")
    return found


def received_rows(sendings: Iterable[Sending]) -> list[Row]:
    """Return the sendings of one clinic as rows, with two queries for all of them besides their own."""
    shown = list(sendings)
    read, names = _read(shown), _treatment_names()
    return [_row(sending, names, is_new=_about(sending) not in read) for sending in shown]


def _row(sending: Sending, names: dict[str, str], *, is_new: bool) -> Row:
    screening = sending.screening
    outcome, treatment = screening.outcome["outcome"], screening.treatment
    return Row(
        sending=sending,
        treatment=names.get(treatment, treatment),
        tone=outcome,
        icon=ICONS[outcome],
        label=str(LABELS[outcome]),
        is_new=is_new,
    )


def _read(sendings: list[Sending]) -> set[str]:
    """Return which of the sendings somebody opened, as the trail names them."""
    clinics = {sending.clinic_id for sending in sendings}
    opened = Event.objects.filter(clinic__in=clinics, action=READ, about__in=map(_about, sendings))
    return set(opened.values_list("about", flat=True))


def _about(sending: Sending) -> str:
    return f"sending {sending.pk}"


def _treatment_names() -> dict[str, str]:
    try:
        return {code: treatment.name for code, treatment in published().treatments.items()}
    except NotScreenable:
        return {}
