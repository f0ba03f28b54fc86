"""The blank form: all questions of a treatment with their logic in words, from data alone."""

import json
import re
from itertools import pairwise

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client

from clinic.documents.blank_form import blank_page
from clinic.documents.blank_form_logic import IN_WORDS, Logic
from clinic.documents.samples.blank_form import AT, usual
from clinic.models import Document, Event
from screening.engine.answers import Plan
from screening.engine.flow import questions_of
from screening.engine.operators import OPERATORS
from screening.engine.rule_set import QUESTION_KINDS, Criterion
from screening.rulesets import read_fixture
from tests.clinic.screenings.invented import a_clinic, a_member, a_patient
from tests.screening.rule_set_one import FIXTURE, rule_set
from tests.screening.test_data_alone import QUESTION, RULE, SITE, TREATMENT
from tests.support.pdf import Pdf

RULES = rule_set()
OFFERED = [code for code, treatment in RULES.treatments.items() if treatment.plan != "not-offered"]
PAGES = {code: blank_page(RULES, code, ["chest"], AT) for code in OFFERED}

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    """The form as the page gives it, drawn once, and how many rows were there before and after."""
    with django_db_blocker.unblock(), transaction.atomic():
        client = Client()
        client.force_login(a_member(a_clinic("printing")))
        before = Event.objects.count(), Document.objects.count()
        answer = client.get("/staff/treatments/facial-ems/blank-form/")
        after = Event.objects.count(), Document.objects.count()
        transaction.set_rollback(True)
    return answer, before, after


@pytest.fixture(scope="module")
def pdf(printed):
    return Pdf(printed[0].content)


def asked(page):
    return [question for part in page.parts for section in part.sections for question in section.questions]


def of(treatment):
    return questions_of(RULES, Plan(treatment, (), "session"), any_sites=True)


