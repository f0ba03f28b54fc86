"""A correction of a stored screening, and the entry of a paper form: both are an intake that begins with something."""

from datetime import datetime
from typing import Any

from clinic.consultations.comparing import carried
from clinic.consultations.intake import IntakeError, open_intake
from clinic.consultations.models import Intake
from clinic.people.patients import Patient
from clinic.screenings.models import Door, Screening
from screening.rulesets import published


def correct(screening: Screening, why: str, *, by: Any, request: Any = None) -> Intake:
    """Open an intake that will replace a screening, beginning with what was stored, and return it.

    It stays as old as the screening's oldest answer. Raises IntakeError where the screening cannot be corrected, or
    another intake is in the making.
    """
    if screening.patient is None:
        raise IntakeError("Nobody has said yet whose screening this is.")
    return open_intake(
        clinic=screening.clinic,
        patient=screening.patient,
        treatment=screening.treatment,
        by=by,
        corrects=screening,
        why=why,
        notes=screening.notes,
        request=request,
        **carried(screening, published())._asdict(),
    )


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
