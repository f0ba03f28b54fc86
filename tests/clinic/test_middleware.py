import pytest
from django.conf import settings

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
