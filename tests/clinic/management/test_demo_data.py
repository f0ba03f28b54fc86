"""The large invented clinic: as many patients as asked for, found by the search, with what happened to them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from clinic.models import AwaitingReview, Clinic, Decision, Patient, PatientKey, Screening, Session, Visit
from clinic.people import demo
from clinic.people.search import search


def make(number):
    call_command("demo_data", number, stdout=StringIO(), skip_checks=True)


def test_it_refuses_outside_a_demo():
    with override_settings(DEMO=False), pytest.raises(CommandError, match="not a demo"):
        make(1)


@pytest.mark.django_db
def test_it_makes_a_clinic_with_all_that_happens_in_one_and_adds_only_what_is_missing():
    make(40)
    clinic = Clinic.objects.get(slug="large")
    assert list(clinic.memberships.values_list("role", flat=True)) == list(demo.ROLES)
    assert Patient.history.filter(clinic=clinic).count() == clinic.patients.count() == 40
    assert set(PatientKey.objects.filter(clinic=clinic).values_list("patient", flat=True)) == set(
        clinic.patients.values_list("pk", flat=True)
    )
    somebody = clinic.patients.last()
    assert somebody in search(clinic, f"{somebody.name} {somebody.born}")
    made = {
        model.__name__: model.objects.filter(clinic=clinic).count() for model in (Visit, Screening, Decision, Session)
    }
    assert made.pop("Visit") == 61 * 40
    assert min(made.values()) > 0
    assert AwaitingReview.objects.exclude(clinic=clinic).count() == 0
    make(45)
    assert (clinic.patients.count(), clinic.visits.count(), clinic.memberships.count()) == (
        45,
        61 * 40,
        len(demo.ROLES),
    )
