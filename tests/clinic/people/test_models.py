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
