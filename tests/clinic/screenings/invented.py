"""Invented people and answers for the tests of what reaches the clinic."""

import uuid
from datetime import UTC, date, datetime

from clinic.models import User
from clinic.people.clinics import Clinic, Membership
from clinic.people.patients import Patient
from clinic.screenings.invitations import invite
from clinic.screenings.models import Door
from clinic.screenings.store import send
from screening.engine.request import read_document
from screening.rulesets import published
from tests.screening.case_files import base_answers

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
BORN = date(1980, 3, 7)


def a_clinic(slug="park-street", **fields):
    return Clinic.objects.create(name="Park Street", slug=slug, treatments=["body-myostimulation"], **fields)


def a_member(clinic, role=Membership.Role.OWNER, name="olive"):
    user = User.objects.create_user(f"{name}@demo.example", name=name.title())
    Membership.objects.create(clinic=clinic, user=user, role=role)
    return user


def a_patient(clinic, **fields):
    return Patient.objects.create(clinic=clinic, **{"name": "Nora Novak", "born": BORN, **fields})


def a_link(clinic=None, **fields):
    """An invitation by link and its secret."""
    clinic = clinic or a_clinic()
    patient = fields.pop("patient", None) or a_patient(clinic)
    by = User.objects.first() or a_member(clinic)
    return invite(clinic=clinic, patient=patient, door=fields.pop("door", Door.LINK), by=by)


def a_case(**answers):
    """Everything answered in the safe way, but for `answers`."""
    request = {"treatment": "body-myostimulation", "sites": ["abdomen", "forearm-left"], "goals": ["sport"]}
    request["at"] = AT.isoformat()
    request["answers"] = base_answers(request) | answers
    return read_document(published(), request, lambda: AT)


def a_sending(*, clinic, invitation=None, key=None, case=None, **fields):
    case = case or a_case()
    given = {
        "answered_for": "me",
        "name": "Nora Novak",
        "born": BORN,
        "email": "nora@demo.example",
        "phone": "",
        "keeping_agreed": "Park Street may keep my answers.",
        "door": invitation.door if invitation else Door.ANONYMOUS,
    }
    return send(
        clinic=clinic,
        invitation=invitation,
        key=key or uuid.uuid4(),
        rule_set=published(),
        plan=case.plan,
        answers=case.answers,
        at=case.at,
        **(given | fields),
    )
