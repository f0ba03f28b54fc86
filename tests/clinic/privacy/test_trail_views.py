"""The owner reads the clinic's trail, and no other's; clinical staff see who has looked at a record."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from clinic.events import Event, record
from clinic.privacy import trail as trails
from clinic.privacy.erasing import erase_record
from tests.clinic.privacy.trail import events
from tests.clinic.screenings.invented import a_clinic, a_link, a_member, a_patient
from tests.support.html_forms import Page
from tests.support.shown import just_signed_in

pytestmark = pytest.mark.django_db
TRAIL, EXPORT = "/staff/trail/", "/staff/trail/export/"


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def owner(client, clinic):
    person = a_member(clinic, "owner", name="Olga Owner")
    client.force_login(person)
    return person


def said(client, query=""):
    answer = client.get(TRAIL + query)
    assert answer.status_code == 200
    return [one.action for one in answer.context["page"].events if one.action != "trail read"]


def test_owner_finds_what_happened_by_person_patient_kind_and_day(client, clinic, owner):
    nora, paul = a_patient(clinic), a_member(clinic, name="Paul")
    at = {day: datetime(2026, 11, day, 12, tzinfo=UTC) for day in (18, 19, 20)}
    record("decision read", clinic=clinic, patient=nora, actor=paul, at=at[18])
    record("evidence pack made", clinic=clinic, patient=nora, actor=owner, at=at[19])
    record("signed in", actor=paul, at=at[20])
    record("clinic changed: name", clinic=clinic, actor=owner, at=at[20])
    for query, found in {
        "": ["clinic changed: name", "signed in", "evidence pack made", "decision read"],
        f"?person={paul.pk}": ["signed in", "decision read"],
        f"?patient={nora.pk}": ["evidence pack made", "decision read"],
        "?kind=views": ["decision read"],
        "?kind=exports": ["evidence pack made"],
        "?kind=sign-ins": ["signed in"],
        "?kind=running": ["clinic changed: name"],
        "?kind=changes": [],
        "?first=2026-11-19&last=2026-11-19": ["evidence pack made"],
        f"?person={paul.pk}&last=2026-11-18": ["decision read"],
    }.items():
        assert said(client, query) == found, query


def test_other_clinics_events_people_and_patients_are_not_found(client, clinic, owner):
    elsewhere = a_clinic("quay")
    stranger, theirs = a_member(elsewhere, name="Stranger"), a_patient(elsewhere)
    record("decision read", clinic=elsewhere, patient=theirs, actor=stranger)
    record("signed in", actor=stranger)
    assert said(client) == []
    answer = client.get(f"{TRAIL}?patient={theirs.pk}&person={stranger.pk}")
    assert set(answer.context["form"].errors) == {"patient", "person"}
    assert client.get(f"{reverse('staff-patient-seen', args=[theirs.pk])}").status_code == 404


def test_patient_is_searched_by_post_so_that_no_name_stands_in_an_address(client, clinic, owner):
    nora = a_patient(clinic)
    answer = client.post(f"{TRAIL}?kind=views", {"typed": "novak"})
    assert f"?kind=views&amp;patient={nora.pk}" in answer.content.decode()


def test_older_events_are_paged_by_key(client, clinic, owner, monkeypatch):
    monkeypatch.setattr(trails, "ON_A_PAGE", 2)
    keys = events(5, clinic)
    page = client.get(f"{TRAIL}?kind=views&before={keys[4]}").context["page"]
    assert ([one.pk for one in page.events], page.older) == ([keys[3], keys[2]], keys[2])
    page = client.get(f"{TRAIL}?kind=views&before={page.older}").context["page"]
    assert ([one.pk for one in page.events], page.older) == ([keys[1], keys[0]], None)


@pytest.mark.parametrize(
    ("wrong", "is_said"),
    [
        ("first=2026-31-31", True),
        ("first=2026-11-20&last=2026-11-19", True),
        ("before=x", False),
        ("before=" + "9" * 40, False),
    ],
)
def test_what_was_typed_wrongly_is_said_and_breaks_nothing(client, owner, wrong, is_said):
    answer = client.get(f"{TRAIL}?{wrong}")
    assert (answer.status_code, "Something needs another look" in answer.content.decode()) == (200, is_said)


def test_page_asks_the_same_for_any_number(client, clinic, owner, django_assert_num_queries):
    client.get(TRAIL)
    for number in (1, 30):
        events(number, clinic, actor=owner, patient=a_patient(clinic, name=f"Person {number}"))
        # The session, the person, their memberships; the team; the events; what waits for a review;
        # whether this page was read lately.
        with django_assert_num_queries(7):
            client.get(TRAIL)


def test_export_asks_again_who_it_is_and_is_noted(client, clinic, owner):
    type(owner).objects.filter(pk=owner.pk).update(password=make_password("a long pass phrase 1"))
    person = type(owner).objects.get()
    client.force_login(person)
    assert client.post(f"{EXPORT}?kind=views").url == "/sign-in/again/?next=%2Fstaff%2Ftrail%2F%3Fkind%3Dviews"
    assert not Event.objects.filter(action="trail exported").exists()
    just_signed_in(client, person)
    formula = a_patient(clinic, name="=HYPERLINK(1)")
    record("decision read", clinic=clinic, patient=formula, actor=owner, at=datetime(2026, 7, 1, 12, tzinfo=UTC))
    record("visit added", clinic=clinic, actor=owner)
    answer = client.post(EXPORT, {"kind": "views", "patient": formula.pk})
    lines = [*csv.reader(StringIO(answer.getvalue().decode()))]
    own = Event.objects.get(action="decision read")
    assert lines == [
        [*trails.HEADER],
        [
            *(str(own.pk), "2026-07-01T13:00:00+01:00", "Olga Owner", "decision read", ""),
            *(str(formula.pk), "'=HYPERLINK(1)", ""),
        ],
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="trail.csv"'
    assert Event.objects.get(action="trail exported").patient == formula


def test_whoever_is_clinical_sees_who_has_seen_a_record(client, clinic, owner):
    nora = a_patient(clinic)
    a_member(clinic, name="Paul")
    for action in ("record read", "document read by link", "decision made", "evidence pack made"):
        record(action, clinic=clinic, patient=nora, actor=None if "link" in action else owner)
    client.force_login(a_member(clinic, "practitioner", name="Petra"))
    answer = client.get(reverse("staff-patient-seen", args=[nora.pk]))
    assert [one.action for one in answer.context["page"].events] == [
        "evidence pack made", "document read by link", "record read",
    ]  # fmt: skip
    assert "By the patient’s link" in Page(answer.content.decode()).words


def test_rows_are_named_in_words_and_a_person_who_was_erased_by_number(client, clinic, owner):
    patient = a_patient(clinic)
    invitation, _ = a_link(clinic, patient=patient)
    record("link made", clinic=clinic, patient=patient, about=invitation)
    page = Page(client.get(f"{TRAIL}?kind=changes").content.decode())
    assert f"Link made link no. {invitation.pk}" in page.words
    assert page.link("Nora Novak") == reverse("staff-patient", args=[patient.pk])
    erase_record(patient, "The person asked for it.", by=owner)
    page = Page(client.get(f"{TRAIL}?kind=changes").content.decode())
    assert f"Patient no. {patient.pk}, erased" in page.words
    assert reverse("staff-patient", args=[patient.pk]) not in [address for _, address in page.links]
