"""Every room's models in one place, so that the clinic has one migration history."""

from clinic.consultations.models import (
    AdverseEvent,
    Assessment,
    Consent,
    ConsentWithdrawal,
    Countersign,
    Decision,
    Intake,
    Letter,
    Referral,
    ReferralStep,
    Session,
    SessionRecord,
    Settlement,
    Statement,
    Stop,
    VoidedDecision,
    VoidedSession,
)
from clinic.events import Event
from clinic.people.clinics import Clinic, Device, Membership
from clinic.people.diary import Visit
from clinic.people.models import User
from clinic.people.patients import Patient, PatientKey
from clinic.screenings.models import (
    AwaitingReview,
    Draft,
    Invitation,
    Match,
    Review,
    Screening,
    Sending,
    VoidedScreening,
)

__all__ = [
    "AdverseEvent",
    "Assessment",
    "AwaitingReview",
    "Clinic",
    "Consent",
    "ConsentWithdrawal",
    "Countersign",
    "Decision",
    "Device",
    "Draft",
    "Event",
    "Intake",
    "Invitation",
    "Letter",
    "Match",
    "Membership",
    "Patient",
    "PatientKey",
    "Referral",
    "ReferralStep",
    "Review",
    "Screening",
    "Sending",
    "Session",
    "SessionRecord",
    "Settlement",
    "Statement",
    "Stop",
    "User",
    "Visit",
    "VoidedDecision",
    "VoidedScreening",
    "VoidedSession",
]
