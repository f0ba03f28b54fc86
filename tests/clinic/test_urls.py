"""Every address the project has, tried by people who should not get in."""

import re

import pytest
from django.urls import get_resolver
from django.urls.resolvers import RegexPattern

from clinic.models import Clinic, User

pytestmark = pytest.mark.django_db

# Open, but only to somebody who has begun: everybody else is led to the page that says so.
CHECK_PAGES = ("where", "step/1", "pause", "goals", "answers", "result", "send", "receipt")
BEGUN = ["/sign-in/code/", *(f"/c/1/check/{page}/" for page in CHECK_PAGES)]
# Papers of somebody's own result, and one that was shared by link.
TAKEN_ALONG = ["/c/1/check/result/copy/", "/c/1/check/result/letter/"]
SHARED = ["/c/1/check/copy/", "/c/1/check/copy/paper/"]
# They say themselves that a sign-in has ended, so that what was typed stays on the page.
SAVED = ["/staff/intake/1/save/", "/staff/intake/1/store/"]
OPEN = {
    "get": {
        "/": 200,
        "/sign-in/": 200,
        "/password/forgotten/": 200,
        "/password/forgotten/sent/": 200,
        "/password/new/anything-anything/": 200,
        "/password/saved/": 200,
        "/c/1/logo/": 404,
        "/.well-known/security.txt": 404,
        "/c/1/": 302,
        "/c/1/link/1/": 404,
        "/c/1/check/birth/": 404,
        "/c/1/check/consent/": 404,
        "/c/1/check/": 200,
        "/c/1/check/start/": 200,
        "/c/1/check/age/": 200,
        "/c/1/check/clear/": 200,
        "/c/1/check/gone/": 200,
        "/c/1/check/over/": 200,
        "/verify/": 200,
        **dict.fromkeys(TAKEN_ALONG, 405),
        **dict.fromkeys(SHARED, 404),
        **dict.fromkeys(BEGUN, 302),
        **dict.fromkeys(SAVED, 405),
    },
    "post": {
        "/": 405,
        "/sign-in/": 200,
        "/password/forgotten/": 200,
        "/password/forgotten/sent/": 405,
        "/password/new/anything-anything/": 200,
        "/password/saved/": 405,
        "/c/1/logo/": 405,
        "/.well-known/security.txt": 405,
        "/c/1/": 405,
        "/c/1/link/1/": 405,
        "/c/1/check/birth/": 404,
        "/c/1/check/consent/": 404,
        "/c/1/check/": 405,
        "/c/1/check/start/": 200,
        "/c/1/check/age/": 405,
        "/c/1/check/clear/": 200,
        "/c/1/check/gone/": 405,
        "/c/1/check/over/": 405,
        "/verify/": 200,
        **dict.fromkeys(TAKEN_ALONG, 302),
        **dict.fromkeys(SHARED, 405),
        **dict.fromkeys(BEGUN, 302),
        "/c/1/check/result/": 405,
        "/c/1/check/receipt/": 405,
    },
}


def addresses(patterns=None, before="/"):
    """Give every address, with something plausible in place of what varies."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        part = str(entry.pattern)
        if isinstance(entry.pattern, RegexPattern):
            part = re.sub(r"\(\?P<\w+>.*?\)", "anything", part).strip("^$").replace("\\", "")
        address = before + re.sub(r"<[^>]+>", "1", part.replace("<way:way>", "check"))
        if hasattr(entry, "url_patterns"):
            yield from addresses(entry.url_patterns, address)
        else:
            yield address


def test_the_walk_finds_pages_of_every_room():
    assert {"/", "/sign-in/", "/sign-out/", "/staff/", "/admin/", "/admin/logout/"} <= set(addresses())


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_gets_no_page_that_is_not_opened_by_name(client, method):
    Clinic.objects.create(name="A clinic", slug="1")
    opened = {}
    for address in addresses():
        response = getattr(client, method)(address)
        if response.status_code == 302 and response.url.startswith(("/sign-in/?next=", "/admin/login/?next=")):
            continue
        opened[address] = response.status_code
    assert opened == OPEN[method]


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