def words_of(page):
    html = render_to_string("documents/blank_form.html", {"paper": usual(), "page": page, "mark": None})
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.hazard("H-22")
@pytest.mark.parametrize("treatment", OFFERED)
def test_every_question_of_the_treatment_is_on_the_form_once_and_numbered_as_it_is_read(treatment):
    found = asked(PAGES[treatment])
    assert sorted(one.wording for one in found) == sorted(question.wording for question in of(treatment))
    assert [one.number for one in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("treatment", OFFERED)
def test_the_patients_questions_stand_in_the_order_in_which_they_are_put(treatment):
    patients = [one for one in of(treatment) if one.asked_by == "patient" and one.stage == "consultation"]
    part = PAGES[treatment].parts[0]
    assert [one.wording for section in part.sections for one in section.questions] == [one.wording for one in patients]


def test_what_staff_ask_and_what_is_asked_before_a_session_stand_apart():
    parts = {part.title: part for part in PAGES["emface"].parts}
    assert list(parts) == ["Your questions", "Asked or measured by your practitioner", "Before every session"]
    staffs = [
        one.wording for section in parts["Asked or measured by your practitioner"].sections for one in section.questions
    ]
    assert staffs == [one.wording for one in of("emface") if one.asked_by == "staff"]
    assert "maker’s own list" in staffs[-1]


@pytest.mark.parametrize("treatment", OFFERED)
def test_a_condition_names_the_numbers_of_the_questions_it_looks_at(treatment):
    found = {one.wording: one for one in asked(PAGES[treatment])}
    numbers = {question.code: found[question.wording].number for question in of(treatment)}
    for question in of(treatment):
        named = {int(number) for number in re.findall(r"question (\d+)", found[question.wording].only_if)}
        wanted = {numbers[one.question] for group in question.when for one in group if one.question}
        assert (named, bool(found[question.wording].only_if)) == (wanted, bool(question.when)), question.code


def test_a_condition_is_said_in_whole():
    found = {one.wording: one for one in asked(PAGES["facial-ems"])}
    said = found[RULES.questions["hypertension-controlled"].wording].only_if
    assert re.sub(r"\d+", "N", said) == "the answer to question N is “Yes” or “Not sure” and question N has no answer"


@pytest.mark.parametrize("treatment", OFFERED)
def test_an_answer_sends_to_every_question_that_asks_for_it_and_to_no_other(treatment):
    found = {one.wording: one for one in asked(PAGES[treatment])}
    for question in of(treatment):
        for choice, box in zip(question.choices, found[question.wording].boxes, strict=True):
            wanted = [
                found[one.wording].number
                for one in of(treatment)
                if any(
                    part.question == question.code and choice.code in (part.value or ()) for g in one.when for part in g
                )
            ]
            assert [int(number) for number in re.findall(r"\d+", box.then)] == sorted(wanted)


@pytest.mark.hazard("H-22")
@pytest.mark.parametrize("treatment", OFFERED)
def test_whoever_is_not_sure_has_a_box_for_it_wherever_an_answer_is_needed(treatment):
    for question in of(treatment):
        if question.required and question.asked_by == "patient" and question.code != "metal-removed":
            assert question.open_answers, question.code


def test_there_are_words_for_every_operator():
    assert list(IN_WORDS) == list(OPERATORS)


@pytest.mark.parametrize(
    ("operator", "question", "value", "words"),
    [
        ("not-said", "hernia", ["yes", "unsure"], "the answer to question 7 is not “Yes” or “Not sure”"),
        ("only", "hernia-kind", ["disc"], "nothing but “A slipped disc in the back or neck” is ticked in question 7"),
        ("unanswered", "hernia", None, "question 7 has no answer"),
        ("marked", "sore-vein-sites", None, "a place is marked for question 7"),
        ("within-months", "surgeries", "operation-months", "an operation in question 7 was less than 9 months ago"),
        ("within-minutes", "last-meal", "meal-minutes", "the time in question 7 is less than 90 minutes ago"),
        ("at-least", "temperature", {"value": "temperature-fever"}, "in question 7 the value is at least 38.0"),
        (
            "below",
            "blood-pressure",
            {"systolic": "systolic-high", "diastolic": "diastolic-high"},
            "in question 7 the systolic value is below 160 and the diastolic value is below 100",
        ),
        ("planned", None, ["chest", "chin"], "one of these places is to be treated: chest or chin"),
    ],
)
def test_a_criterion_is_said_in_words(operator, question, value, words):
    numbers = {question: 7} if question else {}
    assert IN_WORDS[operator](Logic(RULES, numbers), Criterion(operator, question, value)) == words


def test_a_fixed_plan_names_its_places_and_leaves_nothing_to_choose():
    page = PAGES["ems-training"]
    names = [RULES.sites[code].name for code in RULES.treatments["ems-training"].fixed_sites]
    assert sorted(page.fixed) == sorted([*names, "chest"])
    assert [column.head for column in page.columns if column.is_plan] == []


def test_the_list_of_places_has_them_all_and_says_which_are_never_treated():
    page = PAGES["facial-ems"]
    places = {
        place.name.lower(): place.may_be_planned for sheet in page.sheets for one in sheet for place in one.places
    }
    assert sorted(places) == sorted(site.name for site in RULES.sites.values())
    assert [name for name in ("chin", "left cheek", "throat", "left ear", "tummy") if places[name]] == [
        "chin",
        "left cheek",
    ]


def test_each_question_about_places_has_a_column():
    page = PAGES["body-microcurrent"]
    about_places = [str(one.number) for one in asked(page) if one.kind == "sites"]
    assert [column.head for column in page.columns] == ["Treat", *about_places]


def test_every_kind_of_question_has_something_to_write_on():
    sample = {one.kind: one for page in PAGES.values() for one in asked(page)}
    assert sorted(sample) == sorted(QUESTION_KINDS)
    room = {
        kind: render_to_string("documents/parts/blank_question.html", {"question": question})
        for kind, question in sample.items()
    }
    classes = ("ticks", "digit", "write-on", "write-short", "operations", "column")
    given = {kind: [one for one in classes if one in html] for kind, html in room.items()}
    assert given == {
        "choice": ["ticks"],
        "kinds": ["ticks"],
        "sites": ["ticks", "column"],
        "operations": ["ticks", "digit", "operations"],
        "partial-date": ["ticks", "digit"],
        "moment": ["ticks", "digit"],
        "blood-pressure": ["write-short"],
        "number": ["write-short"],
        "text": ["write-on"],
    }


@pytest.mark.sweep
def test_the_paper_is_read_out_in_order_and_has_no_fault(pdf):
    assert (pdf.faults, pdf.language, pdf.title) == ([], "en-GB", "Questionnaire: Facial muscle stimulation")
    levels = [level for level, _ in pdf.headings]
    assert levels[0] == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))
    said = [text for level, text in pdf.headings if level == 4]
    assert said == [f"{one.number} {one.wording}" for one in asked(PAGES["facial-ems"])]


