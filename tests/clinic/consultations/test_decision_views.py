"""Deciding on a page: everything typed survives, a barred place is barred, and nobody else sees or does it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.consultations.models import Decision
from clinic.events import Event
from tests.clinic.consultations.decided import FACE, SUIT, Consultation
from tests.clinic.screenings.invented import a_clinic, a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def decide(client):
    """Post the decision's form, filled in for a yes but for what is given; give the response."""

    def post(one, **given):
        client.force_login(one.by)
        values = {
            "kind": "proceed",
            "words": "As talked through.",
            "device": one.device.pk,
            "sites": one.case.planned,
            "sessions": "8",
            "expectations": "on",
            "ends_on": one.tomorrow().isoformat(),
            "saw-protocol": "Gently.",
            "qualification": "Physiotherapist",
        }
        return client.post(f"/staff/screenings/{one.screening.pk}/decide/", values | given)

    return post


def test_a_decision_is_stored_and_shown_as_it_was_made(client, decide):
    one = Consultation()
    made = decide(one, goals=["sport"], interval_days="4", then="once a month")
    row = Decision.objects.get()
    assert made.url == f"/staff/decisions/{row.pk}/"
    assert (row.kind, row.course) == ("proceed", {"sessions": 8, "interval_days": 4, "then": "once a month"})
    page = client.get(made.url).content.decode()
    for text in (
        "As talked through.",
        "8 sessions, at least 4 days apart, then once a month",
        "Physiotherapist",
        "Gently.",
    ):
        assert text in page
    assert Event.objects.filter(action="decision read", about=f"decision {row.pk}").count() == 1


def test_second_press_decides_nothing_and_leads_to_the_first_ones_decision(decide):
    one = Consultation()
    first, second = (decide(one, after="0") for _ in range(2))
    assert (first.url, Decision.objects.count()) == (second.url, 1)


def test_page_that_knew_nothing_of_a_newer_decision_is_not_stored_unread(decide):
    one = Consultation()
    decide(one, after="0")
    page = decide(one, after="0", kind="decline", words="Better not.")
    assert "A decision was stored since this page was opened." in page.content.decode()
    assert ("Better not." in page.content.decode(), Decision.objects.count()) == (True, 1)
    decide(one, after=page.context["form"]["after"].value(), kind="decline", words="Better not.")
    assert Decision.objects.count() == 2


def test_everything_typed_is_still_there_beside_the_errors(decide):
    one = Consultation(answers={"chronic_disease": "yes"})
    at = one.position("chronic-disease")
    page = decide(
        one, **{f"finding-{at}": "other", f"finding-{at}-words": "", "device": "", "saw-protocol": "Very gently."}
    )
    text = page.content.decode()
    assert Decision.objects.count() == 0
    assert "Write your reason in your own words." in text
    assert "Choose one of the clinic’s devices that is in use." in text
    assert f'href="#id_finding-{at}_0"' in text
    for typed in ("Very gently.", "As talked through.", 'value="other"'):
        assert typed in text
    assert page.context["form"]["kind"].value() == "proceed"


def test_an_empty_form_names_everything_at_once(client):
    one = Consultation()
    client.force_login(one.by)
    page = client.post(f"/staff/screenings/{one.screening.pk}/decide/", {})
    assert page.context["form"].errors == {
        "kind": ["Choose what you decide."],
        "words": ["Write the decision in your own words."],
    }
    page = client.post(f"/staff/screenings/{one.screening.pk}/decide/", {"kind": "proceed"})
    assert sorted(page.context["form"].errors) == sorted(
        ["words", "sites", "device", "sessions", "saw-muscle-activity", "qualification", "expectations", "ends_on"]
    )


