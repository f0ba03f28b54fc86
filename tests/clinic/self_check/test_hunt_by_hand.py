"""Requests that no page of ours makes, and people who change their minds: nothing breaks, and no false clear."""

import json

import pytest
from django.test import Client

from clinic.screenings.models import Screening, Sending
from clinic.self_check.sealing import unseal
from clinic.self_check.ways import admission_name
from tests.clinic.screenings.invented import a_clinic, a_link
from tests.clinic.self_check.persons import CLEAR
from tests.screening.rule_set_one import FIXTURE
from tests.support.posting import Posting, asked

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
# The anonymous way keeps nothing in the database before it sends: what a cookie may hold is no matter of which one.
of_cookies = pytest.mark.one_database
SENDER = {
    "name": "Nora",
    "born_day": 7,
    "born_month": 3,
    "born_year": 1980,
    "email": "nora@demo.example",
    "keeping": "on",
}
CODES = [question["code"] for question in json.loads(FIXTURE.read_text())["questions"]]
BRANCHES = {"skin-disease": "skin-disease-sites", "recent-surgery": "surgeries", "hernia": "hernia-kind"}
BRANCHES |= {"hypertension": "hypertension-controlled"}
PAGES = ["", "start/", "age/", "where/", "step/1/", "step/99999999999999999999/", "step/1/?entry=99999999999", "pause/"]
PAGES += ["goals/", "answers/", "result/", "send/", "receipt/", "clear/", "gone/", "over/", "birth/"]


@pytest.fixture
def somebody(client, clinic):
    return Posting(client, f"/c/{clinic.slug}/check/")


def kept(somebody, clinic):
    return unseal(somebody.client.cookies[f"check-{clinic.pk}"].value, f"self-check of clinic {clinic.pk}", 3600) or {}


def says_clear(page):
    return CLEAR in page.content.decode().partition("Other treatments here")[0]


def ends_at(page, name):
    return page.request["PATH_INFO"].endswith(f"/{name}/")


# States of a self-check


def begun(somebody):
    somebody.start()


def at_the_result(somebody):
    somebody.through(somebody.start())
    somebody.post("goals/", x="1")
    somebody.post("answers/", x="1")
    assert says_clear(somebody.get("result/"))


def sent(somebody):
    at_the_result(somebody)
    somebody.post("send/", **SENDER)


@pytest.mark.parametrize("reach", [lambda _: None, begun, at_the_result, sent])
def test_every_method_on_every_page_is_answered(somebody, reach):
    reach(somebody)
    cookies, sendings = somebody.client.cookies.copy(), Sending.objects.count()
    for method in ("get", "head", "post", "put", "patch", "delete", "options", "trace"):
        for page in PAGES:
            somebody.client.cookies = cookies.copy()
            response = getattr(somebody.client, method)(somebody.base + page)
            assert response.status_code in (200, 302, 404, 405), (method, page)
            may_be_clear = (reach, page) in ((at_the_result, "result/"), (sent, "receipt/"))
            assert may_be_clear or not says_clear(response), (method, page)
    assert Sending.objects.count() == sendings


@of_cookies
@pytest.mark.parametrize("page", ["answers/", "result/", "send/"])
def test_nobody_gets_to_the_end_before_everything_was_put(somebody, page):
    begun(somebody)
    assert ends_at(somebody.get(page), "step/1")
    response = somebody.post(page, **SENDER)
    assert response.status_code == 405 if page == "result/" else response["Location"].endswith("/step/1/")
    assert not Screening.objects.exists()


@pytest.mark.parametrize("more", [{}, {"leave-open": "yes"}, {"rules": "zzz"}, {"rules": "ems 1-1 " + "0" * 64}])
def test_odd_lists_of_questions_break_nothing_and_answer_nothing(somebody, clinic, more):
    begun(somebody)
    for questions in ("", " ", "zzz", "hernia hernia", "\0", "9" * 5000, " ".join(CODES), "x" * 2_000_000):
        assert somebody.post("step/1/", questions=questions, **more).status_code in (200, 302)
        assert not kept(somebody, clinic).get("answers")
        assert not says_clear(somebody.get("result/"))


