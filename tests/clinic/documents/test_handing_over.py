"""What a person takes along from the result page: made at once, handed over, and stored nowhere."""

import pytest
from django.apps import apps
from django.core.cache import cache
from django.urls import reverse

from clinic.documents import handing_over_views
from clinic.documents.rendering import RenderingFailed
from clinic.events import Event
from clinic.screenings.models import Draft
from tests.clinic.documents.handed import a_check, at_the_result
from tests.clinic.screenings.invented import BORN, a_link, a_member, a_patient
from tests.support.html_forms import Page
from tests.support.pdf import Pdf

pytestmark = pytest.mark.django_db
UNSAFE = {"heart_disease": "yes", "cancer": "yes", "fever": "yes"}


@pytest.fixture
def at_result(client, clinic):
    cache.clear()
    clinic.treatments = ["body-myostimulation", "facial-ems"]
    clinic.save()
    return at_the_result(client, clinic, **UNSAFE)


@pytest.fixture
def undrawn(monkeypatch):
    """No paper is drawn: what is asked for is kept, and given as bytes that say so."""
    asked_for = []
    monkeypatch.setattr(handing_over_views, "render", lambda paper: asked_for.append(paper) or b"%PDF drawn elsewhere")
    return asked_for


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


def test_the_page_offers_a_letter_for_what_is_sent_to_a_doctor_and_for_nothing_else(client, at_result, undrawn):
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
    assert [finding.rule for finding in undrawn[0].page.findings] == ["heart-disease"]


@pytest.mark.parametrize("rule", ["", "fever", "pacemaker", "no-such-rule"])
def test_no_letter_is_made_of_what_did_not_come_up_or_waits_for_its_day(client, at_result, undrawn, rule):
    assert client.post(f"{at_result}letter/", {"rule": rule})["Location"] == at_result
    assert undrawn == []


def test_somebody_unknown_is_not_named_and_somebody_invited_is(client, clinic, at_result, undrawn):
    client.post(f"{at_result}copy/")
    client.post(f"{at_result}letter/", {"rule": "cancer"})
    base = invited(client, clinic)
    client.post(f"{base}result/copy/")
    client.post(f"{base}result/letter/", {"rule": "cancer"})
    assert [paper.page.about[0][1] == "Nora Novak" for paper in (undrawn[0], undrawn[2])] == [False, True]
    assert [paper.page.name for paper in (undrawn[1], undrawn[3])] == ["", "Nora Novak"]
    trail = Event.objects.filter(action__endswith="taken along").order_by("id")
    assert [(one.action, one.patient.name, one.actor) for one in trail] == [
        ("copy taken along", "Nora Novak", None),
        ("letter taken along", "Nora Novak", None),
    ]


def test_on_the_clinics_tablet_nothing_is_saved(client, clinic, undrawn):
    clinic.treatments = ["body-myostimulation"]
    clinic.save()
    client.force_login(a_member(clinic))
    base = client.post(reverse("staff-tablet", args=[a_patient(clinic).pk]))["Location"]
    Draft.objects.update(state=a_check(**UNSAFE).to_json())
    page = client.get(f"{base}result/")
    assert (page.status_code, "take-along" in page.content.decode()) == (200, False)
    assert client.post(f"{base}result/copy/")["Location"] == f"{base}result/"
    assert client.post(f"{base}result/letter/", {"rule": "cancer"})["Location"] == f"{base}result/"
    assert undrawn == []


def test_before_there_is_a_result_nobody_gets_a_paper(client, clinic, at_result, undrawn):
    at_the_result(client, clinic, goals_put=False, **UNSAFE)
    assert client.post(f"{at_result}copy/")["Location"] == f"/c/{clinic.slug}/check/goals/"
    assert undrawn == []


def test_somebody_who_asks_too_often_waits(client, at_result, undrawn):
    answers = [client.post(f"{at_result}copy/").status_code for _ in range(31)]
    assert (answers.count(200), answers[-1]) == (30, 429)


def test_a_copy_that_cannot_be_drawn_whole_is_not_given_and_the_person_is_told(client, at_result, monkeypatch):
    def fail(_paper):
        raise RenderingFailed("a missing font")

    monkeypatch.setattr(handing_over_views, "render", fail)
    answer = client.post(f"{at_result}copy/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert "The paper was not made" in answer.content.decode()


def test_gaps_are_said_as_gaps(client, clinic, undrawn):
    result = at_the_result(client, clinic, without=("pregnant", "fever"), cancer="yes")
    client.post(f"{result}copy/")
    page = undrawn[0].page
    gaps = {row.wording: (row.lines, row.gap) for part in page.parts for row in part.rows if row.gap}
    assert set(gaps.values()) == {((), "Not answered")}
    assert len(gaps) == len(page.told.missing) == 2
    assert page.notices == ("You stopped early. 2 questions were not asked, so we do not know everything.",)


def invited(client, clinic):
    """Give the base of an invited person's self-check, opened, with everything answered."""
    invitation, secret = a_link(clinic)
    Draft.objects.filter(invitation=invitation).update(state=a_check(**UNSAFE).to_json())
    client.get(reverse("link-door", args=[clinic.slug, secret]))
    base = f"/c/{clinic.slug}/link-{invitation.ref}/"
    client.post(f"{base}birth/", {"born_day": BORN.day, "born_month": BORN.month, "born_year": BORN.year})
    return base