def test_a_barred_place_is_shown_barred_with_its_reason_and_end(client):
    surgery = {
        "recent_surgery": "yes",
        "surgeries": [{"date": str(timezone.now().year), "sites": ["cheek-left"]}],
    }
    one = Consultation(plan=FACE, answers=surgery)
    client.force_login(one.by)
    page = client.get(f"/staff/screenings/{one.screening.pk}/decide/")
    until = one.case.outcome.findings[0].until
    assert page.context["form"].barred == {
        "cheek-left": f"{one.case.rule_set.rules['recent-surgery'].title}: free from {until.day} {until:%B %Y}"
    }
    text = page.content.decode()
    assert "is-barred" in text
    assert page.context["form"].chosen == ["cheek-right"]


@pytest.mark.hazard("H-10")
def test_a_barred_place_that_is_posted_by_hand_is_refused(decide):
    one = Consultation(plan=FACE, answers={"skin_problem": "yes", "skin_problem_sites": ["cheek-left"]})
    page = decide(one)
    assert (Decision.objects.count(), page.context["form"].errors["sites"]) == (
        0,
        ["Inflamed or damaged skin: Leave the places out."],
    )


def test_a_place_that_a_doctor_cleared_can_be_chosen(client):
    one = Consultation(answers={"broken_bone": "yes", "broken_bone_sites": ["hand-left"]})
    client.force_login(one.by)
    address = f"/staff/screenings/{one.screening.pk}/decide/"
    assert "forearm-left" in client.get(address).context["form"].barred
    one.says("unhealed-fracture", sites=("forearm-left",))
    assert client.get(address).context["form"].barred == {}


@pytest.mark.hazard("H-14")
def test_what_makes_a_yes_impossible_is_said_and_its_choice_is_closed(client, decide):
    one = Consultation(answers={"pregnant": "yes", "epilepsy": "unsure"})
    client.force_login(one.by)
    page = client.get(f"/staff/screenings/{one.screening.pk}/decide/")
    assert page.context["page"].no_yes == [
        "Pregnancy, or possible pregnancy: No decision settles it while the answer holds.",
        "Epilepsy or a fit: It is not known yet. Only an answer settles it: ask, and store a new screening.",
    ]
    assert page.content.decode().count("disabled") == 2
    decide(one)
    assert Decision.objects.count() == 0


@pytest.mark.parametrize(("epilepsy", "leads"), [("unsure", 1), ("yes", 0)])
def test_what_is_not_known_leads_to_where_its_answer_is_entered(client, epilepsy, leads):
    one = Consultation(answers={"epilepsy": epilepsy})
    client.force_login(one.by)
    page = client.get(f"/staff/screenings/{one.screening.pk}/decide/").content.decode()
    assert page.count(f'href="/staff/screenings/{one.screening.pk}/correct/"') == leads


def test_a_yes_to_every_place_is_closed_while_one_of_them_is_barred(client):
    one = Consultation(plan=FACE, answers={"skin_problem": "yes", "skin_problem_sites": ["cheek-left"]})
    client.force_login(one.by)
    page = client.get(f"/staff/screenings/{one.screening.pk}/decide/")
    assert page.context["page"].no_yes == []
    assert page.context["form"].fields["kind"].widget.closed == {"proceed"}
    assert "Some planned places are barred, so they are left out." in page.content.decode()


def test_an_end_is_offered_that_no_record_refuses(client):
    one = Consultation(answers={"heart_disease": "yes"})
    client.force_login(one.by)
    one.says("heart-disease", ends_on=one.today + timedelta(days=30))
    form = client.get(f"/staff/screenings/{one.screening.pk}/decide/").context["form"]
    assert form[f"finding-{one.position('heart-disease')}-ends_on"].value() == one.today + timedelta(days=30)


def test_in_the_suit_what_is_not_ticked_is_a_channel_off(decide):
    one = Consultation(plan=SUIT)
    decide(one, kind="proceed-sites", sites=[site for site in one.case.planned if site != "abdomen"])
    assert Decision.objects.get().channels_off == ["abdomen"]


