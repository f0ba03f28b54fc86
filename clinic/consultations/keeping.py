"""How staff write a row of a consultation: whose it is, who wrote it, and that it stands in the trail."""

from typing import Any

from django.db import models
from django.http import HttpRequest

from clinic.consultations.models import OfPatient
from clinic.events import record
from clinic.people.clinics import Membership
from clinic.people.patients import Patient


def whose(patient: Patient | None, membership: Membership) -> dict[str, Any]:
    """Return the columns that every row of a consultation has, but for its time."""
    return {"clinic": membership.clinic, "patient": patient, "by": membership.user, "role": membership.role}


def take_turn(patient: Patient) -> None:
    """Hold a patient until the transaction ends, so that what is written next is later than what was decided before.

    A row's time is taken where it is made: one that then waits for a decision would be thought to be known to it.
    """
    list(Patient.with_erased.select_for_update(of=("self",)).filter(pk=patient.pk))


def keep(row: OfPatient, action: str, request: HttpRequest | None, about: models.Model | None = None) -> None:
    """Store a new row, and in the trail that its author did `action` to it, or to `about`. In one transaction."""
    row.save(force_insert=True)
    whole = about or row
    record(action, clinic=row.clinic, patient=row.patient, about=whole, request=request, actor=row.by)
