"""A correction of a stored screening, and the entry of a paper form: both are an intake that begins with something."""

from datetime import datetime
from typing import Any

from clinic.consultations.intake import IntakeError, open_intake
from clinic.consultations.models import Intake
from clinic.people.patients import Patient
from clinic.screenings.models import STAFF_DOORS, Door, Screening
from clinic.screenings.said import set_of
from screening.engine.moving import moved
from screening.rulesets import published


def may_be_corrected(screening: Screening) -> bool:
    """Return whether a correction may point at a screening: staff stand behind it, and it still counts."""
    if screening.door not in STAFF_DOORS or screening.by_id is None:
        return False
    return not hasattr(screening, "voided") and not screening.corrections.exists()


def correct(screening: Screening, why: str, *, by: Any, request: Any = None) -> Intake:
    """Open an intake that will replace a screening, beginning with what was stored, and return it.

    It stays as old as the screening's oldest answer. Raises IntakeError where the screening cannot be corrected, or
    another intake is in the making.
    """
    if not may_be_corrected(screening):
        raise IntakeError("This screening does not count any more, so there is nothing to correct.")
    plan = screening.plan
    answers, sites, goals, _ = moved(
        set_of(screening), published(), screening.answers, plan.get("sites", ()), plan.get("goals", ())
    )
    intake = open_intake(
        clinic=screening.clinic,
        patient=screening.patient,
        treatment=screening.treatment,
        by=by,
        corrects=screening,
        why=why,
        answers=answers,
        sites=sites,
        goals=goals,
        request=request,
    )
    # Only a draft that nobody has written in yet: notes are staff's own words.
    Intake.objects.filter(pk=intake.pk, revision=1, notes={}).update(notes=screening.notes)
    return intake


def enter_paper(patient: Patient, treatment: str, answered_at: datetime, *, by: Any, request: Any = None) -> Intake:
    """Open an intake for a form that was filled in on paper at `answered_at` (aware), and return it.

    Raises IntakeError where another intake is in the making.
    """
    return open_intake(
        clinic=patient.clinic,
        patient=patient,
        treatment=treatment,
        by=by,
        door=Door.PAPER,
        answered_at=answered_at,
        request=request,
    )