def test_a_record_is_chosen_beside_its_finding(decide):
    one = Consultation(answers={"heart_disease": "yes"})
    agreed, at = one.says("heart-disease"), one.position("heart-disease")
    decide(one, **{f"finding-{at}": f"agreement:{agreed.pk}", f"finding-{at}-ends_on": one.today.isoformat()})
    settled = Decision.objects.get().settlements.get()
    assert (settled.statement, settled.ends_on) == (agreed, one.today)


@pytest.mark.hazard("H-09")
def test_a_record_that_is_not_offered_is_refused_by_its_number(decide):
    one = Consultation(answers={"heart_disease": "yes"})
    at = one.position("heart-disease")
    one.says("heart-disease")
    theirs = Consultation(clinic=a_clinic("elsewhere"), answers={"heart_disease": "yes"}).says("heart-disease")
    decide(one, **{f"finding-{at}": f"agreement:{theirs.pk}", f"finding-{at}-ends_on": one.today.isoformat()})
    assert Decision.objects.count() == 0


def test_what_is_typed_waits_while_a_letter_is_recorded_first(client, decide):
    one = Consultation(answers={"heart_disease": "yes"})
    at = one.position("heart-disease")
    there = decide(one, first=f"statement {at}", words="Half a sentence", sites=["abdomen"])
    assert there.url == f"/staff/screenings/{one.screening.pk}/findings/{at}/statement/"
    one.says("heart-disease")
    form = client.get(f"/staff/screenings/{one.screening.pk}/decide/").context["form"]
    assert (form.is_bound, Decision.objects.count()) == (False, 0)
    names = ("words", "kind", "expectations", "sites", "sessions", "saw-protocol", f"finding-{at}-ends_on")
    assert [form[name].value() for name in names] == [
        *("Half a sentence", "proceed", True, ["abdomen"], "8", "Gently."),
        form.last,
    ]


def test_what_is_typed_about_one_screening_is_not_shown_for_another(client, decide):
    one = Consultation()
    decide(one, first="referral 0")
    newer = one.screen()
    assert client.get(f"/staff/screenings/{newer.pk}/decide/").context["form"]["words"].value() is None


def test_what_was_typed_is_forgotten_once_it_is_decided(client, decide):
    one = Consultation()
    decide(one, first="referral 0")
    assert "decision typed" in client.session
    decide(one)
    assert (Decision.objects.count(), "decision typed" in client.session) == (1, False)


def test_the_enter_key_stores_the_decision_and_leads_nowhere_else(client):
    one = Consultation(answers={"heart_disease": "yes"})
    client.force_login(one.by)
    page = client.get(f"/staff/screenings/{one.screening.pk}/decide/").content.decode()
    form = page[page.index('class="decision"') :]
    assert "name=" not in re.search(r"<button[^>]*type=\"submit\"[^>]*>", form)[0]


@pytest.mark.parametrize(
    ("kind", "given"), [("decline", {}), ("refer", {"about": "0", "to": "Dr X", "question": "May we?"})]
)
def test_a_no_asks_for_words_and_little_else(client, kind, given):
    one = Consultation(answers={"chronic_disease": "yes"})
    client.force_login(one.by)
    values = {"kind": kind, "words": "Not like this."} | given
    client.post(f"/staff/screenings/{one.screening.pk}/decide/", values)
    assert Decision.objects.get().kind == kind


def test_the_source_of_a_course_is_named_for_microcurrent_only(client):
    micro = Consultation(plan={"treatment": "facial-microcurrent", "sites": ["cheek-left"]})
    client.force_login(micro.by)
    page = client.get(f"/staff/screenings/{micro.screening.pk}/decide/").content.decode()
    assert ("8 to 12 sessions" in page, "course_reason" in page) == (True, True)
    face = Consultation(clinic=a_clinic("face"), plan=FACE)
    client.force_login(face.by)
    page = client.get(f"/staff/screenings/{face.screening.pk}/decide/").content.decode()
    assert ("8 to 12 sessions" in page, "No source gives a course" in page) == (False, True)


