"""Read before Django is set up: models are imported where they are needed."""

import pytest


@pytest.fixture
def park_street(db):
    from clinic.models import Clinic

    return Clinic.objects.create(name="Park Street", slug="park-street", treatments=["facial-ems"])


@pytest.fixture
def elsewhere(db):
    from clinic.models import Clinic

    return Clinic.objects.create(name="Elsewhere", slug="elsewhere")


@pytest.fixture
def sign_in_as(client):
    """Sign a new person in, as this role at that clinic; give the person."""
    from clinic.models import Membership, User

    def sign_in(role, clinic, **fields):
        person = User.objects.create_user(f"{role}@demo.example", name=f"A {role}")
        Membership.objects.create(user=person, clinic=clinic, role=role, **fields)
        client.force_login(person)
        return person

    return sign_in
