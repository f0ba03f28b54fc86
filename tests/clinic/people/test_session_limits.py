"""A staff session ends by itself, says why, and what was typed after its end is held."""

import re
import time
from html import unescape

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from clinic.environment import whole_number
from clinic.models import Clinic, Event, Membership, Patient, User
from clinic.people.session_limits import BEGAN, TOUCHED
from tests.clinic.screenings.invented import a_member
from tests.support.processes import PRODUCTION, settings_from

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PAGE = "/staff/patients/"
ADD = "/staff/patients/add/"
PATIENT = {"name": "Nora <Novak>", "born": "1990-01-01"}
IDLE = "You were signed out, because nothing was done for 30 minutes."
TOO_LONG = "You were signed out, because you signed in 12 hours ago."


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-21T08:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def olive(clock, client, sign_in_as, park_street):
    return sign_in_as("owner", park_street)


def is_in(client, page=PAGE, **headers):
    return client.get(page, headers=headers).status_code == 200


def sign_out_reason(client, page=PAGE):
    answer = client.get(page, follow=True)
    assert answer.redirect_chain == [(f"/sign-in/?next={page}", 302)]
    return said_on(answer)


def said_on(page):
    said = re.findall(r'<p class="said.*?</svg>(.*?)</p>', page.content.decode(), re.DOTALL)
    return [" ".join(one.split()) for one in said]


@pytest.mark.hazard("H-35")
def test_thirty_minutes_without_a_touch_end_it_and_the_next_page_says_why(client, olive, clock):
    clock.shift(30 * 60 - 1)
    assert is_in(client)
    clock.shift(30 * 60)
    assert sign_out_reason(client) == [IDLE]
    assert SESSION_KEY not in client.session
    assert Event.objects.get(action="session ended by its limit").actor == olive
    # Said once: the next page of the same stranger is a plain one.
    assert said_on(client.get("/sign-in/")) == []


def test_twelve_hours_after_signing_in_end_it_however_busy_it_was(client, olive, clock):
    for _ in range(12 * 3 - 1):
        clock.shift(20 * 60)
        assert is_in(client)
    clock.shift(20 * 60)
    assert sign_out_reason(client) == [TOO_LONG]


def test_the_limits_are_the_settings(client, olive, clock, settings):
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS = 5, 1
    clock.shift(5 * 60)
    assert sign_out_reason(client) == [IDLE.replace("30", "5")]