def test_the_qualification_is_remembered_and_what_was_seen_is_not(client, decide):
    one = Consultation()
    decide(one)
    page = client.get(f"/staff/screenings/{one.screening.pk}/decide/")
    form = page.context["form"]
    assert (form["qualification"].value(), form["saw-protocol"].value()) == ("Physiotherapist", None)


def test_a_decision_is_struck_out_with_a_reason_and_stays(client, decide):
    one = Consultation()
    decide(one)
    row = Decision.objects.get()
    assert "Say why" in client.post(f"/staff/decisions/{row.pk}/void/", {"why": " "}).content.decode()
    client.post(f"/staff/decisions/{row.pk}/void/", {"why": "Meant for her sister."})
    page = client.get(f"/staff/decisions/{row.pk}/").content.decode()
    assert ("Meant for her sister." in page, "struck" in page, "As talked through." in page) == (True, True, True)


def test_altered_rules_are_named_in_place_of_the_page(client, monkeypatch):
    one = Consultation()
    client.force_login(one.by)
    monkeypatch.setattr("clinic.consultations.deciding_case.set_of", lambda _: None)
    page = client.get(f"/staff/screenings/{one.screening.pk}/decide/").content.decode()
    assert "The rules are not as they were published" in page


@pytest.mark.parametrize("answers", [{}, {"heart_disease": "yes", "gallstones": "yes", "chronic_disease": "yes"}])
def test_many_findings_ask_no_more_than_one(client, answers, django_assert_num_queries):
    one = Consultation(answers=answers)
    client.force_login(one.by)
    address = f"/staff/screenings/{one.screening.pk}/decide/"
    client.get(address)
    with django_assert_num_queries(19 if answers else 17):
        client.get(address)


# Everybody else


def addresses(one):
    """Every page of the decision, for a screening with all of it."""
    screening, at = one.screening.pk, one.position("heart-disease")
    agreed, referral = one.says("heart-disease"), one.asks("heart-disease")
    made = one.decide("decline")
    return {
        f"/staff/screenings/{screening}/decide/": (200, 200),
        f"/staff/screenings/{screening}/findings/{at}/statement/": (200, 200),
        f"/staff/screenings/{screening}/findings/{at}/referral/": (200, 200),
        f"/staff/decisions/{made.pk}/": (200, 405),
        f"/staff/decisions/{made.pk}/countersign/": (405, 200),
        f"/staff/decisions/{made.pk}/void/": (200, 200),
        f"/staff/letters/{agreed.letter_id}/": (200, 405),
        f"/staff/referrals/{referral.pk}/": (200, 405),
        f"/staff/referrals/{referral.pk}/step/": (405, 200),
    }


def test_only_clinical_staff_of_this_clinic_find_these_pages(client):
    one = Consultation(answers={"heart_disease": "yes"})
    pages = addresses(one)
    for role, name in (("owner", "olive"), ("supervisor", "sol"), ("practitioner", "pat")):
        client.force_login(a_member(one.clinic, role, name=name))
        assert {page: (client.get(page).status_code, client.post(page).status_code) for page in pages} == pages
    client.force_login(a_member(one.clinic, "reception", name="robin"))
    assert {client.get(page).status_code for page in pages} == {403, 405}
    assert {client.post(page).status_code for page in pages} == {403, 405}
    client.force_login(Consultation(clinic=a_clinic("elsewhere")).by)
    assert {client.get(page).status_code for page in pages} == {404, 405}
    assert {client.post(page).status_code for page in pages} == {404, 405}
    client.logout()
    assert {client.get(page).status_code for page in pages} == {302}


def test_another_clinics_decision_answers_as_one_that_does_not_exist(client):
    one = Consultation()
    made = one.decide()
    client.force_login(Consultation(clinic=a_clinic("elsewhere")).by)
    theirs = client.get(f"/staff/decisions/{made.pk}/")
    nobody = client.get("/staff/decisions/999999/")
    assert (theirs.status_code, theirs.content) == (404, nobody.content)
