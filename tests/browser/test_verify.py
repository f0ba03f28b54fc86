"""Checking a paper in a real browser: by its QR code, by its file that stays where it is, and without script."""

import hashlib
import json

import pytest
from playwright.sync_api import expect

from tests.support.browser import follow
from tests.support.seeing import (
    assert_good_for_everybody,
    assert_leads_to_the_error,
    assert_no_violations,
    assert_shows_every_stop,
)

pytestmark = pytest.mark.browser
PDF = b"%PDF-1.7 the very bytes"
SEED = f"""
import json
from clinic.models import Clinic, User
from tests.clinic.screenings.invented import a_patient
from tests.support.record import a_document
clinic = Clinic.objects.get(slug="demo")
row = a_document(clinic, a_patient(clinic, name="Vera Verified"), User.objects.first(), {PDF})
print(json.dumps([f"{{row.number:06d}}", row.check_code]))
"""


@pytest.fixture(scope="module")
def paper(in_the_demo):
    """Number and check code of a paper that the demo's clinic issued."""
    return json.loads(in_the_demo(SEED))


@pytest.fixture
def verify(demo_site):
    return f"{demo_site}/verify/"


def state(page):
    return page.locator("#verified").inner_text()


def test_code_of_a_paper_is_filled_in_sent_and_taken_out_of_the_address(open_page, verify, paper):
    page = open_page(width=360, reduced_motion="reduce")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_navigation(url=verify):
        page.goto(f"{verify}#{paper[0]}.{paper[1]}")
    page.wait_for_selector("#verified")
    assert (state(page), page.url, page.title()) == ("Genuine", verify, "Genuine: Check a paper · Forethought")
    assert [page.get_by_label(name).input_value() for name in ("Number", "Check code")] == paper
    assert not [url for url in asked if paper[1] in url.partition("#")[0]]
    for width, scheme in ((320, "light"), (1280, "dark")):
        page.emulate_media(color_scheme=scheme)
        assert_good_for_everybody(page, width)
        assert_no_violations(page)
    page.go_back()
    assert paper[1] not in page.url


def test_code_of_another_paper_is_followed_where_one_was_just_checked(open_page, verify, paper):
    page = open_page(width=360)
    page.goto(verify)
    page.get_by_label("Number").fill(paper[0])
    page.get_by_label("Check code").fill("0000-0000-0000-0000")
    follow(page, "button", "Check the paper")
    assert state(page) == "Unknown"
    with page.expect_navigation(url=verify):
        page.evaluate("address => { location.href = address; }", f"{verify}#{paper[0]}.{paper[1]}")
    expect(page.locator("#verified")).to_have_text("Genuine")


def test_file_is_known_without_leaving_the_browser(open_page, verify, paper):
    page = open_page(width=360)
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.goto(verify)
    for content, expected in ((PDF, "Genuine"), (PDF + b" ", "Unknown")):
        with page.expect_navigation():
            page.set_input_files("#chosen", {"name": "p.pdf", "mimeType": "application/pdf", "buffer": content})
        assert state(page) == expected
        assert page.locator("[name=digest]").input_value() == hashlib.sha256(content).hexdigest()
    assert not [body for body in sent if "%PDF" in body]


def test_file_that_is_dropped_anywhere_is_taken(open_page, verify, paper):
    page = open_page(width=1280)
    page.goto(verify)
    files = page.evaluate_handle(
        "text => { const all = new DataTransfer(); all.items.add(new File([text], 'p.pdf')); return all; }",
        PDF.decode(),
    )
    with page.expect_navigation():
        page.dispatch_event("h1", "drop", {"dataTransfer": files})
    assert state(page) == "Genuine"


def test_everything_works_without_script(open_page, verify, paper):
    page = open_page(width=320, script=False)
    page.goto(verify)
    assert not page.locator("#drop").is_visible()
    page.get_by_label("Number").fill(paper[0])
    page.get_by_label("Check code").fill(paper[1].lower())
    follow(page, "button", "Check the paper")
    assert state(page) == "Genuine"
    page.get_by_text("Enter the SHA-256 yourself").click()
    page.get_by_label("SHA-256 of the file").fill(hashlib.sha256(PDF).hexdigest())
    follow(page, "button", "Check the file")
    assert state(page) == "Genuine"
    assert_good_for_everybody(page, 320)


def test_mistakes_are_named_and_each_leads_to_its_field(open_page, verify):
    page = open_page(width=320, reduced_motion="reduce")
    for button in ("Check the paper", "Check the file"):
        page.goto(verify)
        if button == "Check the file":
            page.get_by_text("Enter the SHA-256 yourself").click()
        follow(page, "button", button)
        assert_leads_to_the_error(page)
        assert_no_violations(page)
        assert_good_for_everybody(page, 320)
    assert_shows_every_stop(page)
