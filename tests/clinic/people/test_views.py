import pytest

from clinic.models import Membership

pytestmark = pytest.mark.django_db


def ways(client):
    text = client.get("/staff/").content.decode()
    return {address for address in ("/staff/patients/", "/staff/settings/") if f'href="{address}"' in text}


@pytest.mark.parametrize("role", Membership.Role.values)
def test_every_page_leads_each_role_to_what_it_may_open(client, sign_in_as, park_street, role):
    sign_in_as(role, park_street)
    expected = {"/staff/patients/", "/staff/settings/"} if role == "owner" else {"/staff/patients/"}
    assert ways(client) == expected


def test_a_person_of_two_clinics_goes_from_one_to_the_other(client, sign_in_as, park_street, elsewhere):
    person = sign_in_as("owner", park_street)
    assert "clinic-switcher" not in client.get("/staff/").content.decode()
    Membership.objects.create(user=person, clinic=elsewhere, role="reception")
    assert "Go to Elsewhere" in client.get("/staff/").content.decode()
    page = client.post("/staff/clinic/", {"clinic": "elsewhere"}, follow=True)
    assert page.context["membership"].clinic == elsewhere
    assert client.get("/staff/settings/").status_code == 403


@pytest.mark.parametrize("slug", ["elsewhere", "nowhere", ""])
def test_nobody_chooses_a_clinic_that_is_not_theirs(client, sign_in_as, park_street, elsewhere, slug):
    sign_in_as("owner", park_street)
    assert client.post("/staff/clinic/", {"clinic": slug}).status_code == 404
    assert client.get("/staff/").context["membership"].clinic == park_street
