"""Who may be the same person: shown when likely, and nobody is shown for a name or a telephone alone."""

from datetime import date

import pytest

from clinic.models import Patient
from clinic.people.duplicates import likely_duplicates

pytestmark = pytest.mark.django_db

BORN = date(1985, 3, 14)
OWN = {"name": "Ada Example", "born": BORN, "phone": "01632 960 011", "email": "ada@demo.example"}


@pytest.mark.hazard("H-09")
@pytest.mark.parametrize(
    ("there", "is_alike"),
    [
        ({}, True),
        ({"phone": "", "email": ""}, True),
        ({"name": "Example, Áda", "email": "", "phone": ""}, True),
        ({"name": "Ada Maria Exampel", "email": "", "phone": ""}, True),
        ({"name": "Adelaide Example", "goes_by": "Ada", "phone": "", "email": ""}, True),
        ({"name": "Ada Married", "phone": "", "email": ""}, True),
        ({"name": "Somebody Else", "email": "", "phone": "+44 1632 960011"}, True),
        ({"name": "Somebody Else", "email": "ADA@demo.example", "phone": ""}, True),
        ({"born": date(1985, 3, 15), "phone": "", "email": ""}, True),
        ({"born": date(1958, 3, 14), "phone": "", "email": ""}, True),
        ({"born": date(1950, 1, 1), "email": ""}, True),
        ({"born": date(1950, 1, 1), "phone": "", "email": ""}, False),
        ({"name": "Bo Example", "born": date(2012, 5, 5)}, False),
        ({"name": "Somebody Else", "phone": "", "email": ""}, False),
    ],
)
def test_likeness(park_street, there, is_alike):
    patient = Patient.objects.create(clinic=park_street, **OWN | there)
    assert likely_duplicates(park_street, **OWN) == ([patient] if is_alike else [])


@pytest.mark.hazard("H-09")
def test_day_and_month_the_other_way_round_are_a_slip(park_street):
    patient = Patient.objects.create(clinic=park_street, name="Ada Example", born=date(1985, 3, 4))
    assert likely_duplicates(park_street, "Ada Example", date(1985, 4, 3)) == [patient]


def test_the_likeliest_comes_first_and_another_clinics_never(park_street, elsewhere):
    slip = Patient.objects.create(clinic=park_street, name="Ada Exampel", born=date(1985, 3, 15))
    same = Patient.objects.create(clinic=park_street, **OWN)
    Patient.objects.create(clinic=elsewhere, **OWN)
    assert likely_duplicates(park_street, **OWN) == [same, slip]


def test_it_asks_three_times_whatever_is_there(park_street, django_assert_num_queries):
    for day in range(1, 20):
        Patient.objects.create(clinic=park_street, **OWN | {"born": date(1985, 3, day)})
    with django_assert_num_queries(3):
        likely_duplicates(park_street, **OWN)
