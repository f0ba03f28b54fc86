"""The legal hold: as long as one holds, nothing about its patient is erased."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from clinic.events import record
from clinic.people.patients import Patient
from clinic.privacy.models import LegalHold, LiftedHold


def hold_of(patient: Patient) -> LegalHold | None:
    """Return the hold that keeps a patient's record, if one does."""
    found: LegalHold | None = LegalHold.objects.filter(patient=patient, lifted=None).select_related("by").first()
    return found


@transaction.atomic
def set_hold(patient: Patient, why: str, *, by: Any, request: HttpRequest | None = None) -> LegalHold:
    """Keep everything about a patient from being erased, and return the hold; a second one is the first.

    Raises ValueError without a reason, Patient.DoesNotExist where the record was erased just now.
    """
    locked = _locked(patient, why)
    if already := hold_of(locked):
        return already
    hold = LegalHold(clinic_id=locked.clinic_id, patient=locked, why=why.strip(), by=by)
    hold.save()
    record("legal hold set", clinic=hold.clinic, patient=locked, about=hold, request=request, actor=by)
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, why: str, *, by: Any, request: HttpRequest | None = None) -> LiftedHold:
    """Lift a hold for a reason, and return that; the second time, the first one is given. Raises ValueError."""
    locked = _locked(hold.patient, why)
    if already := LiftedHold.objects.filter(hold=hold).first():
        found: LiftedHold = already
        return found
    lifted = LiftedHold(hold=hold, why=why.strip(), by=by)
    lifted.save()
    record("legal hold lifted", clinic=hold.clinic, patient=locked, about=hold, request=request, actor=by)
    return lifted


def _locked(patient: Patient, why: str) -> Patient:
    if not why.strip():
        raise ValueError("It wants a reason.")
    return Patient.objects.select_for_update().get(pk=patient.pk)
