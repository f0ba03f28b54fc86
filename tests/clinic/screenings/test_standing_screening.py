"""Which screening stands: the newest one that staff stand behind, while nothing at all speaks against it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from clinic.screenings.models import Door, VoidedScreening
from clinic.screenings.standing_screening import last_valid_day, standing_screenings
from tests.clinic.consultations.gated import PLAN, a_request
from tests.clinic.consultations.stored import a_screening
from tests.clinic.screenings.invented import a_clinic, a_link, a_member, a_patient, a_sending

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
FACE = {"treatment": "facial-ems", "sites": ["cheek-left"]}


@pytest.fixture
def patient(clinic):
    return a_patient(clinic)


@pytest.fixture
def by(clinic):
    return a_member(clinic, "practitioner", name="perry")


def screened(patient, by, *, days=1, plan=PLAN, without=(), door=Door.INTAKE, at=None, **given):
    columns = {name: given.pop(name) for name in ("corrects", "why") if name in given}
    at = at or NOW - timedelta(days=days)
    case = a_request(plan, at, {code.replace("_", "-"): answer for code, answer in given.items()}, without)
    return a_screening(patient, by=by, at=at, door=door, case=case, **columns)


def standing(patient, treatment="body-myostimulation", now=NOW):
    return standing_screenings(patient.clinic, [patient.pk], now)[patient.pk, treatment]


def faults(patient, **asked):
    return [fault.code for fault in standing(patient, **asked).faults]


def test_newest_of_staff_stands(patient, by):
    screened(patient, by, days=9)
    newest = screened(patient, by, days=2)
    assert (standing(patient).screening, standing(patient).stands) == (newest, True)


def test_what_was_answered_last_stands_whatever_was_entered_last(patient, by):
    newest = screened(patient, by, days=2)
    screened(patient, by, days=40, door=Door.PAPER)
    assert (standing(patient).screening, faults(patient)) == (newest, [])


def test_form_of_earlier_that_says_something_else_leaves_nothing_standing(patient, by):
    screened(patient, by, days=2)
    screened(patient, by, days=40, door=Door.PAPER, pregnant="yes")
    assert faults(patient) == ["newer-screening"]


def test_nothing_stands_for_another_treatment(patient, by):
    screened(patient, by)
    assert standing(patient, "facial-ems").screening is None
    assert faults(patient, treatment="facial-ems") == ["none"]


def test_nothing_stands_of_another_person_or_clinic(patient, by):
    screened(patient, by)
    other = a_patient(patient.clinic, name="Bo")
    assert faults(other) == ["none"]
    assert (
        standing_screenings(a_clinic("elsewhere"), [patient.pk], NOW)[patient.pk, PLAN["treatment"]].faults[0].code
        == "none"
    )


@pytest.mark.parametrize("door", [Door.LINK, Door.TABLET, Door.ANONYMOUS, Door.SESSION])
def test_no_other_door_than_staffs_makes_it_stand(patient, by, door):
    screened(patient, by, door=door)
    assert faults(patient) == ["not-by-staff"]


def test_nobody_behind_it_is_not_by_staff(patient):
    screened(patient, None)
    assert faults(patient) == ["not-by-staff"]


def test_missing_answer_leaves_nothing_standing(patient, by):
    screened(patient, by, without=["epilepsy"])
    assert faults(patient) == ["incomplete"]


def test_unsure_is_the_decisions_matter(patient, by):
    screened(patient, by, epilepsy="unsure")
    assert faults(patient) == []


def test_voided_one_opens_nothing_and_none_before_it_comes_back(patient, by):
    screened(patient, by, days=9)
    newest = screened(patient, by, days=2)
    VoidedScreening(screening=newest, why="Another person.", by=by).save()
    assert faults(patient) == ["voided"]


def test_correction_stands_instead_of_what_it_corrects(patient, by):
    first = screened(patient, by, days=2)
    correction = screened(patient, by, days=3, corrects=first, why="Misheard.")
    assert (standing(patient).screening, faults(patient)) == (correction, [])


def test_voided_correction_does_not_bring_back_what_it_corrected(patient, by):
    first = screened(patient, by, days=2)
    correction = screened(patient, by, days=1, corrects=first, why="Misheard.")
    VoidedScreening(screening=correction, why="Another person.", by=by).save()
    assert faults(patient) == ["voided"]


def test_correction_for_another_treatment_corrects_all_the_same(patient, by):
    first = screened(patient, by, days=2)
    screened(patient, by, days=1, plan=FACE, corrects=first, why="Misheard.")
    assert faults(patient) == ["corrected"]


@pytest.mark.parametrize(
    ("answer", "expected"), [("no", []), ("yes", ["newer-screening"]), ("unsure", ["newer-screening"])]
)
def test_newer_one_for_another_treatment_counts_where_it_says_otherwise(patient, by, answer, expected):
    screened(patient, by, days=9)
    screened(patient, by, days=1, plan=FACE, **{"heart-disease": answer})
    assert faults(patient) == expected
    assert faults(patient, treatment="facial-ems") == []


def test_older_one_for_another_treatment_does_not_count(patient, by):
    screened(patient, by, days=9, plan=FACE, **{"heart-disease": "yes"})
    screened(patient, by, days=1)
    assert faults(patient) == []


def test_reading_of_another_day_is_no_difference_unless_it_met_a_rule(patient, by):
    screened(patient, by, days=9, **{"blood-pressure": {"systolic": 120, "diastolic": 80}})
    screened(patient, by, days=2, plan=FACE, **{"blood-pressure": {"systolic": 130, "diastolic": 85}})
    assert faults(patient) == []
    screened(patient, by, days=1, plan=FACE, **{"blood-pressure": {"systolic": 165, "diastolic": 85}})
    assert faults(patient) == ["newer-screening"]


def test_same_words_in_other_letters_are_no_difference(patient, by):
    said = {"anything-else": "yes", "anything-else-details": "Hay  fever"}
    screened(patient, by, days=9, **said)
    screened(patient, by, days=2, plan=FACE, **said | {"anything-else-details": "hay fever"})
    assert faults(patient) == []
    screened(patient, by, days=1, plan=FACE, **said | {"anything-else-details": "a heart attack in May"})
    assert faults(patient) == ["newer-screening"]


def test_unreviewed_self_check_leaves_nothing_standing_for_any_treatment(patient, by):
    screened(patient, by)
    invitation, _ = a_link(patient.clinic, patient=patient)
    a_sending(clinic=patient.clinic, invitation=invitation)
    assert faults(patient) == ["awaiting-review"]
    assert faults(patient, treatment="facial-ems") == ["none", "awaiting-review"]


def test_strangers_self_check_counts_once_it_is_matched(patient, by):
    screened(patient, by)
    sending = a_sending(clinic=patient.clinic)
    assert faults(patient) == []
    sending.awaiting.patient = patient
    sending.awaiting.save()
    assert faults(patient) == ["awaiting-review"]


@pytest.mark.parametrize(
    ("months", "answered", "last"),
    [
        (6, date(2026, 5, 20), date(2026, 11, 19)),
        (1, date(2026, 5, 20), date(2026, 6, 19)),
        (6, date(2025, 8, 31), date(2026, 2, 28)),
        (6, date(2026, 8, 30), date(2027, 2, 28)),
        (3, date(2025, 11, 30), date(2026, 2, 28)),
    ],
)
def test_last_day_is_counted_in_calendar_months(patient, by, months, answered, last):
    patient.clinic.validity_months = months
    at = datetime(answered.year, answered.month, answered.day, 12, tzinfo=UTC)
    screening = screened(patient, by, at=at)
    assert last_valid_day(patient.clinic, screening) == last


def test_no_setting_makes_it_longer_than_six_months(patient, by):
    patient.clinic.validity_months = 24
    screening = screened(patient, by, at=datetime(2026, 5, 20, tzinfo=UTC))
    assert last_valid_day(patient.clinic, screening) == date(2026, 11, 19)


def test_it_stands_on_its_last_day_and_not_on_the_next(patient, by):
    screened(patient, by, at=datetime(2026, 5, 20, 23, tzinfo=UTC))
    # 23:00 in London's summer is the 21st there: the clinic's own calendar counts.
    assert faults(patient, now=datetime(2026, 11, 20, 23, 59, tzinfo=UTC)) == []
    assert faults(patient, now=datetime(2026, 11, 21, 0, 0, tzinfo=UTC)) == ["expired"]


def test_oldest_answer_carried_in_counts(patient, by):
    from clinic.screenings.store import store
    from screening.rulesets import published

    at = NOW - timedelta(days=1)
    case = a_request(PLAN, at, {})
    store(
        clinic=patient.clinic, patient=patient, rule_set=published(), plan=case.plan, answers=case.answers, at=at,
        door=Door.REVIEW, by=by, role="practitioner", oldest_at=NOW - timedelta(days=200),
    )  # fmt: skip
    assert faults(patient) == ["expired"]


def test_time_that_lies_ahead_makes_nothing_younger(patient, by):
    screening = screened(patient, by, at=datetime(2999, 1, 1, tzinfo=UTC))
    assert last_valid_day(patient.clinic, screening) < date(2999, 1, 1)


@pytest.mark.parametrize("people", [1, 30])
def test_many_people_cost_as_many_queries_as_one(clinic, by, people, django_assert_num_queries):
    ids = [a_patient(clinic, name=f"Person {number}").pk for number in range(people)]
    for pk in ids:
        one = clinic.patients.get(pk=pk)
        screened(one, by, days=9)
        screened(one, by, days=1, plan=FACE)
    with django_assert_num_queries(3):
        found = standing_screenings(clinic, ids, NOW)
    assert [found[pk, PLAN["treatment"]].stands for pk in ids] == [True] * people
