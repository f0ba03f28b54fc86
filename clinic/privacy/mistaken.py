"""What stands in a person's record and says something of another: made of a self-check that was not theirs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet

from clinic.consultations.models import (
    Assessment,
    Countersign,
    Decision,
    Intake,
    Referral,
    ReferralStep,
    Settlement,
    Statement,
    VoidedDecision,
)
from clinic.documents.models import Document, DocumentContent
from clinic.people.patients import Patient
from clinic.screenings.models import Mismatch, Review, Screening, VoidedScreening

_PAPERS = (
    "screening", "decision__screening", "referral__screening", "consent__decision__screening",
    "session__check_screening", "session__decision__screening",
)  # fmt: skip
# The look-ups from a row to the screening that it says something of. A session, or a photograph, is the patient's own.
_SAYS: Mapping[type[Model], Sequence[str]] = {
    Screening: ("pk",),
    VoidedScreening: ("screening",),
    Review: ("screening", "sending__screening"),
    Intake: ("corrects", "sending__screening"),
    Assessment: ("screening",),
    Statement: ("screening",),
    Referral: ("screening",),
    ReferralStep: ("referral__screening",),
    Decision: ("screening",),
    Countersign: ("decision__screening",),
    VoidedDecision: ("decision__screening",),
    Settlement: ("decision__screening",),
    Document: _PAPERS,
    DocumentContent: tuple(f"document__{way}" for way in _PAPERS),
}
_NAMES_ANOTHER: Mapping[type[Model], str] = {Document: "patient", DocumentContent: "document__patient"}


def without_mistaken(patient: Patient, own: Mapping[type[Model], QuerySet[Any]]) -> dict[type[Model], QuerySet[Any]]:
    """Return a patient's rows by table without those that say something of another, or name another."""
    anothers = list(_screenings_of_another(patient))
    left: dict[type[Model], QuerySet[Any]] = {}
    for model, rows in own.items():
        others = Q(pk__in=[])
        for way in _SAYS.get(model, ()):
            others |= Q(**{f"{way}__in": anothers})
        if named := _NAMES_ANOTHER.get(model):
            others |= ~Q(**{named: patient.pk})
        left[model] = rows.exclude(pk__in=QuerySet(model).filter(others).values("pk"))
    return left


def _screenings_of_another(patient: Patient) -> set[int]:
    """Return the self-checks that were taken off a patient, and what was screened with their answers."""
    taken_off = Mismatch.objects.filter(patient=patient).exclude(sending__match__patient=patient)
    # Once the other's record is erased, only what it is based on tells.
    reviews = Screening.objects.filter(patient=patient, based_on__isnull=False)
    reviews = reviews.exclude(Q(based_on__patient=patient) | Q(based_on__sending__match__patient=patient))
    found: set[int] = set()
    more = {*taken_off.values_list("sending__screening", flat=True), *reviews.values_list("pk", flat=True)}
    while more - found:
        found |= more
        carried = Screening.objects.filter(Q(based_on__in=found) | Q(corrects__in=found), patient=patient)
        more = set(carried.values_list("pk", flat=True))
    return found
