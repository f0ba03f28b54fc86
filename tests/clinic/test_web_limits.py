"""The limits on tries, tried by several processes at once: they hold, whoever answers."""

import pytest
from django.test import Client, RequestFactory

from clinic.events import Event
from clinic.people.limits import too_often
from tests.clinic.screenings.invented import a_clinic, a_link
from tests.support.at_once import at_once
from tests.support.other_database import asking, for_processes

PROCESSES = 4


@pytest.fixture
def database(tmp_path, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), for_processes(tmp_path, "limits") as name:
        yield name


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def wrong_sign_ins():
    browser = Client()
    answers = {"login": "olive@demo.example", "password": "not this one"}
    return [browser.post("/sign-in/", answers).status_code for _ in range(4)]


def test_five_wrong_passwords_are_tried_however_many_processes_answer(database):
    at_once(database, [wrong_sign_ins] * PROCESSES)
    with asking(database):
        assert Event.objects.filter(action="sign-in refused").count() == 5


@pytest.mark.parametrize(("action", "most"), [("verify", 30), ("birth", 60)])
def test_no_more_get_through_than_the_limit_says(database, action, most, record_property):
    def ask_often():
        request = RequestFactory().post("/", REMOTE_ADDR="203.0.113.7")
        return sum(too_often(request, action) is None for _ in range(most // 2))

    let_in = at_once(database, [ask_often] * PROCESSES)
    record_property(f"{action}: let in of {PROCESSES * (most // 2)}, at most {most}", sum(let_in))
    assert 0 < sum(let_in) <= most


@pytest.mark.django_db
def test_one_address_that_opens_too_many_links_waits_and_another_does_not(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"link": "2/5m/ip"}
    _, secret = a_link(a_clinic())
    door = f"/c/park-street/link/{secret}/"
    said = [Client(REMOTE_ADDR="203.0.113.7").get(door).status_code for _ in range(3)]
    assert [*said, Client(REMOTE_ADDR="203.0.113.8").get(door).status_code] == [302, 302, 429, 302]


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize(
    ("is_behind", "forwarded", "seen"),
    [
        (False, "203.0.113.9", "127.0.0.1"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (True, "nonsense", "127.0.0.1"),
        (True, "", "127.0.0.1"),
    ],
)
def test_the_trail_and_the_limits_know_a_visitor_by_what_the_proxy_itself_says(settings, is_behind, forwarded, seen):
    settings.BEHIND_PROXY = is_behind
    browser = Client(headers={"X-Forwarded-For": forwarded})
    browser.post("/sign-in/", {"login": "a@demo.example", "password": "wrong"})
    assert Event.objects.get().address == seen
