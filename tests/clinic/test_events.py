import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from clinic.events import AppendOnlyError, record
from clinic.models import Clinic, Event, Patient, User

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
    ada = Patient.objects.create(clinic=clinic, name="Ada Example", born="1985-03-14")
    record("patient added", clinic=clinic, patient=ada, about=ada, request=ask(olive))
    event = Event.objects.get()
    assert (event.action, event.clinic, event.patient, event.actor) == ("patient added", clinic, ada, olive)
    assert (event.about, event.address) == (f"patient {ada.pk}", "127.0.0.1")
    assert "Ada" not in str(event)


def test_a_stranger_and_a_command_are_nobody(clinic):
    record("link opened", clinic=clinic, request=ask(AnonymousUser()))
    record("clinic opened", clinic=clinic)
    assert list(Event.objects.values_list("actor", "address")) == [(None, None), (None, "127.0.0.1")]


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
