"""The diary: every role adds, moves and cancels visits of its own clinic, and everything typed survives an error."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from clinic.events import Event
from clinic.people.clinics import Membership
from clinic.people.diary import Visit
from clinic.people.models import User
from clinic.people.patients import Patient

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
TYPED = {"day": "2026-12-01", "time": "14:30", "treatment": "facial-ems", "practitioner": ""}


@pytest.fixture
def patient(park_street):
    return Patient.objects.create(clinic=park_street, name="Nora Novak", born=date(1980, 3, 7))


@pytest.fixture
def visit(patient):
    starts = datetime(2026, 12, 1, 9, tzinfo=LONDON)
    return Visit.objects.create(clinic=patient.clinic, patient=patient, starts_at=starts, treatment="facial-ems")


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def adding(patient):
    return f"/staff/patients/{patient.pk}/visits/add/"


@pytest.mark.parametrize("role", Membership.Role.values)
def test_every_role_adds_a_visit_on_the_clinics_clock(client, sign_in_as, patient, role):
    person = sign_in_as(role, patient.clinic)
    response = client.post(adding(patient), TYPED)
    assert response.url == "/staff/day/2026-12-01/"
    visit = Visit.objects.get()
    assert visit.starts_at == datetime(2026, 12, 1, 14, 30, tzinfo=LONDON)
    assert (visit.clinic, visit.patient, visit.made_by, visit.practitioner) == (
        patient.clinic,
        patient,
        person,
        None,
    )
    event = Event.objects.first()
    assert (event.action, event.about, event.patient) == ("visit added", f"visit {visit.pk}", patient)


def test_the_day_that_was_looked_at_is_offered(client, sign_in_as, patient):
    sign_in_as("reception", patient.clinic)
    assert 'value="2026-12-24"' in text(client.get(f"{adding(patient)}?day=2026-12-24"))
    assert client.get(f"{adding(patient)}?day=soon").status_code == 200


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": ""}, "Enter the date."),
        ({"day": "2036-12-01"}, "This date is years away. Check the year."),
        ({"time": "half past"}, "Enter hours and minutes, such as 14:30."),
        ({"treatment": "emface"}, "Choose a treatment that your clinic offers."),
        ({"treatment": ""}, "Choose the treatment."),
        ({"practitioner": "999999"}, "Choose somebody who works at your clinic."),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_the_rest_stays(client, sign_in_as, patient, typed, words):
    sign_in_as("reception", patient.clinic)
    shown = text(client.post(adding(patient), TYPED | typed))
    assert shown.count(words) == 2
    assert "<title>Error: " in shown
    assert 'value="14:30"' in shown or "time" in typed
    assert 'value="2026-12-01"' in shown or "day" in typed
    assert Visit.objects.count() == 0


def test_a_time_that_the_clocks_leave_out_is_refused(client, sign_in_as, patient):
    sign_in_as("reception", patient.clinic)
    shown = text(client.post(adding(patient), TYPED | {"day": "2027-03-28", "time": "01:30"}))
    assert "The clocks go forward then" in shown


def test_only_those_who_treat_at_the_clinic_now_can_be_chosen(client, sign_in_as, patient, elsewhere):
    sign_in_as("owner", patient.clinic)
    for name, role, clinic, suspended in (
        ("Treats", "practitioner", patient.clinic, False),
        ("Left", "practitioner", patient.clinic, True),
        ("Desk", "reception", patient.clinic, False),
        ("Other", "practitioner", elsewhere, False),
    ):
        user = User.objects.create_user(f"{name}@demo.example", name=name)
        Membership.objects.create(user=user, clinic=clinic, role=role, suspended=suspended)
    shown = text(client.get(adding(patient)))
    assert re.findall(r'<option value="\d+">([^<]+)', shown) == ["A owner", "Treats"]


def test_a_visit_is_moved(client, sign_in_as, visit):
    sign_in_as("reception", visit.clinic)
    page = text(client.get(f"/staff/visits/{visit.pk}/"))
    assert ('value="2026-12-01"' in page, 'value="09:00"' in page) == (True, True)
    assert client.post(f"/staff/visits/{visit.pk}/", TYPED).url == "/staff/day/2026-12-01/"
    visit.refresh_from_db()
    assert visit.starts_at == datetime(2026, 12, 1, 14, 30, tzinfo=LONDON)
    assert (Event.objects.first().action, visit.history.count()) == ("visit changed", 2)


def test_a_visit_for_what_is_no_longer_offered_can_still_be_moved(client, sign_in_as, visit):
    Visit.objects.update(treatment="emface")
    sign_in_as("reception", visit.clinic)
    assert client.post(f"/staff/visits/{visit.pk}/", TYPED | {"treatment": "emface"}).status_code == 302


def test_a_cancelled_visit_stays_struck_out_and_can_be_taken_back(client, sign_in_as, visit):
    sign_in_as("reception", visit.clinic)
    day = client.post(f"/staff/visits/{visit.pk}/cancel/", follow=True)
    assert "<s>09:00 <bdi>Nora Novak</bdi></s>" in text(day)
    assert 'class="visit' not in text(day)
    assert client.get(f"/staff/visits/{visit.pk}/").status_code == 404
    client.post(f"/staff/visits/{visit.pk}/cancel/")
    client.post(f"/staff/visits/{visit.pk}/take-back/")
    visit.refresh_from_db()
    assert visit.cancelled_at is None
    noted = ["visit taken back", "list of the day read", "visit cancelled"]
    assert list(Event.objects.values_list("action", flat=True)) == noted


def test_whose_visit_it_is_is_found_without_a_name_in_an_address(client, sign_in_as, patient):
    sign_in_as("reception", patient.clinic)
    shown = text(client.post("/staff/visits/add/?day=2026-12-24", {"typed": "novak"}))
    assert f'href="{adding(patient)}?day=2026-12-24"' in shown
    assert "Nobody was found" in text(client.post("/staff/visits/add/", {"typed": "Quxwort"}))
    assert "Nobody was found" not in text(client.get("/staff/visits/add/"))


def test_another_clinics_rows_answer_as_those_that_do_not_exist(client, sign_in_as, visit, elsewhere):
    sign_in_as("owner", elsewhere)
    for method, address in (
        (client.get, adding(visit.patient)),
        (client.post, adding(visit.patient)),
        (client.get, f"/staff/visits/{visit.pk}/"),
        (client.post, f"/staff/visits/{visit.pk}/"),
        (client.post, f"/staff/visits/{visit.pk}/cancel/"),
        (client.post, f"/staff/visits/{visit.pk}/take-back/"),
    ):
        missing = re.sub(r"/\d+/", "/999999/", address, count=1)
        response, nothing = method(address, TYPED), method(missing, TYPED)
        assert (response.status_code, text(response)) == (404, text(nothing))
    assert "Novak" not in text(client.post("/staff/visits/add/", {"typed": "novak"}))
    visit.refresh_from_db()
    assert (visit.cancelled_at, Visit.objects.count()) == (None, 1)


@pytest.mark.parametrize("part", ["cancel", "take-back"])
def test_nothing_is_cancelled_by_following_an_address(client, sign_in_as, visit, part):
    sign_in_as("owner", visit.clinic)
    assert client.get(f"/staff/visits/{visit.pk}/{part}/").status_code == 405


def test_a_visit_far_in_the_past_is_refused_and_of_yesterday_is_not(client, sign_in_as, patient):
    sign_in_as("reception", patient.clinic)
    yesterday = (timezone.now() - timedelta(days=1)).date().isoformat()
    assert client.post(adding(patient), TYPED | {"day": yesterday}).status_code == 302
    assert "Check the year" in text(client.post(adding(patient), TYPED | {"day": "1926-12-01"}))
