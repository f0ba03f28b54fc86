"""What stands beside an intake's questions: the patient's own words, last time's, and what staff changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from clinic.consultations.comparing import Prefilled, beside, changes, prefill
from clinic.consultations.models import Intake
from clinic.consultations.voiding import void
from clinic.screenings.models import Door, Match
from screening import rulesets
from screening.models import Rule
from screening.rulesets import published
from tests.clinic.consultations.stored import a_review_of, a_screening, an_invited_sending
from tests.clinic.screenings.invented import AT, a_case, a_member, a_patient, a_sending

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)


@pytest.fixture
def perry(clinic):
    return a_member(clinic, name="perry")


def stored_earlier(patient, by, *, days=30, **given):
    return a_screening(patient, by=by, at=AT - timedelta(days=days), **given)


def an_intake(patient, by, **fields):
    return Intake.objects.create(
        clinic=patient.clinic, patient=patient, treatment="body-myostimulation", opened_by=by, changed_by=by, **fields
    )


def started_empty(sending):
    return sending.screening.answers.keys() - prefill(sending, published()).answers.keys()


def test_a_review_starts_with_the_patients_own_answers_places_and_goals(clinic):
    sending = an_invited_sending(clinic, hernia="yes", **{"hernia-kind": ["navel"]})
    assert prefill(sending, published()) == Prefilled(sending.screening.answers, ["abdomen", "forearm-left"], ["sport"])


@pytest.mark.parametrize("answer", ["unsure", "in-person"])
def test_what_settles_nothing_starts_empty(clinic, answer):
    assert started_empty(an_invited_sending(clinic, cancer=answer)) == {"cancer"}


def test_an_operation_in_part_starts_empty(clinic):
    operations = {"recent-surgery": "yes", "surgeries": [{"date": "2026-09"}]}
    assert started_empty(an_invited_sending(clinic, **operations)) == {"surgeries"}


def test_a_place_that_nobody_is_sure_of_starts_empty(clinic):
    places = {"skin-disease": "yes", "skin-disease-sites": ["abdomen", "unsure"]}
    assert started_empty(an_invited_sending(clinic, **places)) == {"skin-disease-sites"}


@pytest.mark.hazard("H-27")
def test_a_lasting_illness_that_is_denied_now_starts_empty_and_what_changes_by_itself_does_not(clinic, perry):
    sending = an_invited_sending(clinic, epilepsy="no", pregnant="no")
    stored_earlier(sending.screening.patient, perry, epilepsy="yes", pregnant="yes")
    assert started_empty(sending) == {"epilepsy"}


def test_a_yes_after_a_no_is_no_contradiction(clinic, perry):
    sending = an_invited_sending(clinic, epilepsy="yes")
    stored_earlier(sending.screening.patient, perry, epilepsy="no")
    assert started_empty(sending) == set()


@pytest.mark.hazard("H-27")
def test_an_answer_that_another_one_rules_out_is_a_contradiction(clinic):
    sending = an_invited_sending(clinic, **{"skin-disease": "no", "skin-disease-sites": ["abdomen"]})
    assert sending.screening.outcome["ignored"] == ["skin-disease-sites"]
    assert started_empty(sending) == {"skin-disease-sites"}


def test_a_stranger_is_compared_with_the_patient_they_were_matched_to(clinic, perry):
    patient, sending = a_patient(clinic), a_sending(clinic=clinic, case=a_case(epilepsy="no"))
    stored_earlier(patient, perry, epilepsy="yes")
    assert started_empty(sending) == set()
    Match(clinic=clinic, sending=sending, patient=patient, is_new=False, by=perry).save()
    sending.refresh_from_db()
    assert started_empty(sending) == {"epilepsy"}


@pytest.mark.hazard("H-11")
def test_by_altered_rules_everything_is_asked_anew(clinic):
    sending, today = an_invited_sending(clinic, hernia="yes"), published()
    Rule.objects.filter(code="hernia").update(grade="note")
    rulesets._frozen.cache_clear()
    assert prefill(sending, today).answers == {}


def test_what_staff_changed_is_kept_with_the_patients_own_answer(clinic, perry):
    intake = a_review_of(
        an_invited_sending(clinic, cancer="unsure", epilepsy="yes"), by=perry, cancer="no", epilepsy="no"
    )
    mark = {"by": "Perry", "at": intake.marks["cancer"]["at"]}
    assert changes(intake, published()) == {"epilepsy": mark | {"was": "yes"}, "cancer": mark | {"was": "unsure"}}


def test_an_answer_given_where_the_patient_gave_none_is_a_change(clinic, perry):
    case = a_case()
    answers = {code: answer for code, answer in case.answers.items() if code != "epilepsy"}
    sending = a_sending(clinic=clinic, case=replace(case, answers=answers))
    intake = Intake(
        clinic=clinic, patient=a_patient(clinic), treatment="body-myostimulation", sending=sending,
        answers={**sending.screening.answers, "epilepsy": "no"}, changed_by=perry, opened_by=perry,
    )  # fmt: skip
    assert {code: change["was"] for code, change in changes(intake, published()).items()} == {"epilepsy": None}


def test_what_staff_measure_and_the_order_of_a_list_are_no_changes(clinic, perry):
    kinds = {"hernia": "yes", "hernia-kind": ["navel", "groin"]}
    intake = a_review_of(an_invited_sending(clinic, **kinds), by=perry, **{"hernia-kind": ["groin", "navel"]})
    intake.answers["temperature"] = 36.6
    assert changes(intake, published()) == {}


def test_an_intake_without_a_self_check_changes_nothing_of_anybody(clinic, perry):
    assert changes(an_intake(a_patient(clinic), perry, answers={"epilepsy": "yes"}), published()) == {}


def test_beside_a_review_stands_what_the_patient_said_and_why_it_needs_a_word(clinic, perry):
    sending = an_invited_sending(clinic, cancer="unsure", epilepsy="yes", **{"alcohol-dependence": "in-person"})
    found = beside(published(), a_review_of(sending, by=perry), LATER)
    shown = {code: (found[code].patient, found[code].needs_word) for code in SHOWN}
    assert shown == SHOWN
    assert "blood-pressure" not in found


SHOWN = {
    "cancer": (("Not sure",), "They said “Not sure”. Settle it together."),
    "alcohol-dependence": (("I would rather say this in person",), "They want to talk about this in person."),
    "epilepsy": (("Yes",), "Epilepsy or a fit: contraindicated."),
    "gallstones": (("No",), ""),
}


@pytest.mark.hazard("H-27")
def test_beside_stands_what_was_said_last_time_and_whether_it_differs(clinic, perry):
    patient = a_patient(clinic)
    earlier = stored_earlier(patient, perry, epilepsy="yes")
    found = beside(published(), an_intake(patient, perry, answers={"epilepsy": "no", "cancer": "no"}), AT)
    shown = {code: (found[code].last, found[code].differs) for code in ("epilepsy", "cancer", "gallstones")}
    assert shown == {"epilepsy": (("Yes",), True), "cancer": (("No",), False), "gallstones": (("No",), False)}
    assert {entry.last_at for entry in found.values()} == {earlier.answered_at}


@pytest.mark.hazard("H-05")
def test_nothing_of_last_time_is_copied_into_a_fresh_intake(client, sign_in, clinic):
    person, patient = sign_in(), a_patient(clinic)
    stored_earlier(patient, person, epilepsy="yes")
    client.post("/staff/intake/open/", {"patient": patient.pk, "treatment": "body-myostimulation"})
    assert Intake.objects.get().answers == {}


def test_voided_and_corrected_screenings_are_no_last_time(clinic, perry):
    patient = a_patient(clinic)
    oldest = stored_earlier(patient, perry, days=90)
    wrong = stored_earlier(patient, perry, days=60, epilepsy="yes")
    a_screening(patient, by=perry, at=oldest.answered_at - timedelta(days=1), corrects=wrong, why="The wrong box.")
    void(stored_earlier(patient, perry, days=30, epilepsy="yes"), "Another patient.", perry)
    found = beside(published(), an_intake(patient, perry), AT)
    assert (found["epilepsy"].last, found["epilepsy"].last_at) == (("No",), oldest.answered_at)


def test_what_a_session_heard_is_the_last_time(clinic, perry):
    patient = a_patient(clinic)
    stored_earlier(patient, perry, days=60)
    stored_earlier(patient, perry, days=2, door=Door.SESSION, pregnant="yes")
    assert beside(published(), an_intake(patient, perry), AT)["pregnant"].last == ("Yes",)


def test_another_patients_answers_stand_beside_nobody_elses(clinic, perry):
    stored_earlier(a_patient(clinic, name="Other"), perry, epilepsy="yes")
    assert beside(published(), an_intake(a_patient(clinic), perry), AT) == {}


def test_another_reading_is_no_difference(clinic, perry):
    patient = a_patient(clinic)
    stored_earlier(patient, perry, **{"blood-pressure": {"systolic": 150, "diastolic": 90}})
    answers = {"blood-pressure": {"systolic": 120, "diastolic": 80}}
    shown = beside(published(), an_intake(patient, perry, answers=answers), AT)["blood-pressure"]
    assert (shown.last, shown.differs, shown.is_notable) == (("150 over 90 mmHg",), False, False)


def test_what_waits_for_an_answer_differs_by_what_the_patient_said(clinic, perry):
    sending = an_invited_sending(clinic, cancer="unsure")
    stored_earlier(sending.screening.patient, perry)
    found = beside(published(), a_review_of(sending, by=perry), LATER)
    assert {code for code, entry in found.items() if entry.differs} == {"cancer"}


def test_beside_stands_whether_last_time_was_the_plain_safe_answer(clinic, perry):
    patient = a_patient(clinic)
    stored_earlier(patient, perry, epilepsy="yes", **{"hypertension": "yes", "hypertension-controlled": "yes"})
    found = beside(published(), an_intake(patient, perry), AT)
    notable = {code for code, entry in found.items() if entry.is_notable}
    assert notable == {"epilepsy", "hypertension"}


def test_one_query_tells_what_stands_beside_all_questions(clinic, perry, django_assert_num_queries):
    sending = an_invited_sending(clinic, cancer="unsure")
    for days in range(1, 9):
        stored_earlier(sending.screening.patient, perry, days=days, epilepsy="yes")
    intake = Intake.objects.select_related("patient", "sending__screening__patient", "changed_by").get(
        pk=a_review_of(sending, by=perry).pk
    )
    rules = published()
    with django_assert_num_queries(1):
        beside(rules, intake, LATER)


@pytest.mark.hazard("H-27")
def test_many_sessions_do_not_hide_what_only_an_earlier_screening_asked(clinic, perry):
    patient = a_patient(clinic)
    stored_earlier(patient, perry, days=60, **{"maker-check": "yes", "breast-lumps": "yes"})
    asked_less = a_case()
    for days in range(1, 20):
        stored_earlier(patient, perry, days=days, door=Door.SESSION, case=asked_less)
    assert "breast-lumps" not in asked_less.answers
    assert beside(published(), an_intake(patient, perry), AT)["breast-lumps"].last == ("Yes",)