def test_the_paper_says_by_which_rules_and_that_it_cannot_be_checked(pdf):
    assert f"{RULES.code}, version {RULES.version}, SHA-256 {RULES.digest}" in pdf.text
    assert [number for number, text in enumerate(pdf.pages, 1) if "cannot be checked" not in text] == []
    assert [alt for alt in pdf.alts if "QR" in alt] == []


def test_no_heading_stands_alone_at_the_foot_of_a_page(pdf):
    pages = pdf.heading_pages
    numbers = {one.wording: pages[f"{one.number} {one.wording}"] for one in asked(PAGES["facial-ems"])}
    for part in PAGES["facial-ems"].parts:
        for section in part.sections:
            first = section.questions[0].wording
            assert pages.get(section.title, numbers[first]) in {numbers[one.wording] for one in section.questions} | {
                page for title, page in pages.items() if title == section.title
            }


def test_a_new_treatment_and_a_new_question_are_on_the_form_as_data_alone():
    fixture = json.loads(FIXTURE.read_text()) | {"version": "2"}
    follow = QUESTION | {
        "code": "new-tattoo-place",
        "order": 606,
        "kind": "sites",
        "choices": [{"code": "unsure", "label": "Not sure", "open": True}],
        "safe_answers": [],
        "wording": "Where is the new tattoo?",
        "when": [{"criteria": [{"question": "new-tattoo", "operator": "said", "value": ["yes"]}]}],
    }
    for table, row in (
        ("questions", QUESTION),
        ("questions", follow),
        ("rules", RULE),
        ("treatments", TREATMENT),
        ("sites", SITE),
    ):
        fixture[table].append(row)
    page = blank_page(read_fixture(fixture), "hand-ems", [], AT)
    found = {one.wording: one for one in asked(page)}
    first, second = found["Have you a tattoo that is new?"], found["Where is the new tattoo?"]
    assert second.only_if == f"the answer to question {first.number} is “Yes”"
    text = words_of(page)
    for words in (
        "Small pads on the hand.",
        f"{first.number} Have you a tattoo that is new? New means in the last weeks.",
        f"Yes then answer {second.number} too",
        f"column {second.number} of the list of places",
        "Left thumb",
    ):
        assert words in text


def test_the_page_gives_a_file_with_a_neutral_name_and_stores_nothing(printed):
    answer, before, after = printed
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert answer["Content-Disposition"] == 'inline; filename="blank-form-facial-ems.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert before == after


@pytest.mark.django_db
@pytest.mark.parametrize("treatment", ["iontophoresis", "nothing-we-know"])
def test_there_is_no_form_of_what_cannot_be_screened(client, treatment):
    client.force_login(a_member(a_clinic()))
    assert client.get(f"/staff/treatments/{treatment}/blank-form/").status_code == 404


@pytest.mark.django_db
def test_the_form_is_offered_where_the_rules_stand_and_where_a_paper_form_is_entered(client):
    clinic = a_clinic()
    clinic.treatments = ["facial-ems", "emface"]
    clinic.save()
    patient = a_patient(clinic)
    client.force_login(a_member(clinic, "owner"))
    address = re.compile(r"/staff/treatments/([a-z-]+)/blank-form/")
    assert address.findall(client.get("/staff/settings/").content.decode()) == OFFERED
    paper = client.get(f"/staff/patients/{patient.pk}/paper/").content.decode()
    assert address.findall(paper) == ["facial-ems", "emface"]
