"""What a person takes along from the result page: made at once, handed over, and stored nowhere."""

import pytest
from django.apps import apps
from django.core.cache import cache
from django.urls import reverse

from clinic.events import Event
from clinic.people.clinics import Clinic
from clinic.screenings.models import Draft
from screening.rulesets import published
from tests.clinic.documents.handed import a_check, at_the_result
from tests.clinic.screenings.invented import BORN, a_link, a_member, a_patient
from tests.support.html_forms import Page
from tests.support.pdf import Pdf

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
UNSAFE = {"heart_disease": "yes", "cancer": "yes", "fever": "yes"}


@pytest.fixture
def at_result(client, clinic):
    cache.clear()
    clinic.treatments = ["body-myostimulation", "facial-ems"]
    clinic.save()
    return at_the_result(client, clinic, **UNSAFE)


def rows():
    """How many rows each table has."""
    return {model.__name__: model._default_manager.count() for model in apps.get_models()}


def test_the_copy_is_a_pdf_with_what_the_page_says_and_leaves_nothing_behind(client, at_result):
    before = rows()
    page, answer = client.get(at_result), client.post(f"{at_result}copy/")
    assert rows() == before
    assert (answer.status_code, answer["Content-Type"], answer["Content-Disposition"], answer["Cache-Control"]) == (
        200,
        "application/pdf",
        'attachment; filename="copy.pdf"',
        "no-store",
    )
    text = Pdf(answer.content).text
    told = page.context["told"]
    said = [told.headline, told.label, told.lead, *(finding.title for finding in told.findings)]
    said += [finding.message for finding in told.findings] + [other.treatment for other in page.context["others"]]
    assert [words for words in said if " ".join(words.split()) not in text] == []
    assert "This paper is not stored, so it cannot be checked." in text


def test_the_page_offers_a_letter_for_what_is_sent_to_a_doctor_and_for_nothing_else(client, at_result):
    page = client.get(at_result)
    assert [letter.rule for letter in page.context["letters"]] == ["cancer", "heart-disease"]
    form = next(form for form in Page(page.content.decode()).forms if form.action == f"{at_result}letter/")
    assert [(entry.kind, entry.value) for entry in form.named("rule")] == [
        ("submit", "cancer"),
        ("submit", "heart-disease"),
    ]
    before = rows()
    answer = client.post(f"{at_result}letter/", {"rule": "heart-disease"})
    assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert rows() == before
    assert [text for level, text in Pdf(answer.content).headings if level == 3] == [title_of("heart-disease")]


@pytest.mark.parametrize("rule", ["", "fever", "pacemaker", "no-such-rule"])
def test_no_letter_is_made_of_what_did_not_come_up_or_waits_for_its_day(client, at_result, rule):
    assert client.post(f"{at_result}letter/", {"rule": rule})["Location"] == at_result


def test_somebody_unknown_is_not_named_and_somebody_invited_is(client, clinic, at_result):
    base = invited(client, clinic)
    asked = (
        (at_result, {}),
        (at_result, {"rule": "cancer"}),
        (f"{base}result/", {}),
        (f"{base}result/", {"rule": "cancer"}),
    )
    papers = [client.post(f"{page}{'letter' if said else 'copy'}/", said).content for page, said in asked]
    assert ["Nora Novak" in Pdf(paper).text for paper in papers] == [False, False, True, True]
    trail = Event.objects.filter(action__endswith="taken along").order_by("id")
    assert [(one.action, one.patient.name, one.actor) for one in trail] == [
        ("copy taken along", "Nora Novak", None),
        ("letter taken along", "Nora Novak", None),
    ]


@pytest.mark.hazard("H-25")
def test_on_the_clinics_tablet_nothing_is_saved(client, clinic):
    clinic.treatments = ["body-myostimulation"]
    clinic.save()
    client.force_login(a_member(clinic))
    base = client.post(reverse("staff-tablet", args=[a_patient(clinic).pk]))["Location"]
    Draft.objects.update(state=a_check(**UNSAFE).to_json())
    page = client.get(f"{base}result/")
    assert (page.status_code, "take-along" in page.content.decode()) == (200, False)
    assert client.post(f"{base}result/copy/")["Location"] == f"{base}result/"
    assert client.post(f"{base}result/letter/", {"rule": "cancer"})["Location"] == f"{base}result/"


def test_before_there_is_a_result_nobody_gets_a_paper(client, clinic, at_result):
    at_the_result(client, clinic, goals_put=False, **UNSAFE)
    assert client.post(f"{at_result}copy/")["Location"] == f"/c/{clinic.slug}/check/goals/"


@pytest.mark.usefixtures("small")
def test_somebody_who_asks_too_often_waits(client, at_result, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "paper-taken-along": "2/5m/ip"}
    assert [client.post(f"{at_result}copy/").status_code for _ in range(3)] == [200, 200, 429]


def test_a_copy_that_cannot_be_drawn_whole_is_not_given_and_the_person_is_told(client, clinic, at_result):
    Clinic.objects.filter(pk=clinic.pk).update(logo=b"no picture", logo_type="image/png")
    answer = client.post(f"{at_result}copy/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert "The paper was not made" in answer.content.decode()


@pytest.mark.hazard("H-17")
def test_gaps_are_said_as_gaps(client, clinic):
    result = at_the_result(client, clinic, without=("pregnant", "fever"), cancer="yes")
    said = Pdf(client.post(f"{result}copy/").content).reading
    gaps = [code for code, question in published().questions.items() if f"{question.wording} Not answered" in said]
    assert gaps == ["pregnant", "fever"]
    assert "You stopped early. 2 questions were not asked, so we do not know everything." in said


def title_of(rule):
    return published().rules[rule].title


def invited(client, clinic):
    """Give the base of an invited person's self-check, opened, with everything answered."""
    invitation, secret = a_link(clinic)
    Draft.objects.filter(invitation=invitation).update(state=a_check(**UNSAFE).to_json())
    client.get(reverse("link-door", args=[clinic.slug, secret]))
    base = f"/c/{clinic.slug}/link-{invitation.ref}/"
    client.post(f"{base}birth/", {"born_day": BORN.day, "born_month": BORN.month, "born_year": BORN.year})
    return base
