"""Every page of a clinic is good for everybody: narrow, wide, light, dark, from the right, by keys."""

import json

import pytest
from django.urls import reverse

from tests.browser.test_pages import sign_in
from tests.support.seeing import (
    assert_good_for_everybody,
    assert_no_violations,
    assert_shows_every_stop,
    assert_stands_still,
)

pytestmark = pytest.mark.browser

SEED = "from tests.support.recorded import record_in_the_demo; print(record_in_the_demo())"
PAGES = [
    *("staff", "staff-received", "staff-received-all", "staff-referrals", "staff-adverse-events", "staff-patients"),
    *("staff-patient", "staff-patient-change", "staff-patient-add", "staff-visit-new", "staff-visit-add"),
    *("staff-visit", "staff-screening", "staff-screening-correct", "staff-screening-void", "staff-paper"),
    *("staff-received-one", "staff-match", "staff-set-aside", "staff-intake", "staff-decision-new", "staff-decision"),
    *("staff-decision-void", "staff-statement-new", "staff-referral-new", "staff-referral", "staff-check"),
    *("staff-stop", "staff-consent-new", "staff-consent", "staff-session", "staff-session-void", "staff-adverse-new"),
    *("staff-adverse", "staff-papers", "staff-document-withdraw", "staff-consent-open"),
    *("staff-consent-sheet", "staff-photographs", "staff-photographs-erase", "staff-photograph-erase"),
    *("staff-unmatch", "staff-patient-seen", "staff-record", "staff-hold", "staff-hold-lift", "staff-erase"),
    *("staff-trail", "staff-retention", "staff-retention-change", "staff-settings", "staff-team", "staff-team-member"),
]
ARGUMENTS = {
    **dict.fromkeys(("staff-patient", "staff-patient-change", "staff-visit-add", "staff-paper"), ("patient_id",)),
    **dict.fromkeys(("staff-received-one", "staff-set-aside"), ("sending_id",)),
    **dict.fromkeys(("staff-screening", "staff-screening-correct", "staff-screening-void"), ("screening_id",)),
    **dict.fromkeys(("staff-decision", "staff-decision-void", "staff-consent-new"), ("decision_id",)),
    **dict.fromkeys(("staff-consent-open", "staff-photographs", "staff-photographs-erase"), ("decision_id",)),
    "staff-photograph-erase": ("photograph_id",),
    "staff-consent-sheet": ("sheet_id",),
    **dict.fromkeys(("staff-statement-new", "staff-referral-new"), ("against_id", "position")),
    **dict.fromkeys(("staff-session", "staff-session-void", "staff-adverse-new"), ("session_id",)),
    **dict.fromkeys(("staff-papers", "staff-patient-seen", "staff-record", "staff-hold"), ("patient_id",)),
    "staff-erase": ("patient_id",),
    "staff-unmatch": ("sending_id",),
    "staff-hold-lift": ("hold_id",),
    "staff-team-member": ("member_id",),
    "staff-document-withdraw": ("document_id",),
    "staff-match": ("stranger_id",),
    "staff-visit": ("visit_id",),
    "staff-intake": ("intake_id",),
    "staff-decision-new": ("against_id",),
    "staff-referral": ("referral_id",),
    "staff-check": ("patient_id", "treatment"),
    "staff-stop": ("stop_id",),
    "staff-consent": ("consent_id",),
    "staff-adverse": ("event_id",),
}
VIEWS = [(320, "light"), (1280, "dark"), (320, "dark"), (1280, "light")]


@pytest.fixture(scope="module")
def record(in_the_demo):
    """The ids of a patient's record with a row of everything, in the demo."""
    return json.loads(in_the_demo(SEED))


@pytest.fixture
def page(demo_site, open_page):
    page = open_page(reduced_motion="reduce")
    sign_in(page, demo_site)
    return page


@pytest.fixture
def look(demo_site, page, record):
    def look_at(name, views, *, closely, **other):
        arguments = [(record | other)[part] for part in ARGUMENTS.get(name, ())]
        assert page.goto(demo_site + reverse(name, args=arguments)).status == 200, name
        assert record["name"] not in page.title()
        for width, scheme in views:
            page.emulate_media(color_scheme=scheme)
            assert_good_for_everybody(page, width)
            if closely:
                assert_no_violations(page)
        assert_reads_from_the_right(page)
        assert_stands_still(page)
        if closely:
            assert_shows_every_stop(page)

    return look_at


def assert_reads_from_the_right(page):
    page.set_viewport_size({"width": 320, "height": 800})
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate("document.documentElement.dir = 'ltr'")


def test_each_page_in_one_view(look):
    """All of them are measured; every sixth by axe and through all its stops."""
    for turn, name in enumerate(PAGES):
        look(name, [VIEWS[turn % 4]], closely=turn % 6 == 0)


@pytest.mark.sweep
@pytest.mark.parametrize("name", PAGES)
def test_each_page_in_every_view(look, name):
    look(name, VIEWS, closely=True)


def test_the_pages_of_somebody_new(look, record):
    """A patient of whom nothing is known yet, and what waits for that."""
    for name in ("staff-patient", "staff-check", "staff-paper"):
        look(name, VIEWS[:2], closely=False, patient_id=record["new_id"])


def test_what_is_pointed_at_stays_where_it_is(look, page):
    """A name that came up under the map once moved the list away from the pointer, and back again without it."""
    look("staff-intake", [(1280, "light")], closely=False)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator("details:has([name='plan.sites'])").evaluate("e => e.open = true")
    for place in ("temple-left", "cheek-right"):
        box = page.locator(f"[id='id_plan.sites-{place}']")
        box.scroll_into_view_if_needed()
        before = box.bounding_box()
        box.hover()
        assert page.locator(f".body-names .region-{place}").is_visible()
        assert box.bounding_box() == before
