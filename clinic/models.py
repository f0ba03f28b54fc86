"""Every room's models in one place, so that the clinic has one migration history."""

from clinic.events import Event
from clinic.people.clinics import Clinic, Device, Membership
from clinic.people.models import User
from clinic.people.patients import Patient
from clinic.screenings.models import Draft, Invitation, Screening, Sending

__all__ = ["Clinic", "Device", "Draft", "Event", "Invitation", "Membership", "Patient", "Screening", "Sending", "User"]
