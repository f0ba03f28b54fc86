"""What a doctor or the person said about one finding is recorded with who, when, the places and the letter."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clinic.consultations.models import Letter, Statement
from clinic.consultations.statements import StatementRefused
from clinic.events import Event
from tests.clinic.consultations.decided import PDF, Consultation
from tests.clinic.screenings.invented import a_clinic

pytestmark = pytest.mark.django_db
HEART = {"heart_disease": "yes"}
BREAK = {"broken_bone": "yes", "broken_bone_sites": ["hand-left"]}


def refused(one, rule, **given):
    with pytest.raises(StatementRefused) as found:
        one.says(rule, **given)
    assert Statement.objects.count() == 0
    return [refusal.field for refusal in found.value.refusals]


def test_an_agreement_keeps_the_answers_it_was_given_for():
    one = Consultation(answers=HEART)
    made = one.says("heart-disease")
    assert (made.kind, made.rule, made.answers) == ("agreement", "heart-disease", {"heart-disease": "yes"})
    assert (made.by, made.said_by, made.said_on, made.sites) == (one.by, "Dr Example", one.today, [])
    assert Event.objects.get(action="statement recorded").about == f"statement {made.pk}"


@pytest.mark.parametrize(
    ("answers", "rule", "kind"),
    [
        (HEART, "heart-disease", "agreement"),
        (BREAK, "unhealed-fracture", "clearance"),
        ({"fever": "yes"}, "fever", "ended"),
    ],
)
def test_the_grade_says_what_kind_of_statement_it_is(answers, rule, kind):
    sites = ("forearm-left",) if kind == "clearance" else ()
    assert Consultation(answers=answers).says(rule, sites=sites).kind == kind


@pytest.mark.hazard("H-17")
@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"pregnant": "yes"}, "pregnancy"),
        ({"epilepsy": "unsure"}, "epilepsy"),
        ({"chronic_disease": "yes"}, "chronic-disease"),
    ],
)
def test_no_statement_is_taken_where_none_settles(answers, rule):
    assert refused(Consultation(answers=answers), rule) == [""]


def test_a_statement_is_whole():
    one = Consultation(answers=HEART)
    assert refused(one, "heart-disease", said_by=" ") == ["said_by"]
    assert refused(one, "heart-disease", said_on=one.tomorrow()) == ["said_on"]
    assert refused(one, "heart-disease", ends_on=one.today - timedelta(days=1)) == ["ends_on"]
    elsewhere = Consultation(clinic=a_clinic("elsewhere"))
    assert refused(one, "heart-disease", letter=elsewhere.letter()) == ["file"]


def test_an_end_is_not_before_the_answers():
    one = Consultation(answers={"fever": "yes"})
    assert refused(one, "fever", said_on=one.today - timedelta(days=1)) == ["said_on"]


def test_a_clearance_names_places_among_those_that_are_barred():
    one = Consultation(answers=BREAK)
    assert refused(one, "unhealed-fracture") == ["sites"]
    assert refused(one, "unhealed-fracture", sites=("abdomen",)) == ["sites"]


# The page


def post(client, one, rule, **given):
    address = f"/staff/screenings/{one.screening.pk}/findings/{one.position(rule)}/statement/"
    client.force_login(one.by)
    return client.post(address, given)


def pdf():
    return SimpleUploadedFile("letter.pdf", PDF, content_type="application/pdf")


def test_what_is_recorded_leads_back_to_the_decision(client):
    one = Consultation(answers=HEART)
    day = one.today.isoformat()
    response = post(client, one, "heart-disease", said_by="Dr Example", said_on=day, file=pdf())
    assert response.url == f"/staff/screenings/{one.screening.pk}/decide/"
    made = Statement.objects.get()
    assert (made.said_by, bytes(made.letter.content)) == ("Dr Example", PDF)


def test_a_letter_stays_with_the_form_while_the_rest_is_put_right(client):
    one = Consultation(answers=HEART)
    page = post(client, one, "heart-disease", said_by="Dr Example", file=pdf())
    kept = Letter.objects.get()
    assert f'name="letter" value="{kept.pk}"' in page.content.decode()
    assert "Dr Example" in page.content.decode()
    assert "Your letter is kept." in page.content.decode()
    post(client, one, "heart-disease", said_by="Dr Example", said_on=one.today.isoformat(), letter=kept.pk)
    assert (Statement.objects.get().letter, Letter.objects.count()) == (kept, 1)


def test_a_letter_of_another_patient_cannot_be_named_by_its_number(client):
    one, two = Consultation(answers=HEART), Consultation(clinic=a_clinic("elsewhere"))
    letter = two.letter()
    page = post(client, one, "heart-disease", said_by="Dr X", said_on=one.today.isoformat(), letter=letter.pk)
    assert "Add the doctor’s letter." in page.content.decode()
    assert Statement.objects.count() == 0


def test_a_letter_is_refused_at_its_field(client):
    one = Consultation(answers=HEART)
    wrong = SimpleUploadedFile("letter.pdf", b"MZ and so on", content_type="application/pdf")
    page = post(client, one, "heart-disease", said_by="Dr X", said_on=one.today.isoformat(), file=wrong)
    assert "This file is no letter we can keep." in page.content.decode()
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("rule", ["pregnancy", "chronic-disease"])
def test_there_is_no_page_where_no_statement_settles(client, rule):
    one = Consultation(answers={"pregnant": "yes", "chronic_disease": "yes"})
    assert post(client, one, rule).status_code == 404
