"""What the clinic sees is what was sent: as it was answered, gaps included, and as it came out then."""

from dataclasses import replace

import pytest

from clinic.screenings.received import received
from clinic.screenings.store import kept_case
from screening import rulesets
from screening.engine.answers import Plan
from screening.engine.outcome import Outcome
from screening.engine.request import RequestError
from screening.models import Rule, RuleSet
from screening.presentation import for_practitioner
from screening.rulesets import published
from tests.clinic.screenings.invented import a_case, a_clinic, a_sending

pytestmark = pytest.mark.django_db


def rows(found):
    return {row.wording: row for part in found.parts for row in part.rows}


def wording(code):
    return published().questions[code].wording


def without(case, *codes):
    return replace(case, answers={code: answer for code, answer in case.answers.items() if code not in codes})


def test_every_question_of_the_way_is_there_with_its_answer_in_words():
    case = a_case(hernia="yes", **{"hernia-kind": ["navel", "unsure"]})
    shown = rows(received(a_sending(clinic=a_clinic(), case=case)))
    assert shown[wording("hernia")].lines == ("Yes",)
    assert shown[wording("hernia-kind")].lines == ("At the belly button", "Not sure")
    asked = {wording(code) for code, answer in case.answers.items()}
    assert asked <= set(shown)


def test_answers_that_settle_nothing_or_speak_against_it_stand_out():
    shown = rows(received(a_sending(clinic=a_clinic(), case=a_case(hernia="yes", cancer="unsure"))))
    quiet = {code: shown[wording(code)].is_quiet for code in ("hernia", "cancer", "epilepsy")}
    assert quiet == {"hernia": False, "cancer": False, "epilepsy": True}


def test_what_was_not_answered_is_there_as_a_gap():
    shown = rows(received(a_sending(clinic=a_clinic(), case=without(a_case(), "hernia"))))
    assert (shown[wording("hernia")].lines, shown[wording("hernia")].is_open) == ((), True)
    assert shown[wording("epilepsy")].is_open is False


def test_what_staff_measure_is_no_gap_of_the_patients():
    shown = rows(received(a_sending(clinic=a_clinic())))
    by_staff = [question for question in published().questions.values() if question.asked_by == "staff"]
    assert by_staff
    assert not {question.wording for question in by_staff} & set(shown)


def test_outcome_is_the_stored_one_told_to_a_practitioner():
    case = a_case(hernia="yes")
    sending = a_sending(clinic=a_clinic(), case=case)
    outcome = Outcome.from_json(sending.screening.outcome)
    assert received(sending).told == for_practitioner(published(), outcome, case.plan)
    assert received(sending).goals == (published().goals["sport"].name,)


def test_self_check_made_by_a_retired_set_is_shown_in_that_sets_words():
    sending = a_sending(clinic=a_clinic())
    before = received(sending)
    RuleSet.objects.update(status=RuleSet.Status.RETIRED, retired_at=sending.sent_at)
    assert received(sending) == before


def test_nothing_is_told_by_rules_that_were_altered():
    sending = a_sending(clinic=a_clinic())
    Rule.objects.filter(code="hernia").update(grade="note")
    rulesets._frozen.cache_clear()
    assert received(sending) is None


def test_case_of_a_fixed_plan_keeps_what_the_suit_drives_besides():
    case = replace(a_case(), plan=Plan("ems-training", ("chest",), "consultation", ("sport",)))
    screening = a_sending(clinic=a_clinic(), case=case).screening
    again = kept_case(published(), screening)
    assert (again.plan, again.answers, again.at) == (case.plan, case.answers, case.at)


def test_stored_answer_that_cannot_be_read_is_named():
    screening = a_sending(clinic=a_clinic()).screening
    screening.answers["hernia"] = "perhaps"
    with pytest.raises(RequestError, match=r"answers\.hernia"):
        kept_case(published(), screening)
