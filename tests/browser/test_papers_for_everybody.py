"""The papers' pages for patients and for anybody are good for everybody, with script and without, in every view."""

import json
from datetime import date

import pytest
from django.urls import reverse

from clinic.people import demo
from tests.browser.test_pages import sign_in
from tests.support.browser import follow
from tests.support.inviting import say_birth
from tests.support.seeing import (
    assert_good_for_everybody,
    assert_leads_to_the_error,
    assert_no_violations,
    assert_shows_every_stop,
    assert_stands_still,
)

pytestmark = pytest.mark.browser
BORN = date(1980, 3, 7)
SEED = """
import json
from clinic.models import Decision, User
from tests.clinic.consultations.ready import ready_in_the_demo
from tests.support.record import a_document
by = User.objects.get(email="perry.practitioner@demo.example")
decision = Decision.objects.get(patient=ready_in_the_demo("Paula Papers"))
own = {"decision": decision, "screening": decision.screening}
papers = [a_document(decision.clinic, decision.patient, by, kind="copy", **own) for _ in range(2)]
kept = {"decision": decision.pk, "patient": decision.patient_id, "genuine": papers[0].pk, "withdrawn": papers[1].pk}
codes = {"number": papers[0].number, "code": papers[0].check_code}
print(json.dumps(kept | codes))
"""
WITHDRAW = """
from clinic.models import Document, User
from clinic.documents.withdrawing import withdraw
withdraw(Document.objects.get(pk={}), "Made twice.", by=User.objects.first())
"""
VIEWS = [(1280, "dark"), (320, "light"), (1280, "light"), (320, "dark")]
KINDS = {
    *("birth", "consent", "consent with errors", "signed", "copy", "withdrawn copy"),
    *("verify", "verify with errors", "genuine", "unknown", "digest with errors"),
}


@pytest.fixture(
    params=[
        pytest.param((True, False), id="script"),
        pytest.param((False, False), id="no script", marks=pytest.mark.sweep),
        pytest.param((True, True), id="script, in every view", marks=pytest.mark.sweep),
        pytest.param((False, True), id="no script, in every view", marks=pytest.mark.sweep),
    ]
)
def looker(request, open_page):
    has_script, is_whole = request.param
    return Looker(open_page(script=has_script, reduced_motion="reduce"), has_script=has_script, is_whole=is_whole)


class Looker:
    """Somebody who looks hard at each page; `make test` looks in one view each, and at every third by axe and keys."""

    def __init__(self, page, *, has_script, is_whole):
        self.page, self.has_script, self.is_whole = page, has_script, is_whole
        self.seen = []

    def look(self, kind, *, wrong=False):
        turn = len(self.seen)
        self.seen.append(kind)
        closely = self.has_script and (self.is_whole or turn % 3 == 1)
        if wrong:
            assert_leads_to_the_error(self.page)
        for width, scheme in VIEWS if self.is_whole else [VIEWS[turn % 4]]:
            self.page.emulate_media(color_scheme=scheme)
            assert_good_for_everybody(self.page, width)
            if closely:
                assert_no_violations(self.page)
        assert_stands_still(self.page)
        if closely:
            assert_shows_every_stop(self.page)


@pytest.fixture
def paper(in_the_demo):
    return json.loads(in_the_demo(SEED))


@pytest.fixture
def staff(demo_site, open_page):
    page = open_page(width=1280)
    sign_in(page, demo_site, demo.PEOPLE[1]["email"])
    return page


def test_every_kind_of_page_is_good_for_everybody(looker, staff, paper, demo_site, in_the_demo):
    links = {
        "consent": link_to_the_consent(staff, demo_site, paper),
        "copy": link_to_the_copy(staff, demo_site, paper, "genuine"),
        "withdrawn copy": link_to_the_copy(staff, demo_site, paper, "withdrawn"),
    }
    in_the_demo(WITHDRAW.format(paper["withdrawn"]))
    look_at_the_consent(looker, links["consent"])
    for kind in ("copy", "withdrawn copy"):
        looker.page.goto(links[kind])
        say_birth(looker.page, BORN)
        looker.look(kind)
    look_at_the_check(looker, demo_site, paper)
    assert (len(looker.seen), set(looker.seen)) == (len(KINDS), KINDS)


def link_to_the_consent(staff, site, paper):
    staff.goto(site + reverse("staff-consent-open", args=[paper["decision"]]))
    for name, value in (("signer", "patient"), ("interpreter", "no"), ("door", "link")):
        staff.check(f"[name={name}][value={value}]")
    follow(staff, "button", "Open the consent")
    return staff.locator(".link-address").inner_text().strip()


def link_to_the_copy(staff, site, paper, which):
    staff.goto(site + reverse("staff-papers", args=[paper["patient"]]))
    address = reverse("staff-document-share", args=[paper[which]])
    with staff.expect_navigation():
        staff.locator(f"form[action='{address}'] button").click()
    return staff.locator(".link-address").inner_text().strip()


def look_at_the_consent(looker, link):
    page = looker.page
    page.goto(link)
    looker.look("birth")
    say_birth(page, BORN)
    looker.look("consent")
    follow(page, "button", "Sign")
    looker.look("consent with errors", wrong=True)
    for choice in ("photographs", "data"):
        page.check(f"[name=choice-{choice}][value=no]")
    page.fill("[name=name]", "Paula Papers")
    page.check("[name=agreed]")
    follow(page, "button", "Sign")
    looker.look("signed")


def look_at_the_check(looker, site, paper):
    page = looker.page
    page.goto(f"{site}/verify/")
    looker.look("verify")
    follow(page, "button", "Check the paper")
    looker.look("verify with errors", wrong=True)
    for code, kind in ((paper["code"], "genuine"), ("0000-0000-0000-0000", "unknown")):
        page.get_by_label("Number").fill(str(paper["number"]))
        page.get_by_label("Check code").fill(code)
        follow(page, "button", "Check the paper")
        assert page.locator("#verified").inner_text() == kind.capitalize()
        looker.look(kind)
    page.get_by_text("Enter the SHA-256 yourself").click()
    follow(page, "button", "Check the file")
    looker.look("digest with errors", wrong=True)
