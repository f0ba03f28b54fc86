from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from clinic.consultations.correcting import correct
from clinic.consultations.intake import (
    NOTE,
    SITES,
    IntakeError,
    case_of,
    complete,
    drop,
    locked,
    open_intake,
    save_answers,
)
from clinic.consultations.intake_moving import renew
from clinic.consultations.models import Intake
from clinic.models import Event
from clinic.people.clinics import Membership
from clinic.screenings.models import AwaitingReview, Door, Review, Screening, VoidedScreening
from clinic.screenings.store import kept_case
from screening.engine.evaluate import evaluate
from screening.rulesets import NotScreenable, published
from tests.clinic.consultations.intakes import SITES as PLACES
from tests.clinic.consultations.intakes import TREATMENT, a_request, all_no, an_intake, kept
from tests.clinic.consultations.stored import a_screening, an_invited_sending
from tests.clinic.screenings.invented import a_case, a_member, a_patient

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture
def perry(clinic):
    return a_member(clinic, Membership.Role.PRACTITIONER, "perry")


@pytest.fixture
def sol(clinic):
    return a_member(clinic, Membership.Role.SUPERVISOR, "sol")


def finish(intake, person):
    membership = Membership.objects.select_related("clinic").get(user=person)
    return complete(intake, membership=membership, request=a_request(person))


def whole(clinic, by, **given):
    return an_intake(clinic, by, **({"answers": all_no(), "sites": PLACES} | given))


def test_a_second_opening_goes_on_with_the_one_draft(clinic, perry, sol):
    intake = an_intake(clinic, perry)
    again = open_intake(clinic=clinic, patient=intake.patient, treatment=TREATMENT, by=sol)
    assert (again.pk, again.opened_by) == (intake.pk, perry)
    assert list(Event.objects.values_list("action", "about")) == [("intake opened", f"intake {intake.pk}")]


def test_another_treatment_has_a_draft_of_its_own(clinic, perry):
    intake = an_intake(clinic, perry)
    other = open_intake(clinic=clinic, patient=intake.patient, treatment="facial-ems", by=perry)
    assert other.pk != intake.pk


@pytest.mark.parametrize("treatment", ["iontophoresis", "magic"])
def test_a_treatment_without_rules_opens_nothing(clinic, perry, treatment):
    with pytest.raises(IntakeError, match="no rules"):
        open_intake(clinic=clinic, patient=a_patient(clinic), treatment=treatment, by=perry)


def test_a_draft_for_something_else_is_not_taken_over(clinic, perry):
    sending = an_invited_sending(clinic)
    patient = sending.screening.patient
    an_intake(clinic, perry, patient=patient)
    with pytest.raises(IntakeError, match="in the making"):
        an_intake(clinic, perry, patient=patient, sending=sending, door=Door.REVIEW)


def test_a_draft_of_a_review_goes_on_when_asked_for_again(clinic, perry):
    sending = an_invited_sending(clinic)
    first = an_intake(clinic, perry, patient=sending.screening.patient, sending=sending, door=Door.REVIEW)
    again = an_intake(clinic, perry, patient=sending.screening.patient, sending=sending, door=Door.REVIEW)
    assert again.pk == first.pk


def test_another_clinics_draft_is_not_there(clinic, elsewhere, perry):
    intake = an_intake(clinic, perry)
    with pytest.raises(Intake.DoesNotExist):
        locked(elsewhere, intake.pk)


def test_without_a_place_there_is_no_outcome_whatever_is_answered(clinic, perry):
    case = case_of(whole(clinic, perry, sites=[]), NOW)
    assert case.outcome is None


def test_a_place_that_is_not_of_the_treatment_is_no_place(clinic, perry):
    case = case_of(whole(clinic, perry, sites=["cheek-left", "nowhere"]), NOW)
    assert (case.plan.sites, case.outcome) == ((), None)


def test_the_outcome_of_an_unfinished_intake_is_undetermined(clinic, perry):
    case = case_of(an_intake(clinic, perry, sites=PLACES), NOW)
    assert case.outcome.outcome == "undetermined"
    assert "pregnant" in case.outcome.missing