@pytest.mark.parametrize("answer", ["zzz", "", "yes\0", "no ", "NO"])
def test_an_answer_that_is_none_of_the_choices_is_kept_as_no_answer(somebody, clinic, answer):
    begun(somebody)
    for code in CODES:
        response = somebody.post("step/1/", **{"questions": code, code: answer})
        assert response.status_code in (200, 302), code
        assert not kept(somebody, clinic).get("answers"), code


@of_cookies
def test_what_staff_record_is_taken_from_no_patient(somebody, clinic):
    somebody.start("emface")
    given = {
        "maker-check": "yes",
        "temperature": "36.6",
        "blood-pressure-systolic": 120,
        "blood-pressure-diastolic": 80,
    }
    somebody.post(
        "step/1/", questions="maker-check temperature blood-pressure hypertension", hypertension="yes", **given
    )
    assert kept(somebody, clinic)["answers"] == {"hypertension": "yes"}
    somebody.through(somebody.get("step/1/"), hypertension="yes")
    assert "hypertension-controlled" in kept(somebody, clinic)["answers"]
    assert not says_clear(somebody.get("result/"))


@of_cookies
@pytest.mark.parametrize("code", ["past-cancer", "skin-disease-sites", "breast-lumps", "hernia-kind", "metal-removed"])
def test_an_answer_to_what_is_not_asked_counts_for_nothing_later(somebody, clinic, code):
    begun(somebody)
    value = {"skin-disease-sites": "abdomen", "hernia-kind": "disc"}.get(code, "no")
    somebody.post("step/1/", **{"questions": code, code: value})
    assert code not in kept(somebody, clinic).get("answers", {})


def test_places_that_cannot_be_chosen_are_not(somebody, clinic):
    begun(somebody)
    for place in ("throat", "groin", "under-chin", "abdomen", "nose", "zzz", "", "unsure"):
        for places in ([place], ["cheek-right", place], []):
            assert somebody.post("where/", sites=places, x="1").status_code == 200
            assert kept(somebody, clinic)["sites"] == ["cheek-left"]


@pytest.mark.parametrize("treatment", ["iontophoresis", "body-microcurrent", "zzz", "", "facial-ems\0"])
def test_a_treatment_that_is_not_offered_is_not_begun(somebody, clinic, treatment):
    clinic.treatments = ["facial-ems", "iontophoresis"]
    clinic.save()
    assert somebody.post("start/", answered_for="me", old_enough="yes", treatment=treatment).status_code == 200
    assert "check" not in somebody.client.cookies or not kept(somebody, clinic)


def test_goals_that_are_not_offered_are_not_kept(somebody, clinic):
    somebody.through(somebody.start())
    for goals in (["zzz"], ["cellulite"], ["scars", "\0"]):
        assert somebody.post("goals/", goals=goals).status_code == 200
    assert "goals" not in kept(somebody, clinic)


# The clinic changes in the middle


def test_a_treatment_that_is_withdrawn_has_no_result_and_is_not_sent(somebody, clinic):
    at_the_result(somebody)
    clinic.treatments = ["ems-training"]
    clinic.save()
    for page in PAGES:
        assert somebody.client.get(somebody.base + page).status_code in (200, 302, 404), page
        assert not says_clear(somebody.client.get(somebody.base + page))
    assert somebody.post("send/", **SENDER)["Location"].endswith("/start/")
    assert not Sending.objects.exists()


@of_cookies
def test_places_added_to_the_suit_bring_their_questions_before_a_result(somebody, clinic):
    somebody.through(
        somebody.open(somebody.post("start/", answered_for="me", old_enough="yes", treatment="ems-training"))
    )
    somebody.post("goals/", x="1")
    somebody.post("answers/", x="1")
    assert says_clear(somebody.get("result/"))
    clinic.suit_sites = ["chest"]
    clinic.save()
    assert somebody.post("send/", **SENDER)["Location"].rstrip("/").rpartition("/")[2].isdecimal()
    assert "breast-lumps" in asked(somebody.get("result/"))
    somebody.through(somebody.get("result/"), until="/answers/", **{"breast-lumps": "yes"})
    assert not says_clear(somebody.get("result/"))


