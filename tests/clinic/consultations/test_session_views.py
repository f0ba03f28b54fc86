"""A session's page: its record, the reasons for what lies outside, and what went wrong."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from clinic.consultations.models import AdverseEvent, SessionRecord, VoidedSession
from clinic.consultations.times import course_of
from clinic.events import Event
from tests.clinic.consultations import rows
from tests.clinic.consultations.gated import World
from tests.clinic.screenings.invented import a_clinic, a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    ready = World(days_ago=3, now=timezone.now(), decision={"course": {"sessions": 8, "interval_days": 5}})
    client.force_login(ready.by)
    ready.session = started(ready)
    return ready


def started(world, **fields):
    return rows.a_session(world.consented, by=world.by, device=world.device, **fields)


def address(world, name="staff-session"):
    return reverse(name, args=[world.session.pk])


def typed(**changed):
    given = {"programme": "P1", "current.abdomen": "20", "pulse-width": "50", "minutes": "30", "electrodes": "4"}
    return given | {"on-the-back": "yes", "skin-prepared": "yes", "low-start": "yes", "pain": "no"} | changed


def test_record_is_kept_by_code(client, world):
    client.post(address(world, "staff-session-record"), typed(felt="Fine."))
    record = SessionRecord.objects.get()
    assert record.settings["currents"] == {"abdomen": 20.0}
    assert {code: record.settings[code] for code in ("pulse-width", "minutes", "on-the-back", "pain")} == {
        "pulse-width": 50.0,
        "minutes": 30.0,
        "on-the-back": True,
        "pain": False,
    }
    assert (record.outside, record.felt, record.by) == ({}, "Fine.", world.by)
    assert Event.objects.filter(action="session recorded").count() == 1


@pytest.mark.hazard("H-21")
@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("current.abdomen", "30.5", "current-max"),
        ("pulse-width", "0.5", "pulse-width"),
        ("pulse-width", "101", "pulse-width"),
        ("electrodes", "3", "electrodes"),
        ("electrodes", "7", "electrodes"),
        ("minutes", "31", "duration"),
        ("on-the-back", "no", "position"),
        ("skin-prepared", "no", "skin-prepared"),
        ("low-start", "no", "low-start"),
        ("pain", "yes", "pain"),
    ],
)
def test_outside_the_usual_wants_a_reason_and_is_never_refused(client, world, field, value, code):
    page = client.post(address(world, "staff-session-record"), typed(**{field: value}))
    assert list(page.context["form"].errors) == [f"why.{code}"]
    assert SessionRecord.objects.count() == 0
    client.post(address(world, "staff-session-record"), typed(**{field: value, f"why.{code}": "As agreed."}))
    assert SessionRecord.objects.get().outside == {code: "As agreed."}


def test_limits_are_not_lent_to_another_place(client, world):
    client.post(address(world, "staff-session-record"), typed(**{"current.forearm-left": "80"}))
    assert SessionRecord.objects.get().outside == {}


def test_number_that_cannot_be_read_stays_as_typed(client, world):
    page = client.post(address(world, "staff-session-record"), typed(frequency="fast"))
    assert list(page.context["form"].errors) == ["frequency"]
    assert 'value="fast"' in page.content.decode()


def test_later_record_counts_and_the_first_one_stays(client, world):
    client.post(address(world, "staff-session-record"), typed(programme="First"))
    client.post(address(world, "staff-session-record"), typed(programme="Second"))
    page = client.get(address(world))
    assert [one.row.settings["programme"] for one in page.context["records"]] == ["Second", "First"]


def test_the_very_same_record_sent_twice_is_kept_once(client, world):
    for _ in range(2):
        client.post(address(world, "staff-session-record"), typed(felt="Fine."))
    assert SessionRecord.objects.count() == 1


def test_last_times_settings_stand_beside_the_fields(client, world):
    client.post(address(world, "staff-session-record"), typed(programme="P7"))
    world.session = started(world)
    form = client.get(address(world)).context["form"]
    assert "Last time: P7" in form.fields["programme"].help_text
    assert "Last time: 20" in form.fields["current.abdomen"].help_text
    assert not form.is_bound


@pytest.mark.hazard("H-07")
def test_whose_session_it_is_stands_on_its_page_and_before_it_is_struck_out(client, world):
    for name in ("staff-session", "staff-session-void"):
        shown = client.get(address(world, name)).content.decode()
        assert f"<bdi>{world.patient.name}</bdi>, born {world.patient.born.day} {world.patient.born:%B %Y}" in shown


def test_course_counts_what_was_not_voided(client, world):
    rows.void(started(world), world.by)
    course = course_of(world.clinic, world.decided)
    expected = world.session.at.astimezone(world.clinic.zone).date() + timedelta(days=5)
    assert (course.done, course.planned, course.left, course.next_on) == (1, 8, 7, expected)


def test_void_wants_a_reason_and_strikes_the_session_out(client, world):
    page = client.post(address(world, "staff-session-void"), {"why": " "})
    assert list(page.context["form"].errors) == ["why"]
    client.post(address(world, "staff-session-void"), {"why": "Another person."})
    assert VoidedSession.objects.get().session == world.session
    shown = client.get(address(world)).content.decode()
    assert "Another person." in shown
    assert 'class="struck"' in shown
    assert client.get(address(world, "staff-session-void")).url == address(world)


def an_event(world, **changed):
    now = world.clinic.now()
    given = {
        "happened_at": f"{now:%Y-%m-%dT%H:%M}",
        "severity": "mild",
        "what": "A rash",
        "done": "Stopped.",
        "doctor": "yes",
    }
    return given | changed


@pytest.mark.hazard("H-36", "H-38")
def test_adverse_event_is_kept_and_told_without_name_or_health(client, world, django_capture_on_commit_callbacks):
    a_member(world.clinic, "supervisor", name="sol")
    a_member(world.clinic, "owner", name="olive")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address(world, "staff-adverse-new"), an_event(world))
    event = AdverseEvent.objects.get()
    assert answer["Location"] == reverse("staff-adverse", args=[event.pk])
    assert event.doctor_told is True
    (message,) = mail.outbox
    assert sorted(message.bcc) == ["olive@demo.example", "sol@demo.example"]
    for private in ("Nora", "Novak", "rash", "stimulation"):
        assert private not in message.body + message.subject
    assert answer["Location"] in message.body
    assert "A rash" in client.get(answer["Location"]).content.decode()
    assert "Nora Novak" in client.get(reverse("staff-adverse-events")).content.decode()


@pytest.mark.parametrize("missing", ["happened_at", "severity", "what", "done", "doctor"])
def test_adverse_event_wants_its_parts(client, world, missing):
    page = client.post(address(world, "staff-adverse-new"), an_event(world, **{missing: ""}))
    assert list(page.context["form"].errors) == [missing]
    assert AdverseEvent.objects.count() == 0


@pytest.mark.parametrize("name", ["what", "done"])
def test_adverse_event_is_told_in_as_many_words_as_a_paper_holds(client, world, name):
    page = client.post(address(world, "staff-adverse-new"), an_event(world, **{name: "x" * 4001}))
    assert list(page.context["form"].errors) == [name]
    assert "x" * 4001 in page.content.decode()
    client.post(address(world, "staff-adverse-new"), an_event(world, **{name: "x" * 4000}))
    assert AdverseEvent.objects.count() == 1


@pytest.mark.parametrize("when", [timedelta(days=1), timedelta(days=-9)])
def test_adverse_event_is_neither_ahead_nor_before_its_session(client, world, when):
    moment = f"{world.clinic.now() + when:%Y-%m-%dT%H:%M}"
    page = client.post(address(world, "staff-adverse-new"), an_event(world, happened_at=moment))
    assert list(page.context["form"].errors) == ["happened_at"]


NAMES = ["staff-session", "staff-session-record", "staff-session-void", "staff-adverse-new"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("who", "status"), [("reception", 403), ("elsewhere", 404)])
def test_session_is_for_clinical_staff_of_the_clinic(client, world, name, who, status):
    where = world.clinic if who == "reception" else a_clinic("elsewhere")
    client.force_login(a_member(where, "reception" if who == "reception" else "owner", name="other"))
    ask = client.post if name == "staff-session-record" else client.get
    assert ask(address(world, name)).status_code == status


def test_adverse_events_of_another_clinic_are_as_none(client, world):
    client.post(address(world, "staff-adverse-new"), an_event(world))
    event = AdverseEvent.objects.get()
    client.force_login(a_member(a_clinic("elsewhere"), name="olga"))
    assert client.get(reverse("staff-adverse", args=[event.pk])).status_code == 404
    assert client.get(reverse("staff-adverse-events")).context["page"].paginator.count == 0


@pytest.mark.parametrize("number", [1, 30])
def test_adverse_events_cost_the_same_for_one_and_thirty(client, world, number, django_assert_num_queries):
    for _ in range(number):
        AdverseEvent(
            **rows.whose(world.patient, world.by),
            session=world.session,
            happened_at=timezone.now(),
            severity="mild",
            what="A rash",
            done="Stopped.",
            doctor_told=False,
        ).save()
    client.get(reverse("staff-adverse-events"))
    with django_assert_num_queries(7):
        client.get(reverse("staff-adverse-events"))
