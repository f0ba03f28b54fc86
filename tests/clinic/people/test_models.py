import pytest
from django.db import IntegrityError, transaction

from clinic.models import User

pytestmark = pytest.mark.django_db


def test_a_person_is_found_by_e_mail_in_any_case():
    person = User.objects.create_user("Ada@Demo.Example", "long enough 12", name="Ada")
    assert User.objects.get_by_natural_key("aDA@demo.EXAMPLE") == person
    assert person.email == "ada@demo.example"


def test_two_people_cannot_have_one_e_mail_in_two_cases_even_past_the_model():
    User.objects.create_user("ada@demo.example", name="Ada")
    other = User.objects.create_user("bob@demo.example", name="Bob")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=other.pk).update(email="ADA@demo.example")


def test_ending_the_sessions_of_one_person_leaves_everybody_elses():
    people = [User.objects.create_user(f"{name}@demo.example", name=name) for name in ("ada", "bob")]
    before = [person.get_session_auth_hash() for person in people]
    people[0].end_sessions()
    after = [User.objects.get(pk=person.pk).get_session_auth_hash() for person in people]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True]


def test_a_session_goes_on_when_the_secret_key_changes_and_still_ends_with_the_others(client, settings):
    ada = User.objects.create_user("ada@demo.example", name="Ada")
    client.force_login(ada)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key" * 6, [settings.SECRET_KEY]
    assert client.get("/staff/").status_code == 200
    ada.end_sessions()
    assert client.get("/staff/").status_code == 302
