"""Other treatments: also barred, still to be asked about, or as they come out; never possible on half the answers."""

import pytest

from screening.engine.answers import Plan
from screening.engine.content import read
from screening.engine.evaluate import evaluate
from screening.engine.flow import plannable, questions_asked
from screening.presentation import others
from tests.screening.presented import OFFERED, every_case, healthy, screened
from tests.screening.rule_set_one import content, rule_set

HEALTHY = healthy("cheek-left")
ALWAYS_ASKED = [
    question.code for question in questions_asked(rule_set(), HEALTHY.plan, {}, HEALTHY.at) if question.required
]


def by_code(case, **options):
    return {other.code: other for other in case.others(**options)}


def plan_of(case, code):
    """The other plan, worked out here on its own."""
    treatment = rule_set().treatments[code]
    sites = () if treatment.plan == "fixed" else case.outcome.planned_sites
    valid = plannable(rule_set(), treatment)
    return Plan(code, tuple(site for site in sites if site in valid), case.plan.stage, case.plan.goals)


def test_nothing_is_told_of_a_treatment_whose_questions_were_not_all_asked():
    for case in every_case():
        for other in case.others():
            theirs = plan_of(case, other.code)
            outcome = evaluate(rule_set(), case.answers, theirs, case.at)
            if other.state != "barred":
                assert (other.state == "questions") == bool(outcome.missing or not outcome.planned_sites), case.id
            if other.state == "questions":
                assert (other.outcome, other.told, other.label) == ("", "", ""), case.id
                assert other.questions >= len(outcome.missing), case.id


def test_a_treatment_is_barred_exactly_where_a_finding_bars_it():
    for case in every_case():
        for other in case.others():
            outcome = evaluate(rule_set(), case.answers, plan_of(case, other.code), case.at).outcome
            bars = outcome in {"contraindicated", "not-advised", "deferred"}
            assert (other.state == "barred") == bars == bool(other.because), (case.id, other.code)


@pytest.mark.parametrize("code", ALWAYS_ASKED)
def test_one_question_less_and_nothing_is_told(code):
    assert {other.state for other in healthy("cheek-left", without=(code,)).others()} == {"questions"}


def test_without_any_answer_every_treatment_has_questions():
    case = screened({"treatment": "facial-ems", "sites": ["cheek-left"]})
    assert {other.state for other in case.others()} == {"questions"}


def test_an_optional_question_that_was_put_and_left_empty_holds_nothing_up():
    case = healthy("cheek-left", chronic_disease="yes")
    assert by_code(case)["facial-microcurrent"].state == "outcome"


def test_an_optional_question_that_was_never_put_counts_as_not_asked():
    changed = content()
    told = next(question for question in changed["questions"] if question["code"] == "anything-else-details")
    changed["questions"].append(
        told | {"code": "microcurrent-details", "order": 9999, "treatments": ["facial-microcurrent"], "when": []}
    )
    case, rules = healthy("cheek-left"), read(changed, "another")
    (other,) = others(rules, ["facial-microcurrent"], case.plan, case.answers, case.at)
    assert (other.state, other.questions) == ("questions", 1)


def test_what_speaks_against_one_speaks_against_the_others_by_name():
    found = by_code(healthy("cheek-left", epilepsy="yes", fever="yes"))
    assert {other.state for other in found.values()} == {"barred"}
    assert found["body-myostimulation"].because == ("Epilepsy or a fit",)
    assert found["body-myostimulation"].label == "Not for you"


def test_a_contraindication_bars_the_others_though_questions_are_open():
    case = screened({"treatment": "facial-ems", "sites": ["cheek-left"], "answers": {"heart-device": "yes"}})
    assert {other.state for other in case.others()} == {"barred"}


def test_places_carry_over_where_they_are_places_of_the_other():
    found = by_code(healthy("cheek-left", "neck-back"))
    assert found["facial-microcurrent"].sites == ("left cheek", "back of the neck")
    assert found["body-microcurrent"].sites == ("back of the neck",)
    assert by_code(healthy("cheek-left"))["body-microcurrent"].needs_places


def test_places_that_bar_the_other_are_named():
    other = by_code(healthy("cheek-left", skin_problem="yes", skin_problem_sites=["cheek-left"]))["facial-microcurrent"]
    assert (other.state, other.because, other.sites) == ("barred", ("Inflamed or damaged skin",), ("left cheek",))


def test_the_suit_is_looked_at_with_the_places_that_the_clinic_adds():
    case = healthy("cheek-left")
    assert by_code(case)["ems-training"].told == "Nothing you told us speaks against it"
    with_chest = by_code(case, suit_sites=("chest",))["ems-training"]
    assert (with_chest.state, with_chest.questions) == ("questions", 2)


def test_only_other_treatments_that_are_offered_are_told_of():
    codes = [other.code for other in healthy("cheek-left").others()]
    assert codes == [code for code in OFFERED if code not in ("facial-ems", "iontophoresis")]


def test_treatments_of_which_the_same_is_told_are_alike():
    found = healthy("cheek-left", epilepsy="yes").others()
    assert len({other.alike for other in found}) == 1
    assert {(other.tone, other.icon) for other in found} == {("contraindicated", "x-octagon")}
    assert {(other.tone, other.icon) for other in screened({"treatment": "ems-training"}).others()} == {
        ("undetermined", "question-circle")
    }