def test_signing_in_again_leads_back_and_begins_anew(client, park_street, clock, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    person = User.objects.create_user("olive@demo.example", "a long pass phrase 1", name="Olive")
    Membership.objects.create(user=person, clinic=park_street, role="owner")
    client.force_login(person)
    clock.shift(12 * 60 * 60)
    door = client.get(PAGE).url
    typed = {"login": person.email, "password": "a long pass phrase 1"}
    assert client.post(door, typed | {"next": PAGE}).url == PAGE
    assert client.session[BEGAN] == client.session[TOUCHED] == time.time()


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(client, olive, clock):
    for _ in range(2):
        clock.shift(15 * 60 - 1)
        assert is_in(client, **{"X-Unattended": "yes"})
    clock.shift(2)
    assert sign_out_reason(client) == [IDLE]


def test_a_page_writes_the_touch_once_a_minute(client, olive, clock):
    touched = client.session[TOUCHED]
    clock.shift(59)
    assert is_in(client)
    assert client.session[TOUCHED] == touched
    clock.shift(1)
    assert is_in(client)
    assert client.session[TOUCHED] == touched + 60


def test_a_clock_that_is_put_back_ends_the_session_no_later_than_from_then_on(client, olive, clock):
    clock.shift(-3 * 60 * 60)
    assert is_in(client)
    assert client.session[BEGAN] == client.session[TOUCHED] == time.time()
    clock.shift(30 * 60)
    assert sign_out_reason(client) == [IDLE]


def test_a_session_from_before_the_limits_begins_with_its_next_page(client, olive, clock):
    session = client.session
    del session[BEGAN], session[TOUCHED]
    session.save()
    assert is_in(client)
    assert client.session[BEGAN] == client.session[TOUCHED] == time.time()


def test_what_was_typed_is_held_and_saved_by_one_more_press_after_signing_in(olive, clock):
    client = Client(enforce_csrf_checks=True)
    client.force_login(olive)
    token = token_on(client.get(ADD))
    clock.shift(31 * 60)
    held = client.post(ADD, PATIENT | {"csrfmiddlewaretoken": token})
    page = held.content.decode()
    assert (held.status_code, held.templates[0].name) == (401, "people/holding.html")
    assert (IDLE in page, 'name="name" value="Nora &lt;Novak&gt;"' in page, f'action="{ADD}"' in page) == (True,) * 3
    client.force_login(olive)
    saved = client.post(ADD, PATIENT | {"csrfmiddlewaretoken": token_on(held)})
    if saved.status_code == 403:
        saved = client.post(ADD, PATIENT | {"csrfmiddlewaretoken": token_on(saved)})
    assert saved.status_code == 302
    assert olive.memberships.get().clinic.patients.get().name == "Nora <Novak>"


@pytest.fixture
def held_form(clock, park_street, olive):
    """A browser that checks tokens, and the page that holds what Olive typed in it for her second clinic."""
    second = Clinic.objects.create(name="Mill Lane", slug="mill-lane", treatments=park_street.treatments)
    Membership.objects.create(user=olive, clinic=second, role="owner")
    client = Client(enforce_csrf_checks=True)
    client.force_login(olive)
    client.post("/staff/clinic/", {"clinic": "mill-lane", "csrfmiddlewaretoken": token_on(client.get(ADD))})
    token = token_on(client.get(ADD))
    clock.shift(31 * 60)
    return client, client.post(ADD, PATIENT | {"csrfmiddlewaretoken": token})


def press(client, page):
    """Press the one button that saves on a page which holds something."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    assert fields.keys() == {"csrfmiddlewaretoken", "typed_by", "name", "born"}
    return client.post(ADD, {name: unescape(value) for name, value in fields.items()})


def come_back(client, person):
    """Sign in, which ends the token of every page that was open."""
    client.force_login(person)
    del client.cookies["csrftoken"]


def heading(page):
    return re.search("<h1>(.*?)</h1>", page.content.decode())[1]


def test_what_was_held_is_never_saved_for_somebody_else_who_signs_in(held_form, olive, park_street):
    client, page = held_form
    client.force_login(a_member(park_street, name="edda"))
    for _ in range(2):
        page = press(client, page)
        assert (page.status_code, heading(page)) == (403, "Somebody else typed this")
    assert not Patient.objects.exists()
    come_back(client, olive)
    page = press(client, page)
    assert (heading(page), press(client, page).status_code) == ("One more press saves it", 302)


def test_what_was_held_is_saved_for_the_clinic_it_was_typed_for(held_form, olive):
    client, page = held_form
    come_back(client, olive)
    page = press(client, page)
    said = re.search("It will be saved as typed by (.*?)[.] If", page.content.decode())[1]
    assert re.sub("<.*?>", "", said) == "A owner, Mill Lane"
    assert press(client, page).status_code == 302
    assert Patient.objects.get().clinic.slug == "mill-lane"


def token_on(page):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]


def test_a_button_pressed_after_the_end_leads_back_to_the_page_it_stood_on(client, olive, clock):
    clock.shift(31 * 60)
    asked = client.post("/staff/team/1/suspend/", headers={"Referer": "http://testserver/staff/team/1/?a=b"})
    assert asked.url == "/sign-in/?next=/staff/team/1/%3Fa%3Db"
    client.force_login(olive)
    clock.shift(31 * 60)
    asked = client.post("/staff/team/1/suspend/", headers={"Referer": "https://elsewhere.example/staff/"})
    assert asked.url == "/sign-in/?next=/staff/team/1/suspend/"


def test_a_password_is_never_held(client, olive, clock):
    clock.shift(31 * 60)
    answer = client.post("/password/change/", {"oldpassword": "a strange secret"})
    assert (answer.status_code, b"strange" in answer.content) == (302, False)


def test_a_part_of_a_page_is_told_without_a_page(client, olive, clock):
    clock.shift(31 * 60)
    answer = client.post(PAGE, {"q": "nora"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")


def test_a_page_for_strangers_opens_after_the_end_without_a_word(client, olive, clock):
    clock.shift(31 * 60)
    assert client.get("/").status_code == 200
    assert (SESSION_KEY in client.session, said_on(client.get("/sign-in/"))) == (False, [])


def test_the_hours_and_minutes_come_from_the_environment(tmp_path):
    given = settings_from(
        tmp_path,
        "SESSION_IDLE_MINUTES",
        "SESSION_HOURS",
        "SESSION_COOKIE_AGE",
        **PRODUCTION,
        SESSION_IDLE_MINUTES="15",
        SESSION_HOURS="8",
    )
    assert given == {"SESSION_IDLE_MINUTES": 15, "SESSION_HOURS": 8, "SESSION_COOKIE_AGE": 8 * 60 * 60}
    assert (settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS) == (30, 12)


@pytest.mark.parametrize("word", ["0", "721", "-5", "1.5", "½", "٣", "half an hour"])
def test_minutes_that_are_none_are_refused(monkeypatch, word):
    monkeypatch.setenv("SESSION_IDLE_MINUTES", word)
    with pytest.raises(ImproperlyConfigured) as refusal:
        whole_number("SESSION_IDLE_MINUTES", 30, 720)
    assert str(refusal.value) == f"SESSION_IDLE_MINUTES is {word!r}: set it to a whole number from 1 to 720."
