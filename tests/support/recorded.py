"""A record in the demo's own database, for pages in a browser; run in a process of the demo."""

import json

from clinic.people import demo
from clinic.people.clinics import Clinic
from clinic.people.models import User
from tests.clinic.screenings.invented import a_patient, a_sending
from tests.support.record import a_record, a_screening

AGAINST = {"heart-disease": "yes", "skin-problem": "yes", "skin-problem-sites": ["forearm-left"]}


def record_in_the_demo():
    """Add two patients, one with a row of everything and one new, and what a stranger sent; give their ids as JSON."""
    clinic, by = Clinic.objects.get(slug="demo"), User.objects.get(email=demo.PEOPLE[1]["email"])
    row = a_record(clinic, by)
    patient = clinic.patients.get(pk=row["patient_id"])
    patient.name = "Renata Recorded"
    patient.save()
    against = a_screening(clinic, patient, by, sites=("forearm-left", "forearm-right"), **AGAINST)
    stranger, new = a_sending(clinic=clinic, name="Sunny Sender"), a_patient(clinic, name="Nadia New")
    more = {"name": patient.name, "against_id": against.pk, "position": 0, "stranger_id": stranger.pk, "new_id": new.pk}
    return json.dumps(row | more)
