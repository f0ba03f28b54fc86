"""One person of a clinic, and that clinic. Read before Django is set up: models are imported where they are needed."""

import pytest


@pytest.fixture
def by():
    from tests.clinic.screenings.invented import a_clinic, a_member

    return a_member(a_clinic())


@pytest.fixture
def clinic(by):
    return by.memberships.get().clinic
