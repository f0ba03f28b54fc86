import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from clinic.models import Membership, User
from clinic.people.access import CLINICAL, OWNER_ONLY, staff_of_a_clinic

pytestmark = pytest.mark.django_db

ROLES = Membership.Role.values


def answer(user, roles=None, session=None):
    """Ask a page for these roles as this person; give the membership it was called with."""
    request = RequestFactory().get("/")
    request.user, request.session = user, session or {}
    seen = []

    def view(request, membership):
        seen.append(membership)
        return HttpResponse()

    page = staff_of_a_clinic() if roles is None else staff_of_a_clinic(roles=roles)
    page(view)(request)
    return seen[0]


@pytest.mark.parametrize("role", ROLES)
def test_a_page_for_everybody_opens_to_every_role(sign_in_as, park_street, role):
    assert answer(sign_in_as(role, park_street)).clinic == park_street


@pytest.mark.parametrize("roles", [CLINICAL, OWNER_ONLY])
@pytest.mark.parametrize("role", ROLES)
def test_a_page_for_some_roles_is_closed_to_the_others(sign_in_as, park_street, role, roles):
    person = sign_in_as(role, park_street)
    if role in roles:
        assert answer(person, roles).role == role
    else:
        with pytest.raises(PermissionDenied):
            answer(person, roles)


def test_reception_is_the_one_role_that_is_not_clinical():
    assert set(ROLES) - set(CLINICAL) == {"reception"}
    assert [role for role in ROLES if not Membership(role=role).is_clinical] == ["reception"]


def test_a_person_without_a_clinic_gets_no_staff_page_even_with_the_admin():
    with pytest.raises(PermissionDenied):
        answer(User.objects.create_superuser("root@demo.example", name="Root"))


def test_somebody_suspended_gets_no_staff_page(sign_in_as, park_street):
    with pytest.raises(PermissionDenied):
        answer(sign_in_as("owner", park_street, suspended=True))


def test_the_clinic_chosen_in_the_session_is_the_one(sign_in_as, park_street, elsewhere):
    person = sign_in_as("owner", park_street)
    Membership.objects.create(user=person, clinic=elsewhere, role="reception")
    assert answer(person).clinic == park_street
    assert answer(person, session={"clinic": elsewhere.pk}).clinic == elsewhere


def test_a_role_counts_only_at_its_own_clinic(sign_in_as, park_street, elsewhere):
    person = sign_in_as("owner", park_street)
    Membership.objects.create(user=person, clinic=elsewhere, role="reception")
    with pytest.raises(PermissionDenied):
        answer(person, CLINICAL, session={"clinic": elsewhere.pk})


def test_a_clinic_in_the_session_that_the_person_left_is_passed_over(sign_in_as, park_street, elsewhere):
    person = sign_in_as("owner", park_street)
    assert answer(person, session={"clinic": elsewhere.pk}).clinic == park_street


def test_finding_the_membership_takes_one_query_and_leaves_the_logo(sign_in_as, park_street, django_assert_num_queries):
    person = sign_in_as("owner", park_street)
    with django_assert_num_queries(1):
        membership = answer(person)
        assert membership.clinic.name == "Park Street"
    assert membership.clinic.get_deferred_fields() == {"logo"}


def test_the_way_to_another_clinic_stands_on_each_staff_page_of_somebody_with_more_than_one(
    client, sign_in_as, park_street, elsewhere
):
    person = sign_in_as("owner", park_street)
    assert "Other clinics" not in client.get("/staff/patients/").content.decode()
    Membership.objects.create(user=person, clinic=elsewhere, role="reception")
    for address in ("/staff/patients/", "/staff/settings/", "/staff/team/"):
        page = client.get(address).content.decode()
        assert re.findall(r'name="clinic" value="([^"]+)"', page) == ["elsewhere"], address
    client.post("/staff/clinic/", {"clinic": "elsewhere"})
    assert re.findall(r'name="clinic" value="([^"]+)"', client.get("/staff/patients/").content.decode()) == [
        "park-street"
    ]


def test_a_clinic_that_suspended_the_person_is_not_offered(client, sign_in_as, park_street, elsewhere):
    Membership.objects.create(user=sign_in_as("owner", park_street), clinic=elsewhere, role="owner", suspended=True)
    assert "Other clinics" not in client.get("/staff/patients/").content.decode()
    assert client.post("/staff/clinic/", {"clinic": "elsewhere"}).status_code == 404
