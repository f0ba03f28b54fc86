"""The team: only the owner changes it, a clinic never loses its last owner, and whoever is out is out at once."""

import re
import smtplib

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from clinic.models import Event, Membership, User
from clinic.people import team
from clinic.people.second_factor import seal
from tests.support.shown import just_signed_in
from tests.support.tampering import guards_off

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

NEW = {"password1": "another pass phrase 2", "password2": "another pass phrase 2"}
NINA = {"name": "Nina New", "email": "nina@demo.example", "role": "practitioner"}
GETS = ["", "invite/", "{}/", "{}/replace/"]
POSTS = [
    "invite/",
    "{}/role/",
    "{}/suspend/",
    "{}/take-back/",
    "{}/replace/",
    "{}/second-factor/",
    "{}/invite/",
]
CHANGE = NINA | {"role": "owner"}


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """Argon2 is slow on purpose, and says nothing here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def add(park_street):
    """Add a person with this role who can sign in; give the membership."""

    def add_person(role, name="Perry", clinic=park_street, **fields):
        email = f"{name.lower()}@demo.example"
        person = User.objects.create_user(email, "a long pass phrase 1", name=name)
        return Membership.objects.create(user=person, clinic=clinic, role=role, **fields)

    return add_person


@pytest.fixture
def owner(client, add):
    member = add("owner", "Olive")
    just_signed_in(client, member.user)
    return member


@pytest.fixture
def perry(owner, add):
    return add("practitioner")


def address(path, member):
    return f"/staff/team/{path.format(member.pk)}"


def state(member):
    return Membership.objects.values_list("role", "suspended").get(pk=member.pk)


def actions():
    return list(Event.objects.order_by("id").values_list("action", "about"))


def signed_in(member):
    browser = Client()
    browser.force_login(member.user)
    return browser


def links_in(text):
    return re.findall(r"http://testserver(/password/[^\s<]+)", text)


# Who may


@pytest.mark.parametrize("role", [role for role in Membership.Role.values if role != "owner"])
def test_only_the_owner_opens_the_team(client, add, role):
    client.force_login(add(role, "Somebody").user)
    other = add("practitioner")
    for path in GETS:
        assert client.get(address(path, other)).status_code == 403, path
    for path in POSTS:
        assert client.post(address(path, other), CHANGE).status_code == 403, path
    assert state(other) == ("practitioner", False)
    assert not User.objects.filter(email=NINA["email"]).exists()


def test_the_owner_opens_every_page(client, perry):
    assert [client.get(address(path, perry)).status_code for path in GETS] == [200, 200, 200, 200]


def test_what_changes_something_is_posted(client, perry):
    changing = [path for path in POSTS if path not in GETS]
    assert {path: client.get(address(path, perry)).status_code for path in changing} == dict.fromkeys(changing, 405)


def test_somebody_of_another_clinic_is_not_there(client, owner, add, elsewhere):
    stranger = add("practitioner", "Stranger", elsewhere)
    gone = Membership(pk=999_999)
    for path in [*GETS[2:], *POSTS[1:]]:
        for member in (stranger, gone):
            assert client.post(address(path, member), CHANGE).status_code in (404, 405), path
            if path in GETS:
                assert client.get(address(path, member)).status_code == 404, path
    assert state(stranger) == ("practitioner", False)


# Who comes


def test_somebody_new_gets_a_one_time_address_by_mail_and_on_the_page(client, owner, park_street):
    page = client.post("/staff/team/invite/", NINA).content.decode()
    nina = Membership.objects.get(user__email="nina@demo.example")
    assert (nina.clinic, nina.role, nina.suspended, nina.user.name) == (park_street, "practitioner", False, "Nina New")
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["nina@demo.example"], "Your sign-in at Park Street")
    assert links_in(page) == links_in(message.body)
    assert actions() == [("person invited", f"membership {nina.pk}")]
    visitor = Client()
    (link,) = links_in(page)
    assert visitor.post(visitor.get(link).url, NEW).url == "/password/saved/"
    signed = visitor.post("/sign-in/", {"login": "nina@demo.example", "password": NEW["password1"]}, follow=True)
    assert signed.context["membership"] == nina
    assert "This link does not open anything now" in Client().get(link).content.decode()


def test_the_address_is_on_no_other_page(client, owner):
    client.post("/staff/team/invite/", NINA)
    nina = Membership.objects.get(user__email="nina@demo.example")
    for path in ("", "{}/"):
        assert "/password/new/" not in client.get(address(path, nina)).content.decode()
    assert [str(value) for value in client.session.values() if "/password/" in str(value)] == []


def test_somebody_with_a_password_keeps_it_and_their_name_and_gets_no_address(client, owner, elsewhere, add):
    known = add("owner", "Nina", elsewhere)
    page = client.post("/staff/team/invite/", NINA | {"email": "NINA@demo.example"}).content.decode()
    assert "They have a password already" in page
    assert links_in(page) == links_in(mail.outbox[0].body) == []
    known.user.refresh_from_db()
    assert (known.user.name, known.user.memberships.count()) == ("Nina", 2)


def test_somebody_another_clinic_invited_gets_the_address_by_mail_only(client, owner, elsewhere):
    waiting = User.objects.create_user("nina@demo.example", name="Nina")
    Membership.objects.create(user=waiting, clinic=elsewhere, role="owner")
    page = client.post("/staff/team/invite/", NINA).content.decode()
    assert links_in(page) == []
    assert len(links_in(mail.outbox[0].body)) == 1


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"email": ""}, "email", "Enter their e-mail."),
        ({"email": "nina"}, "email", "Enter an e-mail with an @, such as name@clinic.example."),
        ({"email": f"{'n' * 60}@{'d' * 60}.{'e' * 60}.{'e' * 60}.{'e' * 60}"}, "email", "This e-mail is too long."),
        ({"name": " "}, "name", "Enter their name."),
        ({"role": ""}, "role", "Choose a role for them."),
        ({"email": "olive@demo.example"}, "email", team.ALREADY_HERE),
        ({"email": "left@demo.example"}, "email", team.SHUT_OUT),
    ],
)
def test_what_does_not_fit_is_told_beside_the_field_and_the_rest_stays(client, owner, change, field, words):
    User.objects.create_user("left@demo.example", name="Left", is_active=False)
    response = client.post("/staff/team/invite/", NINA | change)
    assert response.context["form"].errors == {field: [words]}
    text = response.content.decode()
    assert "<title>Error: " in text
    assert [value for name, value in NINA.items() if name not in change and f'value="{value}"' not in text] == []
    assert (Membership.objects.count(), mail.outbox, actions()) == (1, [], [])


def test_a_role_that_does_not_exist_is_refused(client, owner):
    assert list(client.post("/staff/team/invite/", NINA | {"role": "king"}).context["form"].errors) == ["role"]


def test_a_mail_server_that_fails_leaves_the_address_on_the_page(client, owner, monkeypatch):
    def refuse(self, **_):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    page = client.post("/staff/team/invite/", NINA).content.decode()
    assert "The e-mail did not go out" in page
    assert len(links_in(page)) == 1


def test_an_invitation_can_be_made_again_until_they_have_a_password(client, owner):
    client.post("/staff/team/invite/", NINA)
    nina = Membership.objects.get(user__email="nina@demo.example")
    assert len(links_in(client.post(address("{}/invite/", nina)).content.decode())) == 1
    assert actions()[-1] == ("person invited again", f"membership {nina.pk}")
    nina.user.set_password("a long pass phrase 1")
    nina.user.save()
    assert client.post(address("{}/invite/", nina)).url == address("{}/", nina)
    assert len(mail.outbox) == 2


# Who changes


def test_a_role_changes_from_the_next_request_on(client, perry):
    browser = signed_in(perry)
    assert browser.get("/staff/settings/").status_code == 403
    assert client.post(address("{}/role/", perry), {"role": "owner"}).url == address("{}/", perry)
    assert browser.get("/staff/settings/").status_code == 200
    refused = ("page refused: settings", "")
    assert actions() == [refused, ("role changed to owner", f"membership {perry.pk}")]
    assert perry.history.count() == 2


def test_the_same_role_again_is_no_change(client, perry):
    client.post(address("{}/role/", perry), {"role": "practitioner"})
    assert actions() == []


def test_a_role_form_that_does_not_fit_comes_back(client, perry):
    page = client.post(address("{}/role/", perry), {"role": "king"})
    assert list(page.context["form"].errors) == ["role"]
    assert state(perry) == ("practitioner", False)


# Who leaves


def test_somebody_suspended_is_out_at_the_next_request_everywhere(client, perry):
    first, second = signed_in(perry), signed_in(perry)
    assert first.get("/staff/patients/").status_code == 200
    client.post(address("{}/suspend/", perry))
    assert state(perry) == ("practitioner", True)
    assert [browser.get("/staff/patients/").url for browser in (first, second)] == [
        "/sign-in/?next=/staff/patients/"
    ] * 2
    again = Client()
    again.post("/sign-in/", {"login": perry.user.email, "password": "a long pass phrase 1"})
    assert again.get("/staff/patients/").status_code == 403
    assert ("person suspended", f"membership {perry.pk}") in actions()


def test_the_owner_who_suspends_stays_signed_in(client, perry):
    client.post(address("{}/suspend/", perry))
    assert client.get("/staff/team/").status_code == 200


def test_somebody_suspended_at_one_clinic_still_works_at_the_other(client, perry, elsewhere):
    Membership.objects.create(user=perry.user, clinic=elsewhere, role="reception")
    client.post(address("{}/suspend/", perry))
    browser = signed_in(Membership.objects.get(pk=perry.pk))
    assert browser.get("/staff/patients/").context["clinic"] == elsewhere


def test_suspending_twice_is_noted_once_and_taking_back_gives_the_role_again(client, perry):
    for _ in range(2):
        client.post(address("{}/suspend/", perry))
    for _ in range(2):
        client.post(address("{}/take-back/", perry))
    assert state(perry) == ("practitioner", False)
    about = f"membership {perry.pk}"
    assert actions() == [("person suspended", about), ("person taken back", about)]


@pytest.mark.parametrize(("path", "data"), [("{}/suspend/", {}), ("{}/role/", {"role": "practitioner"})])
def test_the_last_owner_stays(client, owner, perry, path, data):
    page = client.post(address(path, owner), data, follow=True)
    assert team.LAST_OWNER in page.content.decode()
    assert state(owner) == ("owner", False)
    assert actions() == []


@pytest.mark.parametrize("fields", [{"suspended": True}, {}])
def test_an_owner_who_cannot_sign_in_does_not_count(client, owner, add, fields):
    other = add("owner", "Other", **fields)
    if not fields:
        other.user.set_unusable_password()
        other.user.save()
    client.post(address("{}/suspend/", owner))
    assert state(owner) == ("owner", False)


def test_an_owner_may_leave_when_another_stays(client, owner, add):
    add("owner", "Other")
    client.post(address("{}/suspend/", owner))
    assert state(owner) == ("owner", True)
    assert client.get("/staff/team/").url == "/sign-in/?next=/staff/team/"


def test_one_who_leaves_is_replaced_in_one_step(client, perry):
    page = client.post(address("{}/replace/", perry), NINA | {"role": "owner"})
    nina = Membership.objects.get(user__email="nina@demo.example")
    assert (state(perry), state(nina)) == (("practitioner", True), ("practitioner", False))
    assert len(links_in(page.content.decode())) == 1
    assert actions() == [("person suspended", f"membership {perry.pk}"), ("person invited", f"membership {nina.pk}")]
    assert client.get(address("{}/replace/", perry)).status_code == 404


@pytest.mark.parametrize("email", ["olive@demo.example", "nina@demo.example"])
def test_a_replacement_that_must_not_be_changes_nothing(client, owner, email):
    """Olive is there already; Nina could be the only owner and cannot sign in yet."""
    page = client.post(address("{}/replace/", owner), NINA | {"email": email})
    assert list(page.context["form"].errors) == ["email"]
    assert f'value="{email}"' in page.content.decode()
    assert (state(owner), Membership.objects.count(), User.objects.count()) == (("owner", False), 1, 1)
    assert (actions(), mail.outbox) == ([], [])


# A lost second factor


@pytest.fixture
def with_phone(perry):
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=perry.user, type=kind, data={"secret": seal("A"), "seed": seal("B")})
    with guards_off():
        Event.objects.all()._raw_delete("default")
    return perry


def test_a_lost_second_factor_is_reset_and_the_person_told_and_signed_out(client, with_phone):
    browser = signed_in(with_phone)
    client.post(address("{}/second-factor/", with_phone))
    assert not Authenticator.objects.exists()
    assert browser.get("/staff/").url == "/sign-in/?next=/staff/"
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["perry@demo.example"], "Your second factor was reset")
    ]
    assert actions() == [
        ("second factor removed", f"user {with_phone.user.pk}"),
        ("second factor reset", f"membership {with_phone.pk}"),
    ]
    assert Event.objects.values_list("actor__email", flat=True).distinct().get() == "olive@demo.example"


def test_one_that_guards_another_clinic_or_the_admin_is_not_reset_here(client, with_phone, elsewhere):
    Membership.objects.create(user=with_phone.user, clinic=elsewhere, role="reception", suspended=True)
    page = client.post(address("{}/second-factor/", with_phone), follow=True)
    assert team.GUARDS_MORE in page.content.decode()
    Membership.objects.filter(clinic=elsewhere).delete()
    User.objects.filter(pk=with_phone.user.pk).update(is_staff=True)
    client.post(address("{}/second-factor/", with_phone))
    assert (Authenticator.objects.count(), mail.outbox, actions()) == (2, [], [])


def test_nobody_resets_their_own_past_the_page_that_asks_who_they_are(client, owner):
    Authenticator.objects.create(user=owner.user, type="totp", data={"secret": seal("A")})
    page = client.post(address("{}/second-factor/", owner), follow=True)
    assert team.OWN_FACTOR in page.content.decode()
    assert Authenticator.objects.count() == 1


# The list


def test_the_list_says_how_each_one_stands(client, owner, add, with_phone):
    waiting = add("reception", "Waiting")
    waiting.user.set_unusable_password()
    waiting.user.save()
    add("supervisor", "Gone", suspended=True)
    text = re.sub(r"<[^>]+>", " ", client.get("/staff/team/").content.decode())
    words = " ".join(text.split())
    shown = re.findall(
        r"(Olive|Perry|Waiting|Gone) \S+ (?:Owner|Practitioner|Reception|Supervisor) "
        r"(No second factor yet|Second factor set up|Invited, not signed in yet|Suspended)",
        words,
    )
    assert shown == [
        ("Olive", "No second factor yet"),
        ("Perry", "Second factor set up"),
        ("Waiting", "Invited, not signed in yet"),
        ("Gone", "Suspended"),
    ]


@pytest.mark.parametrize("people", [1, 30, 200])
def test_the_list_asks_the_same_of_the_database_for_any_number(client, owner, people, django_assert_num_queries):
    User.objects.bulk_create(User(email=f"p{number}@demo.example", name=f"P {number}") for number in range(people - 1))
    others = User.objects.exclude(pk=owner.user.pk)
    Membership.objects.bulk_create(Membership(user=one, clinic=owner.clinic, role="reception") for one in others)
    with django_assert_num_queries(6):
        page = client.get("/staff/team/")
    assert len(page.context["page"]) == min(people, 50)
