import pytest

from clinic.models import User

pytestmark = pytest.mark.django_db

WRONG = "That e-mail and password do not go together. Check both and try again."


@pytest.fixture
def olive():
    return User.objects.create_user("olive@demo.example", "a long pass phrase 1", name="Olive")


@pytest.mark.parametrize("email", ["olive@demo.example", "nobody@demo.example"])
def test_a_wrong_pair_never_tells_which_of_the_two_is_wrong(client, olive, email):
    response = client.post("/sign-in/", {"login": email, "password": "something else"})
    assert response.context["form"].errors == {"__all__": [WRONG]}


def test_a_person_who_may_not_sign_in_gets_the_same_answer(client, olive):
    User.objects.update(is_active=False)
    response = client.post("/sign-in/", {"login": olive.email, "password": "a long pass phrase 1"})
    assert response.context["form"].errors == {"__all__": [WRONG]}


def test_an_error_keeps_the_typed_e_mail_and_never_the_password(client):
    text = client.post("/sign-in/", {"login": "Olive@", "password": "typed"}).content.decode()
    assert 'value="Olive@"' in text
    assert "typed" not in text
    assert "<title>Error: " in text


def test_the_form_posts_to_a_written_address_that_keeps_where_the_person_was_going(client):
    text = client.get("/sign-in/?next=/admin/").content.decode()
    assert 'action="/sign-in/?next=%2Fadmin%2F"' in text


def test_fields_carry_no_asterisk(client):
    assert "*" not in client.get("/sign-in/").content.decode()
