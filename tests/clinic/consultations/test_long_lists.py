"""Every list asks as often of the database with one row as with thirty and with ten thousand."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from clinic.consultations.models import AdverseEvent, Referral
from clinic.people.diary import Visit
from clinic.people.patients import Patient
from clinic.screenings.models import AwaitingReview, Screening, Sending
from tests.clinic.consultations.rows import a_consent, a_decision, a_session, whose
from tests.clinic.consultations.stored import a_screening
from tests.clinic.screenings.invented import a_patient

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
PEOPLE = 60
# To write ten thousand rows takes seconds.
NUMBERS = [1, 30, pytest.param(10_000, marks=pytest.mark.sweep)]


def people(clinic, number):
    """So many people, and no more than a page shows: who has rows besides."""
    return [a_patient(clinic, name=f"Person {at}") for at in range(min(number, PEOPLE))]


def visits(clinic, by, number):
    some = people(clinic, number)
    Visit.objects.bulk_create(
        Visit(clinic=clinic, patient=some[at % len(some)], starts_at=AT, treatment="body-myostimulation")
        for at in range(number)
    )


def patients(clinic, by, number):
    Patient.objects.bulk_create(
        Patient(clinic=clinic, name=f"Person {at}", born=date(1980, 1, 1)) for at in range(number)
    )


def screenings(clinic, by, number, *, patient=None):
    """So many copies of one stored screening."""
    one = a_screening(patient or a_patient(clinic), by=by)
    fields = {field.attname: getattr(one, field.attname) for field in Screening._meta.fields if not field.primary_key}
    return [one, *Screening.objects.bulk_create(Screening(**fields) for _ in range(number - 1))]


def sendings(clinic, by, number):
    rows = Sending.objects.bulk_create(
        Sending(
            clinic=clinic, screening=each, key=uuid.uuid4(), answered_for="me", name="Nora Novak",
            born=date(1980, 3, 7), keeping_agreed="Agreed.", sent_at=AT + timedelta(seconds=at),
        )
        for at, each in enumerate(screenings(clinic, by, number))
    )  # fmt: skip
    AwaitingReview.objects.bulk_create(
        AwaitingReview(clinic=clinic, sending=each, urgency=at % 3, sent_at=each.sent_at)
        for at, each in enumerate(rows)
    )


def referrals(clinic, by, number):
    some = [a_screening(each, by=by) for each in people(clinic, min(number, 5))]
    Referral.objects.bulk_create(
        Referral(screening=each, rule="hernia", answers={}, to="Dr Invented", question="?", **whose(each.patient, by))
        for each in (some[at % len(some)] for at in range(number))
    )


def adverse_events(clinic, by, number):
    patient = a_patient(clinic)
    session = a_session(a_consent(a_decision(a_screening(patient, by=by), by=by), by=by), by=by)
    AdverseEvent.objects.bulk_create(
        AdverseEvent(
            session=session,
            happened_at=AT,
            severity="mild",
            what="Red",
            done="Cooled",
            doctor_told=False,
            **whose(patient, by),
        )
        for _ in range(number)
    )


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    ("path", "fill", "queries"),
    [
        ("/staff/day/2026-11-20/", visits, 11),
        ("/staff/received/", sendings, 9),
        ("/staff/received/all/", sendings, 8),
        ("/staff/patients/", patients, 7),
        ("/staff/referrals/", referrals, 9),
        ("/staff/adverse-events/", adverse_events, 7),
    ],
)
def test_a_list_asks_the_same_for_any_number(
    client, sign_in, clinic, django_assert_num_queries, path, fill, queries, number
):
    fill(clinic, sign_in("practitioner"), number)
    client.get(path)
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("number", NUMBERS)
def test_a_patients_page_asks_the_same_for_any_number(client, sign_in, clinic, django_assert_num_queries, number):
    patient = a_patient(clinic)
    screenings(clinic, sign_in("practitioner"), number, patient=patient)
    client.get(f"/staff/patients/{patient.pk}/")
    with django_assert_num_queries(26):
        assert client.get(f"/staff/patients/{patient.pk}/").status_code == 200
