"""Whose self-check it is: known from its invitation, or said once by somebody of the staff."""

from django.core.exceptions import ObjectDoesNotExist

from clinic.people.patients import Patient
from clinic.screenings.models import Sending


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
