"""Every address of the project, asked for with production's settings: what its answers carry, and what they write."""

import pytest

from tests.support.web_walk import VISITORS, walked

# It makes a database of its own, so the run on PostgreSQL would say the same again.
pytestmark = pytest.mark.one_database

NOTHING_INLINE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ON_EVERY_ANSWER = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
EVERY_METHOD = ("GET", "HEAD", "OPTIONS", "POST")


@pytest.fixture(scope="module")
def asked(production, tmp_path_factory):
    """Two who stand for the others, somebody invited and the one who may open most, and every sixth address."""
    return walked(production, tmp_path_factory.mktemp("web"), ["GET", "POST"], ["link", "owner"], every=6)


def test_every_answer_closes_what_no_page_needs(asked):
    assert found_wanting(asked) == []


def test_every_cookie_is_of_this_host_alone_and_read_by_no_script(asked):
    assert loose_cookies(asked) == set()
    assert {cookie.partition("=")[0] for answer in asked["answers"] for cookie in answer["cookies"]} >= {
        "__Host-csrf", "__Host-session",
    }  # fmt: skip


def test_to_look_at_a_page_changes_nothing_but_the_trail_and_the_own_session(asked):
    assert changed_by_looking(asked) == []
    opened = {answer["page"] for answer in asked["answers"] if answer["method"] == "GET" and answer["status"] == 200}
    assert len(opened) >= 10, sorted(opened)


def test_nothing_is_taken_without_the_token_that_our_own_page_carries(asked):
    assert taken_without_token(asked) == []


@pytest.mark.sweep
def test_all_that_holds_for_every_visitor_and_every_method(production, tmp_path, record_property):
    asked = walked(production, tmp_path, EVERY_METHOD)
    record_property("requests asked", len(asked["answers"]))
    pages = len({answer["page"] for answer in asked["answers"]})
    print(f"web: {pages} pages x {len(VISITORS)} visitors x {len(EVERY_METHOD)} = {len(asked['answers'])} requests")
    assert found_wanting(asked) == []
    assert loose_cookies(asked) == set()
    assert changed_by_looking(asked) == []
    assert taken_without_token(asked) == []
    assert {answer["visitor"] for answer in asked["answers"]} == set(VISITORS)


def found_wanting(asked):
    """Give each answer that lacks a header, or has another in its place."""
    return [
        (answer["visitor"], answer["method"], answer["address"], name, found)
        for answer in asked["answers"]
        for name, expected in ON_EVERY_ANSWER.items()
        if (found := answer["headers"].get(name)) != expected
    ] + [
        (answer["visitor"], answer["method"], answer["address"], policy)
        for answer in asked["answers"]
        if sorted((policy := answer["headers"]["Content-Security-Policy"]).split("; ")) != sorted(policy_of(answer))
        or "camera=()" not in answer["headers"]["Permissions-Policy"]
    ]


def policy_of(answer):
    """What somebody sent as a file is shown by itself, and may do nothing at all."""
    is_file = answer["page"] in ("staff-photograph", "staff-letter") and answer["status"] == 200
    if is_file and answer["method"] in ("GET", "HEAD"):
        return ["default-src 'none'", "sandbox"]
    return NOTHING_INLINE.split("; ")


def loose_cookies(asked):
    """Give each cookie that is not for this host alone, that a script could read or another site could send."""
    found = set()
    for answer in asked["answers"]:
        for cookie in answer["cookies"]:
            parts = set(cookie.split("; "))
            is_tight = {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= parts and cookie.startswith("__Host-")
            if not is_tight or "Domain" in cookie:
                found.add(cookie)
    return found


def changed_by_looking(asked):
    """Give what a request that only reads wrote, and each table that was another after all of them."""
    return [
        (answer["visitor"], answer["method"], answer["address"], answer["wrote"])
        for answer in asked["answers"]
        if answer["method"] != "POST" and answer["wrote"]
    ] + asked["changed"]


def taken_without_token(asked):
    """Give each address that took a body without the token; a tablet is led away before anything is read."""
    return [
        (answer["visitor"], answer["address"], answer["status"])
        for answer in asked["answers"]
        if answer["method"] == "POST" and answer["status"] != 403 and answer["visitor"] != "tablet"
    ]
