"""The letter to the doctor: one finding, one question, a reply to tick, and where to send it."""

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from clinic.consultations.models import Referral, ReferralStep
from clinic.consultations.referrals import NewStep, add_step
from clinic.consultations.voiding import void
from clinic.documents.letter import IS_IT_SO, MAY_BE_TREATED, letter_of_referral, letter_of_result
from clinic.documents.models import Document
from clinic.documents.rendering import render
from clinic.documents.sample_self_checks import usual_check, worst_check
from clinic.documents.samples import letter as samples
from clinic.self_check.journey import Journey
from clinic.self_check.result import for_a_doctor
from screening.presentation.telling import in_short
from screening.rulesets import published
from tests.clinic.consultations.decided import Consultation
from tests.clinic.documents.handed import a_check
from tests.screening.rule_set_one import rule_set
from tests.support.pdf import Pdf

HERNIA = [in_short(rule_set().questions[code].wording) for code in ("hernia", "hernia-kind")]


@pytest.fixture(scope="module")
def usual():
    return Pdf(render(samples.usual()))


@pytest.fixture
def case(db):
    made = Consultation(answers={"heart_disease": "yes"})
    made.clinic.street = "4 Park Street"
    made.clinic.save()
    return made


@pytest.mark.one_database
def test_the_letter_is_one_page_with_all_that_a_doctor_needs_to_answer(usual):
    assert len(usual.pages) == 1
    said = [
        "Electrical muscle stimulator for the body", "Pulsed electric current", "tummy, left forearm",
        "Heart disease, now or before", "may this person have this treatment",
        "They can be treated as planned.", "They can be treated only if:", "They should not be treated, because:",
        "Send it to: Park Street Practice, 4 Park Street, Oxford OX1 1AA",
    ]  # fmt: skip
    assert [words for words in said if words not in usual.reading] == []


@pytest.mark.one_database
def test_the_letter_keeps_the_standard(usual):
    assert (usual.faults, usual.title) == ([], "Letter to the doctor")
    assert [level for level, _ in usual.headings][:3] == [1, 2, 2]


@pytest.mark.one_database
def test_of_what_rules_a_treatment_out_it_is_only_asked_whether_it_is_there():
    ruled_out = letter_of_result(worst_check(), "cancer", None).page
    advised = letter_of_result(worst_check(), "heart-disease", None).page
    assert (ruled_out.replies, advised.replies) == (IS_IT_SO, MAY_BE_TREATED)
    assert (ruled_out.rule, advised.rule) == (
        "With it, the treatment is not given, whatever else is agreed.",
        "With it, the treatment is given only if you agree to it in writing.",
    )


@pytest.mark.hazard("H-17")
@pytest.mark.one_database
def test_a_letter_says_what_its_own_finding_rests_on_and_nothing_else():
    page = letter_of_result(usual_check(), "heart-disease", None).page
    assert [question for question, _ in page.answers] == ["Have you ever had a problem with your heart?"]
    assert [finding.rule for finding in page.findings] == ["heart-disease"]


@pytest.mark.one_database
def test_letters_are_offered_for_what_the_rules_send_to_a_doctor_but_not_in_place_of_a_hospital():
    offered = [letter.rule for letter in for_a_doctor(worst_check())]
    assert {"heart-disease", "cancer", "chronic-disease"} <= set(offered)
    assert {"sepsis", "fever", "viral-illness", "recent-procedure", "pregnancy"}.isdisjoint(offered)
    found = worst_check().outcome.findings
    asked_about = {"contraindicated", "not-advised", "refer"}
    assert [rule for rule in offered if asked_about.isdisjoint(one.grade for one in found if one.rule == rule)] == []
    assert for_a_doctor(usual_check())[0].title == "Heart disease, now or before"


def test_a_referrals_letter_asks_its_own_question_of_its_own_doctor(case):
    referral = case.asks("heart-disease")
    paper = letter_of_referral(case.case, referral, case.clinic)
    page = paper.page
    assert (page.to, page.question, page.by, page.name, page.born) == (
        "Dr Example",
        "May we?",
        case.by.name,
        case.patient.name,
        date_format(case.patient.born, "j F Y"),
    )
    assert page.answers == (("Have you ever had a problem with your heart?", "Yes"),)
    assert (page.send_to, page.by_patient) == (("Park Street", "4 Park Street"), False)
    assert paper.about == {"referral": referral, "screening": case.screening}


@pytest.mark.hazard("H-17")
@pytest.mark.django_db
def test_a_letter_names_what_its_finding_waits_for_as_a_gap():
    one = Consultation(answers={"hernia": "yes"})
    rested_on = tuple((wording, "Yes" if "kind" not in wording else "Not answered") for wording in HERNIA)
    assert letter_of_referral(one.case, one.asks("hernia"), one.clinic).page.answers == rested_on
    journey = Journey(one.clinic, published(), a_check(hernia="yes"), one.clinic.now())
    assert letter_of_result(journey, "hernia", None).page.answers == rested_on


def test_issuing_it_leaves_the_step_that_it_was_sent_to_be_recorded(case, client):
    client.force_login(case.by)
    referral = case.asks("heart-disease")
    answer = client.post(reverse("staff-referral-letter", args=[referral.pk]))
    assert answer["Location"] == reverse("staff-papers", args=[case.patient.pk])
    document = Document.objects.get(kind="letter")
    assert (document.referral, document.screening, document.content.values["page"]["to"]) == (
        referral,
        case.screening,
        "Dr Example",
    )
    assert ReferralStep.objects.count() == 0


@pytest.mark.parametrize("end", ["answered", "withdrawn", "struck out"])
def test_of_a_referral_that_ended_no_letter_is_made(case, client, end):
    client.force_login(case.by)
    referral = case.asks("heart-disease")
    if end == "struck out":
        void(case.screening, "Wrong person", case.by, None)
    else:
        step = NewStep(end, case.today, "closes", "So be it.")
        add_step(Referral.objects.get(pk=referral.pk), step, membership=case.membership)
    answer = client.post(reverse("staff-referral-letter", args=[referral.pk]))
    assert answer["Location"] == reverse("staff-referral", args=[referral.pk])
    assert Document.objects.count() == 0
