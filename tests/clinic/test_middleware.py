from datetime import date

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from clinic import health
from clinic.models import Event, User
from tests.clinic.screenings.invented import a_clinic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/staff/", "/nowhere/", "/admin/"])
def test_no_page_is_kept_by_a_browser_or_a_proxy(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/nowhere/"])
def test_the_content_policy_allows_our_own_files_and_nothing_inline(client, path):
    policy = client.get(path).headers["Content-Security-Policy"]
    assert sorted(policy.split("; ")) == [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
    ]


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/nowhere/"])
def test_pages_hold_no_inline_script_style_or_handler(client, path):
    text = client.get(path).content.decode()
    for forbidden in ("<script", "<style", " style=", " onclick=", " onload=", "javascript:"):
        assert forbidden not in text


def test_nothing_answers_before_the_headers_are_set():
    order = [settings.MIDDLEWARE.index(name) for name in ("csp.middleware.CSPMiddleware", "clinic.middleware.no_store")]
    assert max(order) < settings.MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware")


@pytest.mark.parametrize("path", ["/static/img/mark.svg", "/", "/sign-in/"])
def test_files_and_pages_close_what_no_page_needs(client, path):
    answer = client.get(path, headers={"host": "elsewhere.example"} if path == "/sign-in/" else {})
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    answer.close()


def test_signing_out_leaves_nothing_in_the_browser(client):
    client.force_login(User.objects.create_user("olive@demo.example", name="Olive"))
    assert client.post("/sign-out/").headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_answers_that_are_cleared_leave_nothing_but_what_locks_a_tablet(client):
    a_clinic()
    assert client.post("/c/park-street/check/clear/").headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/c/park-street/tablet-0/over/").headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get("/c/park-street/check/clear/").headers


def test_a_body_that_no_page_of_ours_sends_is_refused_and_says_so(client):
    large = SimpleUploadedFile("large.jpg", b"x" * (settings.LARGEST_BODY + 1))
    answer = client.post("/sign-in/", {"file": large})
    assert (answer.status_code, "That was too large" in answer.content.decode()) == (413, True)


@pytest.mark.parametrize(
    "body", [{"login": "x" * (2 * 1024 * 1024 + 1)}, {f"field-{number}": "" for number in range(1001)}]
)
def test_more_words_or_fields_than_any_page_of_ours_has_are_refused_the_same_way(client, body):
    answer = client.post("/sign-in/", body)
    assert (answer.status_code, "nothing was saved" in answer.content.decode()) == (413, True)


@pytest.mark.parametrize(("path", "word"), [("/health/live/", "live"), ("/health/ready/", "ready")])
def test_a_watcher_gets_one_word_from_any_host_and_nothing_is_kept(client, settings, path, word):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get(path, headers={"host": "10.0.0.7:8000"})
    assert (answer.status_code, answer.content.decode(), answer.cookies.output()) == (200, word, "")
    assert (Event.objects.count(), Session.objects.count()) == (0, 0)
    assert client.post(path).status_code == 405


def test_without_its_database_the_server_lives_and_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(connection, "cursor", gone)
    assert (client.get("/health/live/").status_code, client.get("/health/ready/").status_code) == (200, 503)
    assert client.get("/health/ready/").content == b"no"


def test_a_database_that_lacks_a_migration_is_not_ready(client):
    health._be_migrated.cache_clear()
    newest = MigrationLoader(connection).graph.leaf_nodes("clinic")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    assert (client.get("/health/ready/").status_code, client.get("/health/ready/").content) == (503, b"no")
    MigrationRecorder(connection).record_applied(*newest)
    assert client.get("/health/ready/").content == b"ready"


def gone(*_: object):
    raise OperationalError("the database went away")


def test_whom_to_tell_of_a_weakness_stands_where_rfc_9116_has_it(client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT, settings.SECURITY_CONTACT_UNTIL = ["mailto:safe@clinic.example"], date(2027, 6, 30)
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "Contact: mailto:safe@clinic.example",
        "Expires: 2027-06-30T23:59:59Z",
        "Preferred-Languages: en",
        "Canonical: http://testserver/.well-known/security.txt",
    ]
