import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clinic.models import Clinic, Device, Event, Membership, User
from clinic.people.settings_forms import SECTIONS, suit_sites, time_zones
from screening.models import RuleSet
from screening.rulesets import published
from tests.clinic.people.test_logos import picture

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ADDRESSES = ["/staff/settings/", "/staff/settings/devices/add/", *(f"/staff/settings/{name}/" for name in SECTIONS)]
DETAILS = {
    "name": "Park Street Clinic",
    "street": "2 Invented Lane",
    "phone": "01632 960 002",
    "email": "desk@demo.example",
    "read_when": "Monday to Friday",
    "time_zone": "Pacific/Auckland",
}


@pytest.fixture
def owner(sign_in_as, park_street):
    return sign_in_as("owner", park_street)


@pytest.mark.parametrize("role", [role for role in Membership.Role.values if role != "owner"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_only_the_owner_opens_the_settings(client, sign_in_as, park_street, role, address):
    sign_in_as(role, park_street)
    assert client.get(address).status_code == 403
    assert client.post(address, DETAILS).status_code in (403, 405)
    assert Clinic.objects.get(pk=park_street.pk).name == "Park Street"


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_owner_opens_every_part(client, owner, address):
    assert client.get(address).status_code == 200


def test_a_part_that_does_not_exist_is_not_found(client, owner):
    assert client.get("/staff/settings/anything/").status_code == 404


def test_a_change_is_kept_in_the_clinic_the_trail_and_the_history(client, owner, park_street):
    page = client.post("/staff/settings/details/", DETAILS, follow=True)
    assert page.redirect_chain == [("/staff/settings/", 302)]
    assert "Name and contact: saved." in page.content.decode()
    park_street.refresh_from_db()
    assert {name: getattr(park_street, name) for name in DETAILS} == DETAILS
    told = Event.objects.filter(action__startswith="clinic changed")
    assert {event.action for event in told} == {f"clinic changed: {name}" for name in DETAILS}
    assert {(event.clinic, event.actor, event.about) for event in told} == {
        (park_street, owner, f"clinic {park_street.pk}")
    }
    newest = park_street.history.first()
    assert (newest.name, newest.history_user) == ("Park Street Clinic", owner)


def test_a_refused_change_leaves_the_clinic_and_the_trail_as_they_are(client, owner, park_street):
    page = client.post("/staff/settings/details/", DETAILS | {"name": "", "time_zone": "Mars/Phobos"})
    assert set(page.context["form"].errors) == {"name", "time_zone"}
    assert page.context["clinic"].name == "Park Street"
    assert not Event.objects.exists()


def test_the_time_zones_are_places_and_hold_the_clinics_first_one():
    codes = [code for code, _ in time_zones()]
    assert {"Europe/London", "Asia/Kolkata", "UTC"} <= set(codes)
    assert not [code for code in codes if code.startswith("Etc/")]


@pytest.mark.hazard("H-28")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lowest_age", 0),
        ("lowest_age", 100),
        ("link_days", 0),
        ("link_days", 91),
        ("validity_months", 7),
        ("consent_months", 0),
        ("consent_months", 61),
        ("consent_version", ""),
        ("keep_years", 0),
    ],
)
def test_a_policy_outside_its_bounds_is_refused(client, owner, park_street, field, value):
    policies = {"lowest_age": 18, "link_days": 14, "validity_months": 6, "keep_years": 10}
    policies |= {"consent_months": 12, "consent_version": "1"}
    page = client.post("/staff/settings/policies/", policies | {field: value})
    assert list(page.context["form"].errors) == [field]
    assert client.post("/staff/settings/policies/", policies | {"lowest_age": 21}).status_code == 302
    assert Clinic.objects.get(pk=park_street.pk).lowest_age == 21


def test_treatments_are_those_with_rules_and_at_least_one(client, owner, park_street):
    page = client.get("/staff/settings/offer/")
    offered = [code for code, _ in page.context["form"].fields["treatments"].choices]
    assert offered == [one.code for one in published().treatments.values() if one.plan != "not-offered"]
    none = client.post("/staff/settings/offer/", {"suit_sites": ["chest"]})
    assert none.context["form"].errors == {"treatments": ["Choose at least one treatment."]}
    unruled = client.post("/staff/settings/offer/", {"treatments": ["iontophoresis"]})
    assert list(unruled.context["form"].errors) == ["treatments"]
    client.post("/staff/settings/offer/", {"treatments": ["emface", "ems-training"], "suit_sites": ["chest"]})
    park_street.refresh_from_db()
    assert (park_street.treatments, park_street.suit_sites) == (["emface", "ems-training"], ["chest"])


