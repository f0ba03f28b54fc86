"""A patient of the demo who is ready for today's check, as rows; run in a process with the demo's own database."""

from datetime import date, timedelta

from django.utils import timezone

from clinic.people.clinics import Clinic, Device
from clinic.people.demo import PEOPLE
from clinic.people.models import User
from clinic.people.patients import Patient
from tests.clinic.consultations.gated import PLAN, a_request
from tests.clinic.consultations.rows import a_consent, a_decision
from tests.clinic.consultations.stored import a_screening


def ready_in_the_demo(name):
    """Add the patient, screened and decided on two days ago, with a procedure that was assessed; give the number."""
    clinic, by = Clinic.objects.get(slug="demo"), User.objects.get(email=PEOPLE[1]["email"])
    patient = Patient.objects.create(clinic=clinic, name=name, born=date(1980, 3, 7))
    at = timezone.now() - timedelta(days=2)
    case = a_request(PLAN, at, {"recent-procedure": "yes"})
    screening = a_screening(patient, by=by, at=at, case=case)
    settled = {"rule": "recent-procedure", "answers": {"recent-procedure": "yes"}, "reason": "assessed"}
    decision = a_decision(
        screening,
        by=by,
        settles=[settled],
        at=at,
        device=Device.objects.filter(clinic=clinic).first(),
        course={"sessions": 8, "interval_days": 5},
    )
    a_consent(decision, by=by)
    return patient.pk
