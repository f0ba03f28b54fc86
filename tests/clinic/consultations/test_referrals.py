"""A referral is requested, sent, answered or withdrawn; nothing in it is edited, and the open ones are a list."""

from datetime import timedelta

import pytest

from clinic.consultations.models import Referral, ReferralStep
from clinic.consultations.referrals import NewStep, StepRefused, add_step, open_ones
from clinic.events import AppendOnlyError, Event
from tests.clinic.consultations.decided import Consultation
from tests.clinic.screenings.invented import a_clinic

pytestmark = pytest.mark.django_db
ILL = {"chronic_disease": "yes"}


@pytest.fixture
def one():
    return Consultation(answers=ILL)


def step(one, referral, kind, **given):
    made = NewStep(**{"kind": kind, "on": one.today, "words": "As agreed.", **given})
    return add_step(referral, made, membership=one.membership)


def refused(one, referral, kind, **given):
    before = ReferralStep.objects.count()
    with pytest.raises(StepRefused) as found:
        step(one, referral, kind, **given)
    assert ReferralStep.objects.count() == before
    return [refusal.field for refusal in found.value.refusals]


def test_a_referral_keeps_the_question_and_the_answers_of_then(one):
    made = one.asks("chronic-disease")
    assert (made.rule, made.answers, made.by) == ("chronic-disease", {"chronic-disease": "yes"}, one.by)
    assert Event.objects.get(action="referral requested").about == f"referral {made.pk}"


def test_it_is_sent_once_and_ends_once(one):
    made = one.asks("chronic-disease")
    step(one, made, "sent")
    assert refused(one, made, "sent") == [""]
    step(one, made, "answered", result="keeps")
    for kind in ("sent", "answered", "withdrawn"):
        assert refused(one, made, kind, result="closes") == [""]


def test_an_answer_says_what_it_does_and_in_words(one):
    made = one.asks("chronic-disease")
    assert refused(one, made, "answered") == ["result"]
    assert refused(one, made, "answered", result="closes", words="") == ["words"]
    assert refused(one, made, "withdrawn", words=" ") == ["words"]


def test_only_an_answer_closes_or_keeps(one):
    assert step(one, one.asks("chronic-disease"), "withdrawn", result="closes").result == ""


def test_a_step_is_not_in_the_future_and_not_before_the_one_before_it(one):
    made = one.asks("chronic-disease")
    assert refused(one, made, "sent", on=one.tomorrow()) == ["on"]
    assert refused(one, made, "sent", on=one.today - timedelta(days=1)) == ["on"]


def test_a_letter_of_another_patient_is_none(one):
    theirs = Consultation(clinic=a_clinic("elsewhere")).letter()
    assert refused(one, one.asks("chronic-disease"), "answered", result="closes", letter=theirs) == ["file"]


def test_nothing_in_a_referral_is_edited(one):
    made = one.asks("chronic-disease")
    made.question = "Another one?"
    for change in (made.save, made.delete, Referral.objects.filter(pk=made.pk).delete):
        with pytest.raises(AppendOnlyError):
            change()


def test_open_are_those_that_nobody_answered_or_withdrew(one):
    waiting = [one.asks("chronic-disease"), one.asks("chronic-disease")]
    step(one, waiting[1], "sent")
    one.asks("chronic-disease", result="keeps")
    step(one, one.asks("chronic-disease"), "withdrawn")
    Consultation(clinic=a_clinic("elsewhere"), answers=ILL).asks("chronic-disease")
    assert list(open_ones(one.clinic)) == waiting


# The pages


def test_a_doctor_is_asked_about_a_finding_and_answers(client, one):
    client.force_login(one.by)
    new = f"/staff/screenings/{one.screening.pk}/findings/{one.position('chronic-disease')}/referral/"
    assert "Lasting illness" in client.get(new).content.decode()
    page = client.post(new, {"to": "Dr Example", "question": "May we?"}, follow=True)
    made = Referral.objects.get()
    assert page.redirect_chain[-1][0] == f"/staff/referrals/{made.pk}/"
    answer = {"kind": "answered", "on": one.today.isoformat(), "result": "closes", "words": "Go on."}
    client.post(f"/staff/referrals/{made.pk}/step/", answer)
    assert made.steps.get().result == "closes"
    assert "It has ended." in client.get(f"/staff/referrals/{made.pk}/").content.decode()


def test_what_was_typed_is_still_there_beside_the_error(client, one):
    client.force_login(one.by)
    made = one.asks("chronic-disease")
    answer = {"kind": "answered", "on": one.today.isoformat(), "words": "Go on, says the doctor."}
    page = client.post(f"/staff/referrals/{made.pk}/step/", answer).content.decode()
    assert "Choose what the answer does to the finding." in page
    assert "Go on, says the doctor." in page


def test_an_empty_question_asks_nobody(client, one):
    client.force_login(one.by)
    new = f"/staff/screenings/{one.screening.pk}/findings/{one.position('chronic-disease')}/referral/"
    page = client.post(new, {"to": "Dr Example", "question": " "}).content.decode()
    assert ("Enter what you ask." in page, "Dr Example" in page, Referral.objects.count()) == (True, True, 0)


def test_there_is_no_finding_beyond_the_last(client, one):
    client.force_login(one.by)
    assert client.get(f"/staff/screenings/{one.screening.pk}/findings/99/referral/").status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_as_much_for_one_as_for_many(client, one, number, django_assert_num_queries):
    for _ in range(number):
        one.asks("chronic-disease")
    client.force_login(one.by)
    client.get("/staff/referrals/")
    with django_assert_num_queries(QUERIES):
        page = client.get("/staff/referrals/")
    assert len(page.context["page"].object_list) == min(number, 25)


QUERIES = 9
