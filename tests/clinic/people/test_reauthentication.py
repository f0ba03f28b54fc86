"""What matters most asks the person to show again that it is them, and does nothing by itself afterwards."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from clinic.models import Event, Membership, User
from clinic.people.access import NOTHING_DONE

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PASSWORD = "a long pass phrase 1"
AGAIN = "/sign-in/again/"


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """Argon2 is slow on purpose, and says nothing here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def olive(client, park_street):
    """An owner who signed in and worked on."""
    person = User.objects.create_user("olive@demo.example", PASSWORD, name="Olive")
    Membership.objects.create(user=person, clinic=park_street, role="owner")
    with time_machine.travel("2026-11-21T10:00:00Z", tick=False) as clock:
        client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
        yield clock


@pytest.fixture
def perry(park_street):
    person = User.objects.create_user("perry@demo.example", name="Perry")
    return Membership.objects.create(user=person, clinic=park_street, role="practitioner")


def address(name, perry):
    return reverse(name, args=[perry.pk])


def test_within_five_minutes_of_signing_in_nobody_is_asked(client, olive, perry):
    olive.shift(299)
    assert client.post(address("staff-team-suspend", perry)).url == address("staff-team-member", perry)
    perry.refresh_from_db()
    assert perry.suspended


def test_after_them_a_post_does_nothing_and_leads_back_to_its_page_with_a_sentence(client, olive, perry):
    olive.shift(301)
    page = address("staff-team-member", perry)
    asked = client.post(address("staff-team-suspend", perry))
    assert asked.url == f"{AGAIN}?next={page.replace('/', '%2F')}"
    assert NOTHING_DONE not in client.get(asked.url).content.decode()
    shown = client.post(asked.url, {"password": PASSWORD, "next": page}, follow=True)
    perry.refresh_from_db()
    assert (shown.redirect_chain, perry.suspended) == ([(page, 302)], False)
    assert NOTHING_DONE in shown.content.decode()
    client.post(address("staff-team-suspend", perry))
    perry.refresh_from_db()
    assert perry.suspended


def test_who_cannot_show_it_gets_no_further(client, olive, perry):
    olive.shift(301)
    asked = client.post(address("staff-team-suspend", perry))
    assert client.post(asked.url, {"password": "another pass phrase 2"}).status_code == 200
    assert client.post(address("staff-team-suspend", perry)).url == asked.url
    perry.refresh_from_db()
    assert not perry.suspended


def test_what_allauth_kept_of_an_earlier_try_is_not_done_afterwards(client, olive, perry):
    olive.shift(301)
    client.post(reverse("mfa_generate_recovery_codes"))
    client.post(reverse("staff-team-invite"), {"name": "Nell", "email": "nell@demo.example", "role": "owner"})
    client.post(AGAIN, {"password": PASSWORD, "next": reverse("staff-team-invite")})
    assert not User.objects.filter(email="nell@demo.example").exists()
    assert not Event.objects.filter(action="recovery codes made").exists()


# Every form of the team, and the pages their people come back to.
ASKED = {
    "staff-team-role": "staff-team-member",
    "staff-team-suspend": "staff-team-member",
    "staff-team-take-back": "staff-team-member",
    "staff-team-second-factor": "staff-team-member",
    "staff-team-invite-again": "staff-team-member",
    "staff-team-replace": "staff-team-replace",
}


def test_every_change_of_the_team_asks(client, olive, perry):
    olive.shift(301)
    came = {name: client.post(address(name, perry)).url for name in ASKED}
    came["staff-team-invite"] = client.post(reverse("staff-team-invite")).url
    want = {name: address(page, perry) for name, page in ASKED.items()} | {
        "staff-team-invite": reverse("staff-team-invite")
    }
    assert came == {name: f"{AGAIN}?next={page.replace('/', '%2F')}" for name, page in want.items()}
    assert [client.get(want[name]).status_code for name in ("staff-team-invite", "staff-team-replace")] == [302, 302]


def test_an_evidence_pack_asks(client, olive, park_street):
    patient = park_street.patients.create(name="Nell", born=date(1990, 1, 1))
    olive.shift(301)
    asked = client.post(reverse("staff-pack", args=[patient.pk, "facial-ems"]))
    assert asked.url == f"{AGAIN}?next={reverse('staff-papers', args=[patient.pk]).replace('/', '%2F')}"


def test_somebody_without_the_right_is_refused_and_not_asked(client, olive, perry):
    client.force_login(perry.user)
    assert client.post(address("staff-team-suspend", perry)).status_code == 403