def test_the_suit_takes_its_places_from_treatment_and_clinic(clinic, perry):
    clinic.suit_sites = ["chest"]
    intake = open_intake(clinic=clinic, patient=a_patient(clinic), treatment="ems-training", by=perry)
    assert case_of(intake, NOW).plan.sites == ("chest",)
    assert case_of(intake, NOW).outcome.outcome == "undetermined"


@pytest.mark.hazard("H-04")
def test_an_answer_that_the_rules_cannot_read_counts_as_none(clinic, perry):
    intake = whole(clinic, perry, answers=all_no() | {"pregnant": "perhaps", "nothing-of-ours": "no"})
    case = case_of(intake, NOW)
    assert case.outcome.missing == ("pregnant",)
    assert case.answers.keys() == all_no().keys() - {"pregnant"}


def test_a_change_is_marked_with_who_when_and_revision(clinic, perry, sol):
    intake = an_intake(clinic, perry, sites=PLACES)
    save_answers(intake, {"pregnant": "no", f"{NOTE}pregnant": "by her word"}, by=sol, now=NOW)
    mark = {"by": "Sol", "at": NOW.isoformat(), "revision": 2}
    found = kept(intake)
    assert (found.answers, found.notes) == ({"pregnant": "no"}, {"pregnant": "by her word"})
    assert found.marks == {"pregnant": mark, "note.pregnant": mark}
    assert (found.revision, found.changed_by, found.changed_at) == (2, sol, NOW)


def test_nothing_changed_is_no_revision(clinic, perry):
    intake = an_intake(clinic, perry)
    save_answers(intake, {}, by=perry, now=NOW)
    assert kept(intake).revision == 1


def test_an_answer_that_was_taken_back_is_none(clinic, perry):
    intake = whole(clinic, perry)
    save_answers(intake, {"pregnant": None}, by=perry, now=NOW)
    assert "pregnant" not in kept(intake).answers
    assert case_of(intake, NOW).outcome.missing == ("pregnant",)


def test_an_answer_goes_with_the_question_that_is_asked_no_more(clinic, perry):
    intake = whole(clinic, perry)
    save_answers(intake, {"hypertension": "yes", "hypertension-controlled": "yes"}, by=perry, now=NOW)
    assert kept(intake).answers["hypertension-controlled"] == "yes"
    save_answers(intake, {"hypertension": "no"}, by=perry, now=NOW)
    save_answers(intake, {"hypertension": "yes"}, by=perry, now=NOW)
    assert "hypertension-controlled" not in kept(intake).answers
    assert "hypertension-controlled" not in kept(intake).marks
    assert case_of(intake, NOW).outcome.missing == ("hypertension-controlled",)


def test_taking_every_place_away_drops_no_answer(clinic, perry):
    intake = whole(clinic, perry)
    save_answers(intake, {SITES: []}, by=perry, now=NOW)
    assert kept(intake).answers == all_no()


def test_a_stored_screening_is_what_the_draft_said_and_who_stands_behind_it(clinic, perry, sol):
    intake = whole(clinic, perry, goals=["sport"])
    save_answers(intake, {f"{NOTE}heart-device": "scar shown, no device"}, by=perry, now=NOW)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        screening = finish(intake, sol)
    screening.refresh_from_db()
    assert (screening.by, screening.role, screening.door) == (sol, "supervisor", Door.INTAKE)
    assert (screening.answers, screening.plan["sites"], screening.plan["goals"]) == (all_no(), PLACES, ["sport"])
    assert screening.outcome["outcome"] == "clear"
    assert screening.notes == {"heart-device": "scar shown, no device"}
    assert screening.answered_at == NOW + timedelta(hours=1)
    assert not Intake.objects.exists()
    assert [event.about for event in Event.objects.filter(action="screening stored")] == [f"screening {screening.pk}"]


@pytest.mark.hazard("H-03")
def test_what_was_not_answered_screens_as_undetermined(clinic, perry):
    answers = {code: value for code, value in all_no().items() if code != "pregnant"}
    screening = finish(whole(clinic, perry, answers=answers), perry)
    assert (screening.outcome["outcome"], screening.outcome["missing"]) == ("undetermined", ["pregnant"])


