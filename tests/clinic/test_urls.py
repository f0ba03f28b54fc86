"""Ways in and out at the doors. Who opens which page stands in tests/support/access_table.py."""

import pytest

from clinic.models import User

pytestmark = pytest.mark.django_db


def test_a_person_without_the_admin_is_refused_there_and_not_sent_in_circles(client):
    client.force_login(User.objects.create_user("perry@demo.example", name="Perry"))
    response = client.get("/admin/", follow=True)
    assert (response.status_code, response.redirect_chain) == (403, [("/admin/login/?next=/admin/", 302)])


def test_a_stranger_at_the_admin_comes_back_to_it_after_signing_in(client):
    User.objects.create_superuser("olive@demo.example", "a long pass phrase 1", name="Olive")
    door = client.get("/admin/", follow=True).redirect_chain[-1][0]
    response = client.post(door, {"login": "OLIVE@demo.example", "password": "a long pass phrase 1"})
    assert response.url == "/admin/"


def test_signing_in_never_leads_off_the_site(client):
    User.objects.create_user("olive@demo.example", "a long pass phrase 1", name="Olive")
    answers = {"login": "olive@demo.example", "password": "a long pass phrase 1"}
    assert client.post("/sign-in/?next=https://elsewhere.example/", answers).url == "/staff/"


def test_signing_out_needs_a_post_and_ends_the_session(client):
    client.force_login(User.objects.create_user("olive@demo.example", name="Olive"))
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/"
    assert client.get("/staff/").url == "/sign-in/?next=/staff/"
