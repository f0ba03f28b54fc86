"""Production as a visitor gets it: weight, hosts, headers and cookies."""

import re
from urllib.parse import urlencode

import pytest

from tests.support.production import FORWARDED, PERSON, answer

pytestmark = pytest.mark.browser

FIRST_PAGE_LIMIT = 90_000


def test_the_first_page_is_light_and_asks_nobody_else(production_site, open_page):
    page = open_page(width=360, extra_http_headers=FORWARDED)
    asked = {}
    page.on("requestfinished", lambda request: asked.setdefault(request.url, request))
    page.goto(production_site, wait_until="networkidle")
    assert {url.split("/static/")[0].rstrip("/") for url in asked} == {production_site}
    sizes = {url: request.sizes() for url, request in asked.items()}
    weight = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes.values())
    assert len(asked) >= 4
    assert weight <= FIRST_PAGE_LIMIT, sizes


def test_a_visitor_without_tls_is_sent_to_it(production_site):
    status, headers, _ = answer(production_site, "/", **{"X-Forwarded-Proto": "http"})
    assert (status, headers["Location"][:8]) == (301, "https://")


def test_pages_ask_browsers_to_stay_with_tls(production_site):
    _, headers, _ = answer(production_site, "/")
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


def test_cookies_are_kept_from_scripts_other_hosts_and_plain_connections(production_site):
    _, headers, text = answer(production_site, "/sign-in/")
    (csrf,) = headers.get_all("Set-Cookie")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text).group(1)
    status, headers, _ = answer(
        production_site,
        "/sign-in/",
        "POST",
        urlencode({"csrfmiddlewaretoken": token, "login": PERSON["email"], "password": PERSON["password"]}),
        **{
            "Cookie": csrf.split(";")[0],
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": production_site.replace("http:", "https:"),
        },
    )
    assert (status, headers["Location"]) == (302, "/staff/")
    cookies = [csrf, *headers.get_all("Set-Cookie")]
    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-csrf", "__Host-session"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_static_files_are_kept_for_ever_because_their_names_change(production_site):
    _, _, text = answer(production_site, "/")
    path = re.search(r"/static/css/theme\.[0-9a-f]{12}\.css", text).group()
    _, headers, _ = answer(production_site, path)
    assert headers["Cache-Control"] == "max-age=315360000, public, immutable"
