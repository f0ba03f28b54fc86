"""Whose self-check it is: known from its invitation, or said once by somebody of the staff."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import HttpRequest

from clinic.events import record
from clinic.people.patients import Patient
from clinic.screenings.models import AwaitingReview, Match, Sending


class NotToMatch(Exception):
    """Whose self-check it is cannot be said: it is known already, or nobody waits for a review of it any more."""


def patient_of(sending: Sending) -> Patient | None:
    """Return the patient of a sending, from its invitation or its match; none while a stranger's is not matched.

    Asks nothing where `screening__patient` and `match__patient` were selected with the sending.
    """
    if known := sending.screening.patient:
        found: Patient = known
        return found
    try:
        matched: Patient = sending.match.patient
    except ObjectDoesNotExist:
        return None
    return matched


@transaction.atomic
def match(sending: Sending, patient: Patient | None, *, by: Any, request: HttpRequest | None = None) -> Match:
    """Say once whose self-check a stranger's is, and return that; `patient` none: add them as who they said they are.

    Raises NotToMatch where it is known already or was set aside. Of two people at once, one is refused.
    """
    awaiting = AwaitingReview.objects.select_for_update().filter(sending=sending, patient=None).first()
    if awaiting is None or patient_of(sending) is not None:
        raise NotToMatch
    clinic, is_new = sending.clinic, patient is None
    if patient is None:
        facts = {"name": sending.name, "born": sending.born, "email": sending.email, "phone": sending.phone}
        patient = Patient.objects.create(clinic=clinic, **facts)
        record("patient added", clinic=clinic, patient=patient, about=patient, request=request, actor=by)
    matched = Match(clinic=clinic, sending=sending, patient=patient, is_new=is_new, by=by)
    matched.save(force_insert=True)
    awaiting.patient = patient
    awaiting.save(update_fields=["patient"])
    record("self-check matched", clinic=clinic, patient=patient, about=matched, request=request, actor=by)
    return matched