def test_nothing_is_stored_without_a_place(clinic, perry):
    intake = whole(clinic, perry, sites=[])
    with pytest.raises(IntakeError, match="at least one place"):
        finish(intake, perry)
    assert (Screening.objects.count(), Intake.objects.count()) == (0, 1)


@pytest.mark.hazard("H-05")
def test_a_screening_is_as_old_as_its_oldest_answer(clinic, perry):
    intake = an_intake(clinic, perry, sites=PLACES)
    save_answers(intake, {"heart-device": "no"}, by=perry, now=NOW - timedelta(days=20))
    save_answers(intake, {code: value for code, value in all_no().items() if code != "heart-device"}, by=perry, now=NOW)
    with time_machine.travel(NOW, tick=False):
        screening = finish(intake, perry)
    assert (screening.answered_at, screening.oldest_at) == (NOW, NOW - timedelta(days=20))


@pytest.mark.hazard("H-05")
def test_a_reading_of_another_day_stands_for_no_answer(clinic, perry):
    harmless = {"systolic": 120, "diastolic": 80}
    answers = all_no(hypertension="yes") | {"blood-pressure": harmless, "temperature": 36.6}
    intake = an_intake(clinic, perry, sites=PLACES)
    save_answers(intake, answers, by=perry, now=NOW)
    assert case_of(intake, NOW + timedelta(hours=3)).outcome.missing == ()
    save_answers(intake, {"heart-device": "no"}, by=perry, now=NOW + timedelta(days=1))
    case = case_of(intake, NOW + timedelta(days=1))
    assert {"blood-pressure", "temperature"}.isdisjoint(case.answers)
    assert (case.outcome.outcome, case.outcome.missing) == ("undetermined", ("hypertension-controlled",))
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert finish(intake, perry).outcome["missing"] == ["hypertension-controlled"]


@pytest.mark.parametrize("reading", [{"blood-pressure": {"systolic": 160, "diastolic": 90}}, {"temperature": 38.0}])
def test_a_reading_that_speaks_against_it_stays_until_another_is_taken(clinic, perry, reading):
    intake = an_intake(clinic, perry, sites=PLACES)
    save_answers(intake, all_no() | reading, by=perry, now=NOW)
    tomorrow = NOW + timedelta(days=1)
    outcome = case_of(intake, NOW).outcome
    assert outcome.outcome != "clear"
    assert case_of(intake, tomorrow).outcome.findings == outcome.findings


def test_a_correction_takes_over_no_reading_of_another_day(clinic, perry):
    case = a_case(**{"hypertension": "yes", "blood-pressure": {"systolic": 120, "diastolic": 80}})
    wrong = a_screening(a_patient(clinic), by=perry, at=NOW, case=case)
    assert wrong.outcome["missing"] == []
    intake = correct(wrong, "The stones are his brother’s.", by=perry)
    assert case_of(intake, NOW).outcome.missing == ()
    assert case_of(intake, NOW + timedelta(days=1)).outcome.missing == ("hypertension-controlled",)


@pytest.mark.hazard("H-22")
def test_a_paper_form_was_answered_when_it_was_filled_in(clinic, perry):
    filled_in = NOW - timedelta(days=2)
    intake = an_intake(clinic, perry, sites=PLACES, door=Door.PAPER, answered_at=filled_in)
    save_answers(intake, all_no(), by=perry, now=NOW)
    with time_machine.travel(NOW, tick=False):
        screening = finish(intake, perry)
    assert (screening.door, screening.answered_at, screening.oldest_at) == (Door.PAPER, filled_in, filled_in)
    assert screening.recorded_at == NOW
    assert screening.plan["at"] == filled_in.isoformat()


def test_a_review_ends_the_wait_and_keeps_what_was_changed(clinic, perry):
    sending = an_invited_sending(clinic)
    patient = sending.screening.patient
    intake = whole(clinic, perry, patient=patient, sending=sending, door=Door.REVIEW)
    now = clinic.now()
    save_answers(intake, {"gallstones": "yes"}, by=perry, now=now)
    screening = finish(intake, perry)
    assert not AwaitingReview.objects.exists()
    assert Review.objects.get().screening == screening
    assert (screening.based_on, screening.door) == (sending.screening, Door.REVIEW)
    assert screening.changes == {"gallstones": {"was": "no", "by": "Perry", "at": now.isoformat()}}
    assert screening.oldest_at == sending.screening.begun_at


