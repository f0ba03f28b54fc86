"""Read before Django is set up: models are imported where they are needed."""

import pytest


@pytest.fixture
def clinic(db):
    from screening.rulesets import published
    from tests.clinic.screenings.invented import a_clinic

    clinic = a_clinic(read_when="Monday to Friday, 9 to 17")
    clinic.treatments = list(published().treatments)
    clinic.save()
    return clinic
