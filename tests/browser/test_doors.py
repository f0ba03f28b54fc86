"""The personal link and the clinic's tablet, as staff and patients use them, with script off."""

import re
import sqlite3

import pytest
from playwright.sync_api import expect

from clinic.people import demo
from tests.browser.test_pages import sign_in
from tests.support.browser import follow, serve_demo
from tests.support.inviting import (
    breaks_after_the_server,
    breaks_before_the_server,
    make_link,
    say_birth,
    standing,
    to_an_early_result,
    to_send,
)
from tests.support.walking import Walk

pytestmark = pytest.mark.browser
ADA, BO, CLEO = (patient["born"] for patient in demo.PATIENTS)
WRONG = ADA.replace(day=1)


@pytest.fixture
def expected_complaint(complaints):
    """A link that does not open, or a line that breaks, is a complaint in the console; here it is the point."""
    yield
    complaints[:] = [text for text in complaints if "404 (Not Found)" not in text and "ERR_" not in text]


@pytest.fixture(scope="module")
def staff(demo_site, chromium):
    """A page of somebody of the staff, signed in."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, demo_site)
    yield page
    context.close()


@pytest.fixture
def rows(demo_folder):
    """Count the rows of a table of the demo."""

    def count(table, where="1"):
        database = sqlite3.connect(demo_folder / "demo.sqlite3", timeout=20)
        try:
            return database.execute(f"SELECT count(*) FROM clinic_{table} WHERE {where}").fetchone()[0]
        finally:
            database.close()

    return count


@pytest.fixture
def arrive(demo_site, open_page):
    """Open a link on a device of its own, show who one is, and give the walk from there."""

    def arrive_by(link, born, page=None, **answers):
        page = page or open_page(script=False)
        page.goto(link)
        say_birth(page, born)
        return Walk(page, demo_site, answers, door=re.search(r"/c/demo/link-\w+/", page.url).group())

    return arrive_by


def test_a_link_lets_one_person_in_comes_back_on_another_device_and_shows_what_was_sent(
    demo_site, staff, open_page, arrive, rows
):
    link = make_link(staff, demo_site, 1)
    secret = link.rstrip("/").rpartition("/")[2]
    scanner = open_page(script=False)
    for _ in range(3):
        assert scanner.request.get(link).ok
    assert "Not begun yet" in standing(staff, demo_site, 1)

    page, seen = open_page(script=False), []
    page.on("request", lambda request: seen.append((request.url, request.headers.get("referer", ""))))
    page.goto(demo_site)
    page.goto(link)
    assert page.url.endswith("/birth/")
    titles = [page.title()]
    say_birth(page, WRONG)
    assert "That is not the date" in page.inner_text("main")
    first = arrive(link, ADA, page, pregnant="yes")
    titles.append(page.title())
    first.begin()
    first.answer()
    titles.append(page.title())
    waiting = first.asked()
    addresses = [address for address, _ in seen]
    assert {address for address in addresses if secret in address} == {link}
    assert not [text for text in [referrer for _, referrer in seen] + titles if secret in text or "Ada" in text]
    assert secret not in page.content()
    page.go_back()
    assert secret not in page.url

    second = arrive(link, ADA, pregnant="yes")
    second.go("Go on where I was", "link")
    assert second.asked() == waiting
    while second.on_questions():
        second.answer()
    second.go("Stop here")
    to_send(second)
    assert "Ada Example" in second.page.inner_text("main")
    drafts, sendings, screened = rows("draft"), rows("sending"), rows("screening")
    second.go("Send my answers")
    assert (rows("draft"), rows("sending")) == (drafts - 1, sendings + 1)

    page.goto(f"{demo_site}{first.door}step/1/")
    assert page.url.endswith("/receipt/")
    third = arrive(link, ADA)
    words = third.page.inner_text("main")
    for part in ("Your answers are with the clinic", "Ada Example", "14 March 1985", "pregnan", "Not answered"):
        assert part in words
    assert "Sent to you" in standing(staff, demo_site, 1)
    assert (rows("sending"), rows("screening")) == (sendings + 1, screened + 1)


@pytest.mark.sweep
@pytest.mark.usefixtures("expected_complaint")
def test_links_that_are_wrong_expired_or_closed_answer_alike(demo_site, demo_folder, staff, open_page):
    page = open_page(script=False)
    guessed, closed, expired = (make_link(staff, demo_site, 2) for _ in range(3))
    page.goto(guessed)
    for _ in range(5):
        assert "This link does not open" not in page.inner_text("main")
        say_birth(page, WRONG)
    answers = {"at the fifth": (404, page.inner_text("body"), page.title())}
    assert "Closed after five wrong dates of birth" in standing(staff, demo_site, 2)
    staff.goto(f"{demo_site}/staff/received/")
    assert staff.locator(".look").first.inner_text().startswith("A link for Bo Sample was closed")
    page.goto(closed)
    birth = page.url
    staff.goto(f"{demo_site}/staff/patients/2/")
    ref = re.search(r"link-(\w+)", birth).group(1)
    database = sqlite3.connect(demo_folder / "demo.sqlite3", timeout=20)
    with database:
        newest = "(SELECT max(id) FROM clinic_invitation)"
        database.execute(f"UPDATE clinic_invitation SET expires_at = '2026-01-01' WHERE id = {newest}")
        mine = database.execute("SELECT id FROM clinic_invitation WHERE ref = ?", [ref]).fetchone()[0]
    database.close()
    with staff.expect_navigation():
        staff.locator(f'form[action$="/invitations/{mine}/close/"] button').click()
    for name, address in {
        "guessed": guessed,
        "closed": closed,
        "closed, from its page": birth,
        "closed, inside": birth.replace("birth/", "step/1/"),
        "expired": expired,
        "wrong": f"{demo_site}/c/demo/link/no-such-secret/",
        "in part": closed[:-9],
        "never admitted": f"{demo_site}/c/demo/link-000000000000/",
    }.items():
        response = page.goto(address)
        answers[name] = (response.status, page.inner_text("body"), page.title())
    assert len(set(answers.values())) == 1, answers
    assert "Or ask the clinic for a new one" in answers["wrong"][1]
    assert "01632 960 001" in answers["wrong"][1]


@pytest.mark.hazard("H-25")
@pytest.mark.sweep
def test_two_peoples_links_in_one_browser_never_mix(demo_site, staff, open_page, arrive):
    page = open_page(script=False)
    bo_link, cleo_link = make_link(staff, demo_site, 2), make_link(staff, demo_site, 3)
    bo = arrive(bo_link, BO, page, **{"heart-device": "unsure"})
    cleo = arrive(cleo_link, CLEO, page.context.new_page(), **{"heart-device": "no"})
    bo.begin(places=("cheek-left",))
    cleo.begin(treatment="body-myostimulation", places=("abdomen",), answered_for="other")
    for somebody in (bo, cleo, cleo, bo):
        somebody.answer()
    for somebody, said in ((cleo, "no"), (bo, "unsure")):
        somebody.page.goto(f"{demo_site}{somebody.door}step/1/")
        assert somebody.page.locator(f'input[name="heart-device"][value="{said}"]').is_checked()
        somebody.page.goto(f"{demo_site}{somebody.door}start/")
    assert bo.page.locator("input:checked").evaluate_all("all => all.map(e => e.value)") == ["me", "facial-ems"]
    assert cleo.page.locator("input:checked").evaluate_all("all => all.map(e => e.value)") == [
        "other",
        "body-myostimulation",
    ]
    for somebody in (bo, cleo):
        somebody.answers["pregnant"] = "yes"
        somebody.page.goto(f"{demo_site}{somebody.door}step/3/")
        while somebody.on_questions():
            somebody.answer()
        somebody.go("Stop here")
        to_send(somebody)
    bo.go("Send my answers")
    cleo.go("Send my answers")
    for somebody, own, foreign in ((bo, "Bo Sample", "Cleo"), (cleo, "Cleo Invented", "Bo Sample")):
        somebody.page.reload()
        words = somebody.page.inner_text("main")
        assert own in words
        assert foreign not in words
    born = page.context.new_page()
    born.goto(bo_link)
    say_birth(born, CLEO)
    assert "That is not the date" in born.inner_text("main")


# A second sending of the same link is refused in test_store, too.
@pytest.mark.hazard("H-24")
@pytest.mark.parametrize("door", ["anonymous", pytest.param("link", marks=pytest.mark.sweep)])
def test_pressing_twice_two_tabs_and_back_make_one_record(demo_site, staff, open_page, arrive, rows, door):
    if door == "link":
        somebody = arrive(make_link(staff, demo_site, 3), CLEO)
    else:
        somebody = Walk(open_page(script=False), demo_site)
    to_an_early_result(somebody)
    other = Walk(somebody.page.context.new_page(), demo_site)
    other.page.goto(somebody.page.url)
    late = Walk(somebody.page.context.new_page(), demo_site)
    late.page.goto(somebody.page.url)
    before, screened = rows("sending"), rows("screening")
    for walk in (somebody, other, late):
        to_send(walk)
    somebody.page.get_by_role("button", name="Send my answers").dblclick()
    somebody.page.wait_for_url("**/receipt/")
    other.go("Send my answers")
    assert other.page.url.endswith("/receipt/")
    somebody.page.go_back()
    assert somebody.page.get_by_role("button", name="Send my answers").count() == 0
    late.go("Send my answers")
    assert late.page.url.endswith("/receipt/")
    assert (rows("sending"), rows("screening")) == (before + 1, screened + 1)


@pytest.mark.hazard("H-22")
@pytest.mark.usefixtures("expected_complaint")
@pytest.mark.sweep
def test_a_line_that_breaks_and_a_server_that_restarts_lose_nothing(demo_folder, staff, open_page):
    unsure = dict.fromkeys(("heart-device", "implanted-device", "pregnant"), "unsure")
    with serve_demo(demo_folder) as site:
        anonymous = Walk(open_page(script=False), site, unsure, door="/c/demo/check/")
        invited = Walk(open_page(script=False), site, unsure)
        invited.page.goto(make_link(staff, site, 1))
        say_birth(invited.page, ADA)
        invited.door = re.search(r"/c/demo/link-\w+/", invited.page.url).group()
        for somebody in (anonymous, invited):
            somebody.begin()
            breaks_before_the_server(somebody)
            somebody.answer()
            breaks_after_the_server(somebody)
            somebody.page.goto(f"{site}{somebody.door}")
            somebody.go("Go on where I was", "link")
        # What never came back to the browser is asked once more where nothing rests on the server.
        assert (anonymous.asked(), invited.asked()) == (["implanted-device"], ["pregnant"])
        for somebody in (anonymous, invited):
            somebody.say(somebody.asked()[0], "unsure")
    with serve_demo(demo_folder, port=site.rpartition(":")[2]) as again:
        assert again == site
        for somebody in (anonymous, invited):
            somebody.go("Save and go on")
            while "pregnant" in somebody.asked():
                somebody.answer()
            for number, code in enumerate(unsure, 1):
                somebody.page.goto(f"{site}{somebody.door}step/{number}/")
                expect(somebody.page.locator(f'input[name="{code}"][value="unsure"]')).to_be_checked()


@pytest.mark.hazard("H-25")
def test_a_tablet_is_left_with_one_self_check_until_staff_sign_in_again(demo_site, open_page, rows):
    page = open_page(script=False, width=1280)
    sign_in(page, demo_site)
    page.goto(f"{demo_site}/staff/patients/3/")
    follow(page, "button", "Start on this tablet")
    handed = page.url
    somebody = Walk(page, demo_site, door=re.search(r"/c/demo/tablet-\w+/", handed).group())
    assert handed == f"{demo_site}{somebody.door}"
    page.go_back()
    assert page.url == f"{demo_site}/sign-in/"
    for path in ("/", "/staff/", "/staff/patients/3/", "/c/demo/", "/c/demo/check/", "/admin/", "/c/demo/tablet-0/"):
        page.goto(f"{demo_site}{path}")
        assert page.url == f"{demo_site}/sign-in/", path
        assert "Cleo" not in page.inner_text("body")
    to_an_early_result(somebody)
    refresh = page.request.get(page.url).headers["refresh"]
    assert refresh == f"180; url={somebody.door}over/"
    to_send(somebody)
    assert "Cleo Invented" in page.inner_text("main")
    before = rows("sending")
    somebody.go("Send my answers")
    assert rows("sending") == before + 1
    assert page.url.endswith("/over/")
    for _ in range(4):
        assert not re.search("Cleo|pregnan", page.inner_text("body") + page.title())
        assert page.url.endswith("/over/")
        page.go_back()
    page.goto(f"{demo_site}{somebody.door}receipt/")
    assert page.url.endswith("/over/")
    follow(page, "link", "For staff: sign in")
    page.get_by_label("E-mail").fill(demo.PEOPLE[0]["email"])
    page.get_by_label("Password").fill(demo.PASSWORD)
    follow(page, "button", "Sign in")
    assert page.url == f"{demo_site}/staff/"
    page.goto(f"{demo_site}/c/demo/")
    assert page.url == f"{demo_site}/c/demo/check/"
    page.goto(f"{demo_site}/staff/patients/3/")
    assert "Cleo Invented" in page.inner_text("main")
    follow(page, "button", "Start on this tablet")
    idle = Walk(page, demo_site, door=re.search(r"/c/demo/tablet-\w+/", page.url).group())
    idle.begin()
    idle.answer()
    # The browser drops the admission after 3 minutes, and the server opens none that is older.
    page.context.clear_cookies(name=re.compile("^admission-"))
    page.goto(f"{demo_site}{idle.door}over/")
    for _ in range(3):
        page.go_back()
        assert page.url == f"{demo_site}{idle.door}over/"
        assert "Nothing of you is left on this screen." in page.inner_text("main")