def test_a_self_check_that_was_dealt_with_meanwhile_is_not_reviewed_twice(clinic, perry):
    sending = an_invited_sending(clinic)
    intake = whole(clinic, perry, patient=sending.screening.patient, sending=sending, door=Door.REVIEW)
    AwaitingReview.objects.all().delete()
    with pytest.raises(IntakeError, match="dealt with"):
        finish(intake, perry)
    assert (Intake.objects.count(), Screening.objects.filter(stage="consultation", by=perry).count()) == (1, 0)


def test_a_correction_points_at_what_it_replaces_and_stays_as_old(clinic, perry):
    patient = a_patient(clinic)
    wrong = a_screening(patient, by=perry, at=NOW - timedelta(days=30))
    intake = whole(clinic, perry, patient=patient, corrects=wrong, why="The stones are his brother’s.")
    screening = finish(intake, perry)
    assert (screening.corrects, screening.why) == (wrong, "The stones are his brother’s.")
    assert screening.oldest_at == wrong.answered_at


def test_what_was_struck_out_meanwhile_is_not_corrected(clinic, perry):
    patient = a_patient(clinic)
    wrong = a_screening(patient, by=perry)
    intake = whole(clinic, perry, patient=patient, corrects=wrong, why="A slip.")
    VoidedScreening(screening=wrong, why="Another person’s answers.", by=perry).save(force_insert=True)
    with pytest.raises(IntakeError, match="struck out"):
        finish(intake, perry)
    assert Screening.objects.count() == 1


def test_a_draft_by_rules_that_are_not_in_force_is_brought_to_those_that_are(clinic, perry):
    intake = whole(clinic, perry)
    Intake.objects.update(rule_set=["rule-set", "0", "not-the-digest"])
    intake = kept(intake)
    with pytest.raises(IntakeError, match="rules have changed"):
        finish(intake, perry)
    assert case_of(intake, NOW).answers == {}
    renew(intake, NOW)
    found = kept(intake)
    assert (found.answers, found.sites, found.revision) == ({}, [], 2)
    assert found.rule_set == [published().code, published().version, published().digest]
    assert set(found.marks["rules"]["asked"]) == set(published().questions)


def test_a_draft_by_the_rules_in_force_stays_as_it_is(clinic, perry):
    intake = whole(clinic, perry)
    renew(intake, NOW)
    assert (kept(intake).answers, kept(intake).revision) == (all_no(), 1)


def test_a_dropped_draft_leaves_only_that_it_was_dropped(clinic, perry):
    intake = whole(clinic, perry)
    drop(intake, a_request(perry))
    assert (Intake.objects.count(), Screening.objects.count()) == (0, 0)
    assert Event.objects.filter(action="intake dropped", actor=perry).count() == 1


def test_storing_reads_three_times_and_no_rule_content(clinic, perry, django_assert_num_queries):
    membership = Membership.objects.select_related("clinic").get(user=perry)
    published()
    complete(whole(clinic, perry), membership=membership, request=a_request(perry))
    intake = whole(clinic, perry, patient=a_patient(clinic, name="Bo Sample"))
    with django_assert_num_queries(7) as asked:
        complete(intake, membership=membership, request=a_request(perry))
    reads = [query["sql"] for query in asked.captured_queries if query["sql"].startswith("SELECT")]
    assert len(reads) == 2
    assert not any('"screening_rule"' in sql or "content" in sql for sql in reads)


@pytest.mark.hazard("H-37")
def test_stored_answers_give_the_same_outcome_again(clinic, perry):
    screening = finish(whole(clinic, perry, answers=all_no(gallstones="yes")), perry)
    case = kept_case(published(), screening)
    assert evaluate(published(), case.answers, case.plan, case.at).to_json() == screening.outcome


def test_without_rules_nothing_is_opened(clinic, perry, monkeypatch):
    def none():
        raise NotScreenable("No rule set is published.")

    monkeypatch.setattr("clinic.consultations.intake.published", none)
    with pytest.raises(NotScreenable):
        an_intake(clinic, perry)
