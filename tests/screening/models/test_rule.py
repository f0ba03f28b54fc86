"""Drafts are validated when saved: what could not be evaluated is refused with the reason."""

import pytest
from django.core.exceptions import ValidationError

from screening.models import Criterion, Group, Question, Rule, RuleSet

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> RuleSet:
    rule_set = RuleSet(
        code="draft", version="1", limits={"temperature-fever": "38.0"}, sections=[{"code": "head", "title": "Head"}]
    )
    rule_set.save()
    return rule_set


def question(draft, code="headache", **fields) -> Question:
    words = {"wording": "Does your head hurt?", "help": "Now.", "why": "We look after you.", "section": "head"}
    yes_no = [{"code": "yes", "label": "Yes", "open": False}, {"code": "no", "label": "No", "open": False}]
    row = Question(
        **{"rule_set": draft, "position": 0, "code": code, "order": 1, "kind": "choice", "choices": yes_no}
        | words
        | fields
    )
    row.save()
    return row


def group(draft) -> Group:
    wordings = ("practitioner_wording", "patient_wording", "practitioner_unresolved", "patient_unresolved")
    rule = Rule(
        rule_set=draft,
        position=0,
        code="headache",
        title="Headache",
        grade="refer",
        settle="It stops.",
        next_step="Rest.",
        **dict.fromkeys(wordings, "A headache."),
    )
    rule.save()
    row = Group(rule=rule, position=0)
    row.save()
    return row


def refusal(**fields) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        Criterion(**{"position": 0, "operator": "is", "value": ["yes"]} | fields).save()
    return refused.value.messages


def test_criterion_that_fits_is_saved(draft):
    Criterion(group=group(draft), position=0, question=question(draft), operator="is", value=["yes"]).save()
    assert Criterion.objects.filter(group__rule__rule_set=draft).count() == 1


def test_unknown_operator_is_refused(draft):
    messages = refusal(group=group(draft), question=question(draft), operator="equals")
    assert messages[0] == "Value 'equals' is not a valid choice."


def test_value_that_is_no_choice_of_the_question_is_refused(draft):
    assert refusal(group=group(draft), question=question(draft), value=["maybe"]) == [
        "'maybe' is not one of its choices"
    ]


def test_operator_that_cannot_read_the_question_is_refused(draft):
    messages = refusal(group=group(draft), question=question(draft), operator="marked", value=None)
    assert messages == ["operator 'marked' reads sites, but headache is a choice"]


def test_criterion_without_the_question_it_needs_is_refused(draft):
    assert refusal(group=group(draft)) == ["operator 'is' needs a question"]


def test_limit_that_the_set_does_not_have_is_refused(draft):
    measured = question(draft, "temperature", kind="number", choices=[], ranges={"value": [30, 45]})
    messages = refusal(group=group(draft), question=measured, operator="at-least", value={"value": "fever"})
    assert messages == ["value 'fever' is not a limit"]


def test_question_of_another_set_is_refused(draft):
    stranger = Question.objects.get(rule_set__code="ems", code="hernia")
    assert refusal(group=group(draft), question=stranger) == ["hernia is not a question of rule set draft 1."]


def test_group_belongs_to_a_rule_or_a_question_and_not_to_both(draft):
    of_rule = group(draft)
    of_rule.question = question(draft)
    with pytest.raises(ValidationError) as refused:
        of_rule.save()
    assert refused.value.messages == ["A group belongs to a rule or to a question, and to one of them only."]


@pytest.mark.parametrize(
    ("fields", "messages"),
    [
        ({"choices": ["yes"]}, ["choices: is not a list"]),
        ({"choices": [{"code": "yes", "label": "Yes"}]}, ["choices[0].open: is missing"]),
        ({"treatments": "emface"}, ["treatments: is not a list of codes"]),
        ({"ranges": [30, 45]}, ["ranges: is not a table"]),
    ],
)
def test_question_with_a_column_that_content_could_not_hold_is_refused(draft, fields, messages):
    with pytest.raises(ValidationError) as refused:
        question(draft, **fields)
    assert refused.value.messages == messages


def test_limit_that_is_no_number_is_refused():
    with pytest.raises(ValidationError) as refused:
        RuleSet(
            code="draft", version="1", limits={"meal-minutes": "soon"}, sections=[{"code": "head", "title": "Head"}]
        ).save()
    assert refused.value.messages == ["meal-minutes: 'soon' is not a number; write 9 or \"38.0\""]