# Cookies


def test_an_old_cookie_brings_back_its_own_answers_and_makes_no_second_record_of_them(somebody):
    at_the_result(somebody)
    old = somebody.client.cookies.copy()
    somebody.post("send/", **SENDER)
    somebody.client.cookies = old.copy()
    assert somebody.post("send/", **SENDER)["Location"].endswith("/receipt/")
    assert Sending.objects.count() == 1


def test_answers_changed_after_a_sending_whose_receipt_was_lost_are_not_lost(somebody):
    at_the_result(somebody)
    before = somebody.client.cookies.copy()
    somebody.post("send/", **SENDER)
    # The connection dropped: the browser still has what it had, and the person has thought of something.
    somebody.client.cookies = before
    somebody.post("step/1/", questions="pregnant", pregnant="yes")
    somebody.post("pause/", **{"go-on": "yes"})
    receipt = somebody.open(somebody.post("send/", **SENDER))
    assert "told-contraindicated" in receipt.content.decode()
    assert not says_clear(receipt)
    assert sorted(row.outcome["outcome"] for row in Screening.objects.all()) == ["clear", "contraindicated"]


def test_a_name_typed_for_other_answers_sends_nothing(somebody, clinic):
    at_the_result(somebody)
    first = kept(somebody, clinic)["key"]
    somebody.post("clear/", x="1")
    at_the_result(somebody)
    assert somebody.post("send/", key=first, **SENDER).status_code == 200
    assert not Sending.objects.exists()


@of_cookies
def test_an_old_cookie_after_clear_is_judged_afresh(somebody):
    begun(somebody)
    old = somebody.client.cookies.copy()
    somebody.post("clear/", x="1")
    assert ends_at(somebody.get("result/"), "gone")
    somebody.client.cookies = old
    assert ends_at(somebody.get("result/"), "step/1")


@of_cookies
@pytest.mark.parametrize("cookie", ["", "x", "\u00e9" * 100, "gAAAA" + "A" * 100, "A" * 8000, "\\000"])
def test_a_cookie_that_is_none_of_ours_is_nobody(somebody, clinic, cookie):
    at_the_result(somebody)
    somebody.client.cookies[f"check-{clinic.pk}"] = cookie
    assert ends_at(somebody.get("result/"), "gone")


def test_a_cookie_of_another_clinic_or_another_door_opens_nothing(somebody, client, clinic):
    at_the_result(somebody)
    other = a_clinic(slug="elsewhere", email="elsewhere@demo.example")
    other.treatments = clinic.treatments
    other.save()
    answers = client.cookies[f"check-{clinic.pk}"].value
    client.cookies[f"check-{other.pk}"] = answers
    assert ends_at(Posting(client, "/c/elsewhere/check/").get("result/"), "gone")
    invitation, _ = a_link(clinic)
    for way in (f"link-{invitation.ref}", f"tablet-{invitation.ref}"):
        client.cookies[admission_name(way)] = answers
    for way in (f"link-{invitation.ref}", f"tablet-{invitation.ref}"):
        for page in PAGES:
            assert not says_clear(Posting(client, f"/c/park-street/{way}/").get(page)), (way, page)
            assert not says_clear(Posting(client, f"/c/elsewhere/{way}/").get(page)), (way, page)


# People who change their minds


