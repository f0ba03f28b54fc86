from datetime import UTC, date, datetime

import pytest
import time_machine

from clinic.models import Event, Membership, Patient
from clinic.people.patients import write_keys
from clinic.people.search import MOST

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Example", "born": "1985-03-14", "email": "ada@demo.example", "phone": ""}
HEALTH = {"alerts": "Faints at needles", "notes": "Wears a brace"}


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
    page = client.post("/staff/patients/add/", ADA | {"goes_by": "Addie", "doctor": "Dr Invented"})
    patient = Patient.objects.get()
    assert (page.status_code, page.url) == (302, f"/staff/patients/{patient.pk}/")
    assert (patient.goes_by, patient.doctor) == ("Addie", "Dr Invented")
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
    page = client.post("/staff/patients/", {"typed": " adA "}, follow=True)
    assert page.redirect_chain == [("/staff/patients/", 302)]
    assert [patient.name for patient in page.context["patients"]] == ["Ada Example"]
    everybody = client.post("/staff/patients/", {}, follow=True)
    assert len(everybody.context["patients"]) == 2


def test_a_search_that_finds_nobody_says_what_to_try(client, sign_in_as, park_street, ada):
    sign_in_as("reception", park_street)
    text = client.post("/staff/patients/", {"typed": "zz"}, follow=True).content.decode()
    assert "Nobody found" in text
    assert "Try fewer words or another spelling" in text


def test_an_empty_clinic_shows_the_first_step(client, sign_in_as, park_street):
    sign_in_as("reception", park_street)
    assert "Add your first patient" in client.get("/staff/patients/").content.decode()


def test_a_long_list_is_on_pages(client, sign_in_as, park_street):
    Patient.objects.bulk_create(
        Patient(clinic=park_street, name=f"Patient {number:02}", born=date(1980, 1, 1)) for number in range(60)
    )
    sign_in_as("reception", park_street)
    first, second = client.get("/staff/patients/"), client.get("/staff/patients/?page=2")
    assert (len(first.context["patients"]), len(second.context["patients"])) == (50, 10)
    assert "Page 1 of 2" in first.content.decode()


@pytest.mark.parametrize("many", [1, 30, 200])
def test_the_list_and_a_search_ask_the_same_for_any_number(
    client, sign_in_as, park_street, many, django_assert_num_queries
):
    write_keys(
        Patient.objects.bulk_create(
            Patient(clinic=park_street, name=f"Ada Example{at}", born=date(1980, 1, 1)) for at in range(many)
        )
    )
    sign_in_as("reception", park_street)
    client.get("/staff/patients/")
    # The session, the person, the membership, how many there are, who; whether this person read the list lately.
    with django_assert_num_queries(6):
        client.get("/staff/patients/")
    client.post("/staff/patients/", {"typed": "ada example"})
    # Instead: how many have each word, who is meant (with a slip too if they are few), their names, their rows.
    with django_assert_num_queries(9 if many > MOST else 10):
        client.get("/staff/patients/")


def test_what_is_typed_is_answered_with_the_hits_alone(client, sign_in_as, park_street, ada):
    sign_in_as("reception", park_street)
    page = client.post("/staff/patients/", {"typed": "exm"}, headers={"HX-Request": "true"})
    text = page.content.decode()
    assert ("Ada Example" in text, "<html" in text) == (True, False)


def test_notes_and_alerts_are_for_those_who_may_see_answers(client, sign_in_as, park_street, ada):
    sign_in_as("practitioner", park_street)
    client.post(f"/staff/patients/{ada.pk}/change/", ADA | HEALTH)
    ada.refresh_from_db()
    assert (ada.alerts, ada.notes) == ("Faints at needles", "Wears a brace")
    assert "Faints at needles" in client.get("/staff/patients/").content.decode()


def test_reception_neither_sees_nor_changes_notes_and_alerts(client, sign_in_as, park_street, ada):
    Patient.objects.filter(pk=ada.pk).update(**HEALTH)
    sign_in_as("reception", park_street)
    for address in ("/staff/patients/", f"/staff/patients/{ada.pk}/change/", "/staff/patients/add/"):
        text = client.get(address).content.decode()
        assert [words in text for words in ("Faints", "brace", "id_notes", "id_alerts")] == [False] * 4
    client.post(f"/staff/patients/{ada.pk}/change/", ADA | {"alerts": "", "notes": "by hand", "phone": "01632 960 011"})
    ada.refresh_from_db()
    assert (ada.phone, ada.alerts, ada.notes) == ("01632 960 011", "Faints at needles", "Wears a brace")
    client.post("/staff/patients/add/", {"name": "Bo Sample", "born": "1962-11-02", **HEALTH})
    assert Patient.objects.values_list("alerts", "notes").get(name="Bo Sample") == ("", "")


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


@pytest.mark.hazard("H-07", "H-09")
def test_who_may_be_the_same_is_shown_before_a_second_record_is_made(client, sign_in_as, park_street, ada, stranger):
    sign_in_as("reception", park_street)
    twice = ADA | {"name": "Ada Exampel", "doctor": "Dr Invented"}
    page = client.post("/staff/patients/add/", twice)
    assert page.status_code == 200
    assert page.context["duplicates"] == [ada]
    text = page.content.decode()
    assert (Patient.objects.count(), 'value="Dr Invented"' in text, "Ada Elsewhere" in text) == (2, True, False)
    assert f'href="/staff/patients/{ada.pk}/"' in text
    assert client.post("/staff/patients/add/", twice | {"seen": str(ada.pk)}).status_code == 302
    assert Patient.objects.count() == 3


def test_somebody_who_was_not_shown_is_asked_about_again(client, sign_in_as, park_street, ada):
    other = Patient.objects.create(clinic=park_street, name="Ada Example", born=date(1985, 3, 14))
    sign_in_as("reception", park_street)
    page = client.post("/staff/patients/add/", ADA | {"seen": str(ada.pk)})
    assert page.context["duplicates"] == [ada, other]
    assert client.post("/staff/patients/add/", ADA | {"seen": f"{ada.pk},{other.pk}"}).status_code == 302


def test_a_change_asks_only_when_it_makes_somebody_alike(client, sign_in_as, park_street, ada):
    other = Patient.objects.create(clinic=park_street, name="Ada Sample", born=date(1962, 11, 2))
    sign_in_as("reception", park_street)
    assert client.post(f"/staff/patients/{ada.pk}/change/", ADA | {"phone": "01632 960 011"}).status_code == 302
    page = client.post(f"/staff/patients/{other.pk}/change/", ADA)
    assert page.context["duplicates"] == [ada]
    assert client.post(f"/staff/patients/{other.pk}/change/", ADA | {"seen": str(ada.pk)}).status_code == 302


@pytest.mark.hazard("H-36")
def test_no_page_names_a_patient_in_its_title(client, sign_in_as, park_street, ada):
    sign_in_as("reception", park_street)
    for address in ("/staff/patients/", f"/staff/patients/{ada.pk}/change/"):
        title = client.get(address).content.decode().split("<title>")[1].split("</title>")[0]
        assert "Ada" not in title