def test_the_error_summary_leads_to_the_first_box(client, owner):
    text = client.post("/staff/settings/offer/", {}).content.decode()
    assert '<a href="#id_treatments_0">Choose at least one treatment.</a>' in text
    assert text.count('id="id_treatments_0"') == 1


def test_a_suit_may_reach_every_place_of_its_regions_that_its_plan_has_not(client):
    rule_set = published()
    suit = rule_set.treatments["ems-training"]
    codes = {code for code, _ in suit_sites(rule_set)}
    assert "chest" in codes
    assert codes.isdisjoint(suit.fixed_sites)
    assert {rule_set.sites[code].region for code in codes} <= set(suit.regions)
    assert all(rule_set.sites[code].plannable for code in codes)


def test_without_rules_in_force_the_settings_still_open(client, owner):
    RuleSet.objects.update(status=RuleSet.Status.DRAFT, published_at=None)
    assert client.get("/staff/settings/").status_code == 200
    assert client.get("/staff/settings/offer/").status_code == 200


def test_a_logo_is_shown_to_everybody_and_can_be_given_up(client, owner, park_street):
    assert client.get("/c/park-street/logo/").status_code == 404
    logo = SimpleUploadedFile("logo.png", picture(), "image/png")
    client.post("/staff/settings/look/", {"accent": "wine", "logo_file": logo})
    client.logout()
    answer = client.get("/c/park-street/logo/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.content.startswith(b"RIFF")
    client.force_login(owner)
    client.post("/staff/settings/look/", {"accent": "wine"})
    assert Clinic.objects.get(pk=park_street.pk).logo_type == "image/webp"
    client.post("/staff/settings/look/", {"accent": "wine", "without_logo": "on"})
    park_street.refresh_from_db()
    assert (bytes(park_street.logo), park_street.logo_type, park_street.accent) == (b"", "", "wine")


def test_a_file_that_is_no_picture_is_refused_and_the_logo_stays(client, owner, park_street):
    page = client.post("/staff/settings/look/", {"accent": "wine", "logo_file": SimpleUploadedFile("a.png", b"x")})
    assert list(page.context["form"].errors) == ["logo_file"]
    assert Clinic.objects.get(pk=park_street.pk).accent == "petrol"


def test_the_accent_colours_the_staffs_pages(client, owner, park_street):
    Clinic.objects.update(accent="plum")
    for address in ("/staff/", "/staff/patients/", "/staff/settings/"):
        assert 'data-accent="plum"' in client.get(address).content.decode().split("<main")[0]


def test_a_device_is_added_and_taken_out_of_use(client, owner, park_street):
    made = {"make": "Invented Works", "model": "Suit One", "serial_number": "1"}
    client.post("/staff/settings/devices/add/", made | {"in_use": "on"})
    device = Device.objects.get()
    assert (device.clinic, device.in_use) == (park_street, True)
    client.post(f"/staff/settings/devices/{device.pk}/", made)
    device.refresh_from_db()
    assert device.in_use is False
    assert list(Event.objects.values_list("action", flat=True)) == ["device changed: in_use", "device added"]


def test_another_clinics_device_is_not_found(client, owner, elsewhere):
    device = Device.objects.create(clinic=elsewhere, make="Invented", model="Other")
    assert client.get(f"/staff/settings/devices/{device.pk}/").status_code == 404
    assert client.post(f"/staff/settings/devices/{device.pk}/", {"make": "a", "model": "b"}).status_code == 404


def test_the_settings_count_the_people_who_work_here_and_lead_to_them(client, owner, park_street, elsewhere):
    for role, clinic, suspended in (("reception", elsewhere, False), ("practitioner", park_street, True)):
        other = User.objects.create_user(f"other.{role}@demo.example", name="Other")
        Membership.objects.create(user=other, clinic=clinic, role=role, suspended=suspended)
    page = client.get("/staff/settings/")
    assert page.context["team"] == 1
    assert 'href="/staff/team/"' in page.content.decode()