@of_cookies
@pytest.mark.parametrize(("code", "opens"), BRANCHES.items())
def test_yes_then_unsure_then_no_leaves_nothing_of_the_yes(somebody, clinic, code, opens):
    at_the_result(somebody)
    somebody.post("step/1/", **{"questions": code, code: "yes"})
    somebody.post("pause/", **{"go-on": "yes"})
    assert opens in asked(somebody.get("result/"))
    value = {"skin-disease-sites": "chin", "hernia-kind": "disc"}.get(opens, "yes")
    operation = {"surgeries-entry": "new", "surgeries-year": "2026", "surgeries-sites": "chin"}
    somebody.post("step/1/", **({"questions": opens, opens: value} | operation))
    assert opens in kept(somebody, clinic)["answers"]
    somebody.post("step/1/", **{"questions": code, code: "unsure"})
    assert not says_clear(somebody.get("result/"))
    somebody.post("step/1/", **{"questions": code, code: "no"})
    assert opens not in kept(somebody, clinic)["answers"]
    assert says_clear(somebody.get("result/"))
    somebody.post("step/1/", **{"questions": code, code: "yes"})
    somebody.post("pause/", **{"go-on": "yes"})
    assert opens in asked(somebody.get("result/"))


@of_cookies
def test_a_breast_planned_after_the_result_was_seen_is_asked_about_first(somebody):
    somebody.through(somebody.start("body-myostimulation", ["abdomen"]))
    somebody.post("goals/", x="1")
    somebody.post("answers/", x="1")
    assert says_clear(somebody.get("result/"))
    somebody.post("where/", sites=["abdomen", "breast-left"])
    for page in ("result/", "send/", "answers/"):
        assert "breast-lumps" in asked(somebody.get(page))
    assert not ends_at(somebody.open(somebody.post("send/", **SENDER)), "receipt")


@of_cookies
def test_stopping_shows_what_was_not_asked_and_is_over_when_its_reason_is_taken_back(somebody):
    begun(somebody)
    somebody.post("step/1/", questions="pregnant", pregnant="yes")
    somebody.post("pause/", stop="yes")
    page = somebody.get("result/")
    assert ends_at(page, "result")
    assert "questions were not asked" in page.content.decode()
    somebody.post("step/1/", questions="pregnant", pregnant="no")
    assert not ends_at(somebody.get("result/"), "result")


def test_stopping_without_a_reason_to_stop_stops_nothing(somebody, clinic):
    begun(somebody)
    somebody.post("pause/", stop="yes")
    assert "stopped" not in kept(somebody, clinic)


def test_two_tabs_with_different_treatments_end_in_one_that_was_asked_about(client, clinic):
    one, other = (Posting(client, f"/c/{clinic.slug}/check/") for _ in range(2))
    page = one.start("facial-ems", ["cheek-left"])
    other.start("body-myostimulation", ["chest"])
    # The first tab goes on with the page that it was drawn with.
    one.through(one.open(one.answer(page)))
    assert {"breast-lumps", "breast-doctor"} <= set(kept(one, clinic)["answers"])
    one.post("goals/", x="1")
    one.post("answers/", x="1")
    one.post("send/", **SENDER)
    assert Screening.objects.get().treatment == "body-myostimulation"
    assert Screening.objects.get().outcome["planned_sites"] == ["chest"]


@of_cookies
@pytest.mark.parametrize("whom", ["me", "other"])
@pytest.mark.hazard("H-07")
def test_nothing_that_was_said_of_one_person_counts_for_another(somebody, clinic, whom):
    at_the_result(somebody)
    before = kept(somebody, clinic)
    start = {"answered_for": whom, "old_enough": "yes", "treatment": "facial-ems"}
    asked = somebody.post("start/", **start)
    assert "Say whether this is about the same person as before." in asked.content.decode()
    assert kept(somebody, clinic) == before
    somebody.post("start/", **start, same_person="yes")
    assert kept(somebody, clinic)["answers"] == before["answers"]
    somebody.post("start/", **start, same_person="no")
    assert set(kept(somebody, clinic)) == {"rule_set", "key", "answered_for", "treatment"}
    page = somebody.open(somebody.post("where/", sites=["cheek-left"]))
    assert ends_at(page, "step/1")
    for name in ("answers/", "result/", "send/"):
        assert ends_at(somebody.get(name), "step/1")


def test_answers_posted_without_any_beginning_are_of_nobody(clinic):
    client = Client()
    assert client.post("/c/park-street/check/step/1/", {"questions": "hernia", "hernia": "no"}).status_code == 302
    assert "check" not in client.cookies
