"""The second factor: mandatory outside the demo, sealed where it is stored, a matter of the person alone."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, format_hotp_value, hotp_value
from django.db import connection
from django.test import Client

from clinic.models import Event, Membership, User
from clinic.people import second_factor
from clinic.people.opening import password_path
from clinic.self_check import tablet
from clinic.self_check.sealing import seal

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PASSWORD = "a long pass phrase 1"
NEW = {"password1": "another pass phrase 2", "password2": "another pass phrase 2"}
SET_UP = "/second-factor/set-up/"
CODES = "/second-factor/recovery-codes/"
STAFF = ("/staff/", "/staff/patients/", "/staff/settings/", "/second-factor/", "/admin/")


@pytest.fixture(autouse=True)
def outside_the_demo(settings):
    """Argon2 is slow on purpose, and says nothing here."""
    settings.DEMO = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def clock():
    """A code holds for 30 seconds: the clock stands still until a test moves it."""
    with time_machine.travel("2026-11-21T10:00:10Z", tick=False) as clock:
        yield clock


@pytest.fixture
def olive(park_street):
    person = User.objects.create_user("olive@demo.example", PASSWORD, name="Olive")
    Membership.objects.create(user=person, clinic=park_street, role="owner")
    return person


def sign_in(client, password=PASSWORD):
    return client.post("/sign-in/", {"login": "olive@demo.example", "password": password})


def code(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def key_on(page):
    return page.context["form"].secret


def set_up(client):
    """Sign in and set up a second factor; give its secret and the recovery codes."""
    sign_in(client)
    secret = key_on(client.get(SET_UP))
    page = client.post(SET_UP, {"code": code(secret)}, follow=True)
    assert page.redirect_chain == [(CODES, 302)]
    return secret, re.findall(r"<code>(\d{8})</code>", page.content.decode())


def actions():
    """What the trail says was done; who read what is told elsewhere."""
    return list(Event.objects.exclude(action__endswith=" read").order_by("id").values_list("action", flat=True))


@pytest.mark.hazard("H-35")
@pytest.mark.parametrize("address", STAFF)
def test_nothing_opens_before_the_second_factor_is_set_up(client, olive, address):
    sign_in(client)
    assert client.get(address).url == SET_UP
    assert client.post(address).url == SET_UP


def test_somebody_of_the_admin_without_a_clinic_needs_one_too(client):
    User.objects.create_superuser("olive@demo.example", PASSWORD, name="Olive")
    sign_in(client)
    assert client.get("/admin/").url == SET_UP


def test_what_strangers_may_open_and_the_way_out_stay_open(client, olive):
    sign_in(client)
    assert client.get("/").status_code == 200
    assert client.get("/password/change/").status_code == 200
    assert client.get(SET_UP).status_code == 200
    assert client.post("/sign-out/").url == "/"
    assert client.get("/staff/").url == "/sign-in/?next=/staff/"


def test_in_the_demo_it_may_be_set_up_and_need_not(client, olive, settings):
    settings.DEMO = True
    sign_in(client)
    assert client.get("/staff/").status_code == 200
    assert client.get("/second-factor/").status_code == 200


def test_once_set_up_the_pages_open_and_the_trail_says_so(client, olive):
    _, recovery = set_up(client)
    assert client.get("/staff/patients/").status_code == 200
    assert len(recovery) == 10
    assert actions() == ["signed in", "second factor set up", "recovery codes made"]
    assert Event.objects.get(action="second factor set up").about == f"user {olive.pk}"


def test_a_wrong_code_sets_nothing_up_and_keeps_the_key(client, olive):
    sign_in(client)
    secret = key_on(client.get(SET_UP))
    page = client.post(SET_UP, {"code": "000000" if code(secret) != "000000" else "000001"})
    assert page.context["form"].errors["code"] == [second_factor.Adapter.error_messages["incorrect_code"]]
    assert key_on(page) == secret
    assert not Authenticator.objects.exists()
    assert client.post(SET_UP, {"code": code(secret)}).url == CODES


def test_a_session_without_a_key_gets_a_new_one_and_sets_nothing_up(client, olive):
    sign_in(client)
    page = client.post(SET_UP, {"code": "123456"})
    assert page.context["form"].errors
    assert client.post(SET_UP, {"code": code(key_on(page))}).url == CODES


def test_the_key_is_sealed_in_the_session_and_in_the_database(client, olive):
    sign_in(client)
    secret = key_on(client.get(SET_UP))
    waiting = client.session[SECRET_SESSION_KEY]
    assert secret not in waiting
    assert second_factor.unseal(waiting) == secret
    client.post(SET_UP, {"code": code(secret)})
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    assert second_factor.unseal(stored) == secret
    assert SECRET_SESSION_KEY not in client.session


def test_recovery_codes_are_sealed_and_shown_once(client, olive):
    _, recovery = set_up(client)
    sealed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert second_factor.unseal(sealed) not in sealed
    page = client.get(CODES).content.decode()
    assert "10 of 10 are left" in page
    assert [shown for shown in recovery if shown in page] == []


def test_a_key_still_opens_after_the_secret_key_was_changed(settings):
    sealed = second_factor.seal("a key")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one" * 8, [settings.SECRET_KEY]
    assert second_factor.unseal(sealed) == "a key"


def test_signing_in_asks_for_the_code_and_a_password_alone_opens_nothing(client, olive, clock):
    secret, _ = set_up(client)
    other = Client()
    assert sign_in(other).url == "/sign-in/code/"
    assert other.get("/staff/").url == "/sign-in/?next=/staff/"
    clock.shift(30)
    assert other.post("/sign-in/code/", {"code": code(secret)}).url == "/staff/"
    assert other.get("/staff/patients/").status_code == 200


def test_a_code_counts_once(client, olive, clock):
    secret, _ = set_up(client)
    clock.shift(30)
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser)
    assert first.post("/sign-in/code/", {"code": code(secret)}).status_code == 302
    assert second.post("/sign-in/code/", {"code": code(secret)}).status_code == 200


def test_the_code_that_set_it_up_signs_nobody_in(client, olive):
    secret, _ = set_up(client)
    other = Client()
    sign_in(other)
    assert other.post("/sign-in/code/", {"code": code(secret)}).status_code == 200


def test_a_code_that_was_spent_by_signing_in_shows_nothing_afterwards(client, olive, clock):
    secret, _ = set_up(client)
    clock.shift(30)
    other = Client()
    sign_in(other)
    other.post("/sign-in/code/", {"code": code(secret)})
    assert other.post("/sign-in/again/code/", {"code": code(secret)}).status_code == 200


def test_no_row_of_the_database_holds_the_secret_or_a_recovery_code(client, olive):
    secret, recovery = set_up(client)
    seed = second_factor.unseal(Authenticator.objects.get(type="recovery_codes").data["seed"])
    held = "".join(str(row) for row in every_row())
    assert olive.email in held
    assert [one for one in (secret, seed, *recovery) if one in held] == []


def every_row():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield from cursor.fetchall()


def test_a_refused_code_is_in_the_trail_and_five_close_the_door(client, olive, clock):
    secret, _ = set_up(client)
    clock.shift(30)
    other = Client()
    sign_in(other)
    wrong = "000000" if code(secret) != "000000" else "000001"
    for _ in range(5):
        other.post("/sign-in/code/", {"code": wrong})
    page = other.post("/sign-in/code/", {"code": code(secret)})
    assert page.context["form"].errors["code"] == ["Too many tries. Wait five minutes, then try again."]
    refused = Event.objects.filter(action="sign-in code refused")
    assert (refused.count(), refused[0].about, refused[0].actor) == (5, f"user {olive.pk}", None)


def test_a_recovery_code_signs_in_once(client, olive):
    _, recovery = set_up(client)
    first, second = Client(), Client()
    sign_in(first)
    assert first.post("/sign-in/code/", {"code": recovery[3]}).url == "/staff/"
    assert Event.objects.filter(action="recovery code used", actor=olive).count() == 1
    sign_in(second)
    assert second.post("/sign-in/code/", {"code": recovery[3]}).status_code == 200
    assert second.get("/staff/").status_code == 302


def test_a_session_from_before_the_set_up_has_to_show_the_code_first(client, olive, clock):
    earlier = Client()
    sign_in(earlier)
    secret, _ = set_up(client)
    assert earlier.get("/staff/patients/").url == "/sign-in/again/code/?next=%2Fstaff%2Fpatients%2F"
    assert earlier.post("/staff/patients/").url == "/sign-in/again/code/?next=%2Fstaff%2F"
    clock.shift(30)
    shown = earlier.post("/sign-in/again/code/", {"code": code(secret), "next": "/staff/patients/"})
    assert shown.url == "/staff/patients/"
    assert earlier.get("/staff/patients/").status_code == 200


def test_what_one_person_showed_opens_nothing_to_another_in_the_same_session(client, olive, park_street):
    set_up(client)
    other = User.objects.create_user("other@demo.example", name="Other")
    Membership.objects.create(user=other, clinic=park_street, role="owner")
    client.force_login(other)
    kept = client.session
    kept[second_factor.SHOWN] = olive.pk
    kept.save()
    assert client.get("/staff/").url == SET_UP


def test_another_phone_is_set_up_after_giving_up_the_first(client, olive):
    old, _ = set_up(client)
    assert client.get("/second-factor/give-up/").status_code == 200
    assert Authenticator.objects.count() == 2
    assert client.post("/second-factor/give-up/").url == "/second-factor/"
    assert not Authenticator.objects.exists()
    assert client.get("/staff/").url == SET_UP
    new = key_on(client.get(SET_UP))
    assert new != old
    assert client.post(SET_UP, {"code": code(new)}).url == CODES
    assert actions()[-3:] == ["second factor removed", "second factor set up", "recovery codes made"]


def test_giving_it_up_after_five_minutes_asks_who_one_is(client, olive, clock):
    set_up(client)
    clock.shift(301)
    asked = client.post("/second-factor/give-up/")
    assert asked.url == "/sign-in/again/?next=%2Fsecond-factor%2Fgive-up%2F"
    assert Authenticator.objects.count() == 2
    wrong = client.post(asked.url, {"password": "not this"})
    assert wrong.context["form"].errors == {"password": ["That is not your password. Type it again."]}
    client.post(asked.url, {"password": PASSWORD, "next": "/second-factor/give-up/"})
    assert not Authenticator.objects.exists()


def test_new_recovery_codes_end_the_old_ones(client, olive):
    _, old = set_up(client)
    page = client.post("/second-factor/recovery-codes/new/", follow=True)
    new = re.findall(r"<code>(\d{8})</code>", page.content.decode())
    assert len(new) == 10
    assert set(new).isdisjoint(old)
    assert actions()[-2:] == ["recovery codes made", "recovery codes made"]


def test_a_new_password_by_mail_does_not_get_past_the_second_factor(client, olive):
    set_up(client)
    olive.refresh_from_db()
    other = Client()
    other.post(other.get(password_path(olive)).url, NEW)
    assert sign_in(other, NEW["password1"]).url == "/sign-in/code/"
    assert other.get("/staff/").status_code == 302


def test_the_page_of_the_sign_in_says_how_it_stands(client, olive):
    set_up(client)
    text = " ".join(client.get("/second-factor/").content.decode().split())
    assert "10 codes left" in text
    assert "21 November 2026" in text


def test_looking_whether_it_was_shown_asks_the_database_nothing(client, olive, django_assert_num_queries):
    set_up(client)
    request = client.get("/password/change/").wsgi_request
    guard = second_factor.SecondFactorMiddleware(lambda _: None)
    assert request.user.pk == olive.pk
    with django_assert_num_queries(0):
        assert guard.process_view(request, lambda: None, (), {}) is None


def test_somebody_invited_comes_from_the_mail_to_the_first_page(client, olive):
    set_up(client)
    page = client.post("/staff/team/invite/", {"name": "Nina", "email": "nina@demo.example", "role": "reception"})
    (link,) = re.findall(r"http://testserver(/password/[^\s<]+)", page.content.decode())
    nina = Client()
    nina.post(nina.get(link).url, NEW)
    signed_in = nina.post("/sign-in/", {"login": "nina@demo.example", "password": NEW["password1"]}, follow=True)
    assert signed_in.redirect_chain == [("/staff/", 302), (SET_UP, 302)]
    nina.post(SET_UP, {"code": code(key_on(signed_in))})
    assert nina.get("/staff/").context["membership"].role == "reception"


@pytest.mark.hazard("H-25")
def test_a_locked_tablet_opens_to_the_password_with_the_code_only(client, olive, clock):
    secret, _ = set_up(client)
    clock.shift(30)
    handed_over = Client()
    handed_over.cookies[tablet.NAME] = seal({"base": "/c/park-street/tablet/", "logo": "/logo/"}, tablet.PURPOSE)
    assert sign_in(handed_over).url == "/sign-in/code/"
    assert handed_over.get("/staff/patients/").url == "/sign-in/"
    assert handed_over.get("/sign-in/code/").status_code == 200
    handed_over.post("/sign-in/code/", {"code": code(secret)})
    assert handed_over.get("/staff/patients/").status_code == 200
    assert handed_over.cookies[tablet.NAME].value == ""


def test_body_without_a_code_asks_for_the_code_again(client, olive):
    set_up(client)
    client.post("/sign-out/")
    sign_in(client)
    for body in ({}, {"credential": "{}"}):
        answer = client.post("/sign-in/code/", body)
        assert (answer.status_code, "Type the code." in answer.content.decode()) == (200, True)
    assert client.get("/staff/").url == "/sign-in/?next=/staff/"
