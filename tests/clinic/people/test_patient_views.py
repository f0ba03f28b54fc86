from datetime import UTC, date, datetime

import pytest
import time_machine

from clinic.models import Event, Membership, Patient

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Example", "born": "1985-03-14", "email": "ada@demo.example", "phone": ""}


@pytest.fixture
def ada(park_street):
    return Patient.objects.create(clinic=park_street, name="Ada Example", born=date(1985, 3, 14))


@pytest.fixture
def reception(sign_in_as, park_street):
    return sign_in_as("reception", park_street)


@pytest.fixture
def stranger(elsewhere):
    return Patient.objects.create(clinic=elsewhere, name="Ada Elsewhere", born=date(1985, 3, 14))


@pytest.mark.parametrize("role", Membership.Role.values)
def test_every_role_adds_a_patient_and_the_trail_has_it_without_the_name(client, sign_in_as, park_street, role):
    person = sign_in_as(role, park_street)
    page = client.post("/staff/patients/add/", ADA, follow=True)
    assert page.redirect_chain == [("/staff/patients/", 302)]
    patient = Patient.objects.get()
    assert (patient.clinic, patient.name, patient.born) == (park_street, "Ada Example", date(1985, 3, 14))
    event = Event.objects.get()
    assert (event.action, event.actor, event.patient) == ("patient added", person, patient)
    assert event.about == f"patient {patient.pk}"
    assert patient.history.get().history_user == person


def test_a_patient_is_changed_and_the_history_keeps_what_was(client, sign_in_as, park_street, ada):
    sign_in_as("reception", park_street)
    client.post(f"/staff/patients/{ada.pk}/change/", ADA | {"name": "Ada Sample"})
    assert list(ada.history.values_list("name", flat=True)) == ["Ada Sample", "Ada Example"]
    assert Event.objects.get().action == "patient changed"


def test_another_clinics_patient_answers_as_one_that_does_not_exist(client, sign_in_as, park_street, ada, stranger):
    sign_in_as("owner", park_street)
    pages = [client.get(f"/staff/patients/{number}/change/") for number in (stranger.pk, stranger.pk + 1000)]
    assert [page.status_code for page in pages] == [404, 404]
    assert client.post(f"/staff/patients/{stranger.pk}/change/", ADA).status_code == 404
    text = client.get("/staff/patients/").content.decode()
    assert "Ada Example" in text
    assert "Ada Elsewhere" not in text


def test_a_search_is_posted_so_that_no_name_stands_in_an_address(client, sign_in_as, park_street, ada):
    Patient.objects.create(clinic=park_street, name="Bo Sample", born=date(1962, 11, 2))
    sign_in_as("reception", park_street)
    page = client.post("/staff/patients/", {"name": " adA "}, follow=True)
    assert page.redirect_chain == [("/staff/patients/", 302)]
    assert [patient.name for patient in page.context["patients"]] == ["Ada Example"]
    everybody = client.post("/staff/patients/", {}, follow=True)
    assert len(everybody.context["patients"]) == 2


def test_a_search_that_finds_nobody_says_what_to_try(client, sign_in_as, park_street, ada):
    sign_in_as("reception", park_street)
    text = client.post("/staff/patients/", {"name": "zz"}, follow=True).content.decode()
    assert "0 found" in text
    assert "Try a shorter part of the name" in text


def test_an_empty_clinic_shows_the_first_step(client, sign_in_as, park_street):
    sign_in_as("reception", park_street)
    assert "Add your first patient" in client.get("/staff/patients/").content.decode()


def test_a_long_list_says_how_many_it_leaves_out(client, sign_in_as, park_street):
    Patient.objects.bulk_create(
        Patient(clinic=park_street, name=f"Patient {number:02}", born=date(1980, 1, 1)) for number in range(60)
    )
    sign_in_as("reception", park_street)
    page = client.get("/staff/patients/")
    assert len(page.context["patients"]) == 50
    assert "The first 50 of 60" in page.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("name", " ", "Enter the patient’s name."),
        ("born", "", "Enter the date of birth."),
        ("born", "31.02.1980", "Enter the date of birth as day, month and year."),
        ("born", "1884-03-14", "This date of birth is more than a lifetime ago. Check the year."),
        ("email", "ada@", "Enter an e-mail with an @, such as name@clinic.example."),
    ],
)
def test_what_cannot_be_is_refused_with_the_cure(client, reception, field, value, error):
    page = client.post("/staff/patients/add/", ADA | {field: value})
    assert page.context["form"].errors == {field: [error]}
    assert "<title>Error: " in page.content.decode()
    assert not Patient.objects.exists()


@pytest.mark.parametrize(("born", "saved"), [("2026-11-20", True), ("2026-11-21", True), ("2026-11-22", False)])
def test_nobody_is_born_after_today_on_the_clinics_clock(client, sign_in_as, park_street, born, saved):
    park_street.time_zone = "Pacific/Auckland"
    park_street.save()
    sign_in_as("reception", park_street)
    with time_machine.travel(datetime(2026, 11, 20, 12, 0, tzinfo=UTC), tick=False):
        client.post("/staff/patients/add/", ADA | {"born": born})
    assert Patient.objects.exists() is saved


def test_the_same_person_twice_is_refused_and_the_same_row_may_be_saved_again(
    client, sign_in_as, park_street, ada, stranger
):
    sign_in_as("reception", park_street)
    page = client.post("/staff/patients/add/", ADA | {"name": "ADA example"})
    assert page.context["form"].errors == {"name": ["A patient with this name and date of birth is here already."]}
    assert client.post(f"/staff/patients/{ada.pk}/change/", ADA).status_code == 302
    assert client.post("/staff/patients/add/", ADA | {"name": "Ada Elsewhere"}).status_code == 302


def test_no_page_names_a_patient_in_its_title(client, sign_in_as, park_street, ada):
    sign_in_as("reception", park_street)
    for address in ("/staff/patients/", f"/staff/patients/{ada.pk}/change/"):
        title = client.get(address).content.decode().split("<title>")[1].split("</title>")[0]
        assert "Ada" not in title
