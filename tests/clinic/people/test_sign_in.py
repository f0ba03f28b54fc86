"""Signing in, and getting in again without the password."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache

from clinic.models import Event, User
from clinic.people.opening import password_path

pytestmark = pytest.mark.django_db

PASSWORD = "a long pass phrase 1"
NEW = {"password1": "another pass phrase 2", "password2": "another pass phrase 2"}


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """Argon2 is slow on purpose, and here somebody tries thirty times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def olive():
    return User.objects.create_user("olive@demo.example", PASSWORD, name="Olive")


def sign_in(client, email="olive@demo.example", password=PASSWORD):
    return client.post("/sign-in/", {"login": email, "password": password})


def forget(client, email):
    return client.post("/password/forgotten/", {"email": email}, follow=True)


def link_in(message):
    return re.search(r"http://testserver(/\S+)", message.body)[1]


def test_signing_in_is_in_the_trail_with_who_and_from_where(client, olive):
    assert sign_in(client).url == "/staff/"
    event = Event.objects.get()
    assert (event.action, event.actor, event.address) == ("signed in", olive, "127.0.0.1")


def test_a_refusal_is_in_the_trail_without_what_was_typed(client, olive):
    sign_in(client, password="wrong")
    event = Event.objects.get()
    assert (event.action, event.actor, event.about) == ("sign-in refused", None, "")


def test_five_wrong_tries_close_the_door_even_to_the_right_password(client, olive):
    for _ in range(5):
        sign_in(client, password="wrong")
    errors = sign_in(client).context["form"].errors
    assert errors == {"__all__": ["Too many tries. Wait five minutes, then try again."]}


def test_the_limit_counts_an_e_mail_that_nobody_has_in_the_same_way(client):
    for _ in range(5):
        sign_in(client, email="nobody@demo.example")
    assert "Too many tries" in sign_in(client, email="nobody@demo.example").content.decode()


def test_many_tries_from_one_place_get_our_page(client):
    for number in range(30):
        sign_in(client, email=f"somebody{number}@demo.example")
    response = sign_in(client, email="one.more@demo.example")
    assert response.status_code == 429
    assert "Wait five minutes, then go on" in response.content.decode()


def test_the_limits_are_kept_where_every_process_sees_them():
    assert type(cache._connections["default"]).__name__ == "DatabaseCache"


def test_a_signed_in_person_is_sent_on_from_the_sign_in_page(client, olive):
    client.force_login(olive)
    assert client.get("/sign-in/").url == "/staff/"


def test_nobody_can_make_an_account_of_their_own(client):
    answers = {"email": "new@demo.example"} | NEW
    for address in ("/sign-up/", "/signup/", "/accounts/signup/", "/sign-in/"):
        client.post(address, answers)
    assert not User.objects.exists()


def test_asking_for_a_password_gets_the_same_answer_whoever_asks(client, olive):
    User.objects.create_user("left@demo.example", PASSWORD, name="Left", is_active=False)
    pages = {
        re.sub(r'csrfmiddlewaretoken" value="\w+"', "", forget(client, f"{name}@demo.example").content.decode())
        for name in ("olive", "nobody", "left")
    }
    assert len(pages) == 1
    assert "If somebody signs in with that e-mail here" in pages.pop()
    assert [message.subject for message in mail.outbox] == [
        "Choose a new password",
        "Nobody signs in with this e-mail",
        "Nobody signs in with this e-mail",
    ]


def test_the_link_sets_a_password_once_and_the_token_leaves_the_address(client, olive):
    forget(client, "OLIVE@demo.example")
    link = link_in(mail.outbox[0])
    page = client.get(link)
    assert page.url.endswith("-set-password/")
    assert client.post(page.url, NEW).url == "/password/saved/"
    assert sign_in(client, password=NEW["password1"]).url == "/staff/"
    client.logout()
    assert "This link does not open anything now" in client.get(link).content.decode()
    assert sign_in(client).status_code == 200


def test_the_password_set_is_in_the_trail(client, olive):
    client.post(client.get(password_path(olive)).url, NEW)
    event = Event.objects.get()
    assert (event.action, event.actor, event.about) == ("password set", olive, f"user {olive.pk}")


def test_a_weak_or_a_differing_password_is_refused_beside_its_field(client, olive):
    page = client.get(password_path(olive)).url
    weak = client.post(page, {"password1": "short", "password2": "short"})
    assert weak.context["form"].errors["password1"]
    assert "<title>Error: " in weak.content.decode()
    differing = client.post(page, NEW | {"password2": "another pass phrase 3"})
    assert list(differing.context["form"].errors) == ["password2"]


def test_an_invented_link_says_what_to_do(client):
    text = client.get("/password/new/1-abcdef-0123456789/").content.decode()
    assert "This link does not open anything now" in text
    assert "Ask for a new link" in text


def test_a_password_is_changed_by_whoever_knows_the_one_of_now(client, olive):
    client.force_login(olive)
    wrong = client.post("/password/change/", NEW | {"oldpassword": "not this"})
    assert wrong.context["form"].errors == {"oldpassword": ["That is not your password now. Type it again."]}
    page = client.post("/password/change/", NEW | {"oldpassword": PASSWORD}, follow=True)
    assert page.redirect_chain == [("/staff/", 302)]
    assert "Your password is changed." in page.content.decode()
    assert client.get("/staff/").status_code == 200


def test_whoever_is_signed_in_without_a_password_gets_a_first_one_by_mail(client, olive):
    olive.set_unusable_password()
    olive.save()
    client.force_login(olive)
    asked = client.get("/password/change/")
    assert (asked.status_code, asked["Location"]) == (302, "/password/forgotten/")
    forget(client, olive.email)
    client.logout()
    assert client.get(link_in(mail.outbox[0]), follow=True).status_code == 200


def test_no_second_list_of_e_mails_is_kept_that_could_open_an_account_later(client, olive):
    sign_in(client)
    client.logout()
    forget(client, "olive@demo.example")
    client.get(link_in(mail.outbox[0]))
    assert not EmailAddress.objects.exists()
