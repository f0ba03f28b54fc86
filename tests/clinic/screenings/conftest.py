"""Read before Django is set up: models are imported where they are needed."""

import pytest


@pytest.fixture
def clinic(db):
    from tests.clinic.screenings.invented import a_clinic

    return a_clinic()


@pytest.fixture
def elsewhere(db):
    from tests.clinic.screenings.invented import a_clinic

    return a_clinic("elsewhere")


@pytest.fixture
def sign_in(client, clinic):
    """Sign somebody in who works at the clinic; give the person."""
    from tests.clinic.screenings.invented import a_member

    def sign_in_as(role="practitioner"):
        person = a_member(clinic, role, name=role)
        client.force_login(person)
        return person

    return sign_in_as
