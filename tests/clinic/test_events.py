from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from clinic.events import AppendOnlyError, OneDoorError, record
from clinic.models import Clinic, Decision, Event, Patient, Settlement, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return Clinic.objects.create(name="Park Street", slug="park-street")


def ask(user):
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_an_event_names_who_where_and_which_row_and_nothing_that_the_row_holds(clinic):
    olive = User.objects.create_user("olive@demo.example", name="Olive")
    ada = Patient.objects.create(clinic=clinic, name="Ada Example", born=date(1985, 3, 14))
    record("patient added", clinic=clinic, patient=ada, about=ada, request=ask(olive))
    event = Event.objects.get()
    assert (event.action, event.clinic, event.patient, event.actor) == ("patient added", clinic, ada, olive)
    assert (event.about, event.address) == (f"patient {ada.pk}", "127.0.0.1")
    assert "Ada" not in str(event)


def test_a_stranger_and_a_command_are_nobody(clinic):
    record("link opened", clinic=clinic, request=ask(AnonymousUser()))
    record("clinic opened", clinic=clinic)
    assert list(Event.objects.values_list("actor", "address")) == [(None, None), (None, "127.0.0.1")]


@pytest.mark.parametrize(
    ("named", "kept"), [("fe80::1%eth0", "fe80::1"), ("::1", "::1"), ("", None), ("1.2.3.4, 5", None)]
)
def test_an_address_that_the_database_would_refuse_keeps_nobody_out_of_the_trail(named, kept):
    record("visit", request=RequestFactory(REMOTE_ADDR=named).get("/"), actor=User.objects.create_user("a@b.example"))
    assert Event.objects.get().address == kept


def test_events_are_never_changed_and_never_removed(clinic):
    record("clinic opened", clinic=clinic)
    event = Event.objects.get()
    for attempt in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(action="nothing"),
        lambda: Event.objects.filter(pk=event.pk).update(action="nothing"),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    assert Event.objects.get().action == "clinic opened"


def test_a_row_with_one_door_is_made_through_it_and_nowhere_else(clinic):
    def one():
        return Settlement(decision_id=1, rule="cancer", grade="contraindicated", answers={}, reason="other")

    for attempt in (
        one().save,
        lambda: Settlement.objects.create(decision_id=1, rule="cancer", grade="refer", answers={}, reason="other"),
        lambda: Settlement.objects.bulk_create([one()]),
        lambda: through_another_door(one()),
    ):
        with pytest.raises(OneDoorError):
            attempt()
    with Settlement.door(), pytest.raises(OneDoorError):
        Settlement.objects.bulk_create([one()])
    with pytest.raises(OneDoorError):
        one().save()
    assert Settlement.objects.count() == 0


def through_another_door(row):
    with Decision.door():
        row.save()


def test_the_door_closes_also_when_something_fails_inside(clinic):
    with pytest.raises(KeyError), Settlement.door():
        raise KeyError
    with pytest.raises(OneDoorError):
        Settlement(decision_id=1, rule="cancer", grade="refer", answers={}, reason="other").save()
