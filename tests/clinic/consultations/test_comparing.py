"""What stands beside an intake's questions: the patient's own words, last time's, and what staff changed."""

from datetime import timedelta

import pytest

from clinic.consultations.comparing import beside, changes, prefill
from clinic.consultations.models import Intake
from clinic.screenings.models import Door
from clinic.screenings.store import store
from screening.rulesets import published
from tests.clinic.screenings.invented import AT, a_case, a_clinic, a_link, a_member, a_patient, a_sending

pytestmark = pytest.mark.django_db


def an_invited_sending(**answers):
    clinic = a_clinic()
    invitation, _ = a_link(clinic)
    return a_sending(clinic=clinic, invitation=invitation, case=a_case(**answers))


def a_review_of(sending, **fields):
    by = a_member(sending.clinic, name="perry")
    given = {
        "clinic": sending.clinic, "patient": sending.screening.patient, "treatment": sending.screening.treatment,
        "sending": sending, "answers": prefill(sending, published()).answers, "opened_by": by, "changed_by": by,
    }  # fmt: skip
    return Intake.objects.create(**(given | fields))


def stored_earlier(patient, *, days=30, door=Door.INTAKE, **answers):
    case, at = a_case(**answers), AT - timedelta(days=days)
    return store(
        clinic=patient.clinic, patient=patient, rule_set=published(), plan=case.plan, answers=case.answers,
        at=at, door=door,
    )  # fmt: skip


def test_a_review_starts_with_the_patients_own_answers_places_and_goals():
    sending = an_invited_sending(hernia="yes", **{"hernia-kind": ["navel"]})
    answers, sites, goals = prefill(sending, published())
    assert answers == sending.screening.answers
    assert (sites, goals) == (["abdomen", "forearm-left"], ["sport"])


@pytest.mark.parametrize("answer", ["unsure", "in-person"])
def test_what_settles_nothing_starts_empty(answer):
    sending = an_invited_sending(cancer=answer)
    assert sending.screening.answers["cancer"] == answer
    answers = prefill(sending, published()).answers
    assert sending.screening.answers.keys() - answers.keys() == {"cancer"}


def test_a_lasting_illness_that_is_denied_now_starts_empty():
    sending = an_invited_sending(epilepsy="no", pregnant="no")
    stored_earlier(sending.screening.patient, epilepsy="yes", pregnant="yes")
    answers = prefill(sending, published()).answers
    assert sending.screening.answers.keys() - answers.keys() == {"epilepsy"}


def test_what_staff_changed_is_kept_with_the_patients_own_answer():
    sending = an_invited_sending(cancer="unsure", epilepsy="yes")
    intake = a_review_of(sending)
    mark = {"by": "Perry", "at": AT.isoformat(), "revision": 2}
    intake.answers |= {"cancer": "no", "epilepsy": "no"}
    intake.marks = {"cancer": mark, "epilepsy": mark}
    changed = {"by": "Perry", "at": AT.isoformat()}
    assert changes(intake, published()) == {
        "epilepsy": changed | {"was": "yes"},
        "cancer": changed | {"was": "unsure"},
    }


def test_an_intake_without_a_self_check_changes_nothing_of_anybody():
    intake = a_review_of(an_invited_sending())
    intake.sending, intake.answers = None, {"epilepsy": "yes"}
    assert changes(intake, published()) == {}


def test_beside_a_review_stands_what_the_patient_said_and_why_it_needs_a_word():
    sending = an_invited_sending(cancer="unsure", epilepsy="yes")
    found = beside(published(), a_review_of(sending), AT + timedelta(hours=1))
    assert (found["cancer"].patient, found["cancer"].needs_word) == (
        ("Not sure",),
        "They said “Not sure”. Settle it together.",
    )
    assert found["epilepsy"].needs_word.startswith("Epilepsy")
    assert (found["gallstones"].patient, found["gallstones"].needs_word) == (("No",), "")
    assert "blood-pressure" not in found


def test_beside_stands_what_was_said_last_time_and_whether_it_differs():
    patient = a_patient(a_clinic())
    earlier = stored_earlier(patient, epilepsy="yes")
    by = a_member(patient.clinic)
    intake = Intake.objects.create(
        clinic=patient.clinic, patient=patient, treatment="body-myostimulation", answers={"epilepsy": "no", "cancer": "no"},
        opened_by=by, changed_by=by,
    )  # fmt: skip
    found = beside(published(), intake, AT)
    assert (found["epilepsy"].last, found["epilepsy"].last_at, found["epilepsy"].differs) == (
        ("Yes",),
        earlier.answered_at,
        True,
    )
    assert (found["cancer"].differs, found["gallstones"].differs) == (False, False)
