"""A sheet that will not be signed any more: when it is over, and how staff close it."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from clinic.consultations.signing_models import ClosedSheet, ConsentSheet
from clinic.events import record
from clinic.people.clinics import Membership
from clinic.people.patients import Patient
from clinic.screenings import invitations


def why_over(sheet: ConsentSheet) -> str:
    """Return why a sheet is over for good; empty while it is open."""
    if hasattr(sheet, "signed"):
        return "It is signed by everybody."
    if hasattr(sheet, "closed"):
        return f"It was closed: {sheet.closed.why}"
    return ""


@transaction.atomic
def close(sheet: ConsentSheet, why: str, *, membership: Membership, request: HttpRequest) -> None:
    """Close a sheet, for a reason in words: it will not be signed any more. One that is over stays as it is."""
    row: ConsentSheet = ConsentSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if why_over(row):
        return
    ClosedSheet(sheet=row, why=why, by=membership.user).save()
    if row.invitation:
        invitations.close(row.invitation, request)
    whose: dict[str, Any] = {"clinic": row.clinic, "patient": row.patient, "actor": membership.user}
    record("consent closed", about=row, request=request, **whose)


def close_open(patient: Patient, treatment: str, why: str, membership: Membership, request: HttpRequest) -> None:
    """Close whatever is open for a patient and a treatment."""
    for sheet in open_sheets(patient, treatment):
        close(sheet, why, membership=membership, request=request)


def open_sheets(patient: Patient, treatment: str) -> Any:
    """Return the sheets for a patient and a treatment that are neither signed by everybody nor closed."""
    rows = ConsentSheet.objects.filter(clinic=patient.clinic_id, patient=patient, treatment=treatment)
    return rows.filter(signed=None, closed=None).select_related("invitation", "clinic", "patient")
