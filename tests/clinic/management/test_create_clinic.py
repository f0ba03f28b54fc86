import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from clinic.models import Clinic, Event, Membership, User
from screening.models import RuleSet

pytestmark = pytest.mark.django_db

NEW = {"password1": "another pass phrase 2", "password2": "another pass phrase 2"}


def create(*arguments):
    printed = StringIO()
    call_command("create_clinic", *arguments, stdout=printed)
    return printed.getvalue()


def test_a_clinic_opens_with_its_owner_and_every_treatment_that_has_rules():
    create("Park Street Clinic", "--owner", "Ona@demo.example")
    clinic = Clinic.objects.get()
    assert (clinic.name, clinic.slug) == ("Park Street Clinic", "park-street-clinic")
    assert clinic.treatments == [
        "facial-ems",
        "emface",
        "facial-microcurrent",
        "body-myostimulation",
        "body-microcurrent",
        "ems-training",
    ]
    membership = Membership.objects.get()
    assert (membership.clinic, membership.role, membership.user.email) == (clinic, "owner", "ona@demo.example")
    assert not membership.user.has_usable_password()
    assert list(Event.objects.values_list("action", "about")) == [("clinic opened", f"clinic {clinic.pk}")]


def test_the_printed_address_sets_the_owners_password_once(client):
    printed = create("Park Street", "--owner", "ona@demo.example", "--site", "http://testserver")
    (address,) = re.findall(r"http://testserver(/password/\S+)", printed)
    assert client.post(client.get(address).url, NEW).url == "/password/saved/"
    signed_in = client.post("/sign-in/", {"login": "ona@demo.example", "password": NEW["password1"]}, follow=True)
    assert signed_in.context["membership"].role == "owner"
    client.logout()
    assert client.get(address).status_code == 200
    assert "This link does not open anything now" in client.get(address).content.decode()


def test_a_person_who_has_a_password_already_gets_no_address_that_could_change_it():
    User.objects.create_user("ona@demo.example", "a long pass phrase 1", name="Ona")
    printed = create("Park Street", "--owner", "ONA@demo.example")
    assert "/password/" not in printed
    assert "signs in at" in printed
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Park", "--owner", "no e-mail"], "Enter a valid email address"),
        (["Park", "--owner", "ona@demo.example", "--slug", "Park Street"], "Use small letters, digits and single"),
        (["Park", "--owner", "ona@demo.example", "--slug", "taken"], "already exists"),
        (["", "--owner", "ona@demo.example"], "cannot be blank"),
    ],
)
def test_a_refused_value_leaves_nothing_behind(arguments, words):
    Clinic.objects.create(name="Taken", slug="taken")
    with pytest.raises(CommandError, match=words):
        create(*arguments)
    assert (Clinic.objects.count(), User.objects.count(), Event.objects.count()) == (1, 0, 0)


def test_without_published_rules_no_clinic_opens_and_the_cure_is_named():
    RuleSet.objects.update(status=RuleSet.Status.DRAFT, published_at=None)
    with pytest.raises(CommandError, match="load_rules"):
        create("Park Street", "--owner", "ona@demo.example")
    assert not Clinic.objects.exists()
