"""Which questions are asked again before every session, and what that field means for sets published before it came."""

import json

import pytest

from screening import rulesets
from screening.engine.canonical import canonical, digest_of
from screening.models import RuleSet
from screening.rulesets import NotScreenable, published

CAN_CHANGE_FROM_DAY_TO_DAY = {
    "pregnant", "viral-illness", "fever", "temperature", "bleeding", "bleeding-explained", "purulent-inflammation",
    "sepsis", "thrombophlebitis", "skin-problem", "skin-problem-sites", "skin-problem-kinds", "broken-bone",
    "broken-bone-sites", "recent-surgery", "surgeries", "sore-vein", "sore-vein-sites", "sore-vein-diagnosed",
    "recent-procedure", "recent-procedure-kind", "recent-procedure-date", "breast-lumps", "breast-doctor",
    "blood-pressure",
}  # fmt: skip


@pytest.mark.hazard("H-05")
@pytest.mark.django_db
def test_what_the_catalogue_calls_changeable_is_asked_afresh_and_nothing_else():
    assert {code for code, question in published().questions.items() if question.afresh} == CAN_CHANGE_FROM_DAY_TO_DAY


@pytest.mark.hazard("H-05")
@pytest.mark.django_db
def test_a_set_published_before_the_field_came_is_read_and_asks_everything_afresh():
    as_published_then(RuleSet.objects.get())
    assert {question.afresh for question in published().questions.values()} == {True}


@pytest.mark.django_db
def test_a_set_published_before_the_field_came_is_refused_when_its_rows_say_more():
    as_published_then(RuleSet.objects.get())
    RuleSet.objects.get().questions.filter(code="fever").update(afresh=True)
    rulesets._frozen.cache_clear()
    with pytest.raises(NotScreenable, match=r"questions\.fever\.afresh"):
        published()


def as_published_then(row):
    content = json.loads(row.content)
    for question in content["questions"]:
        del question["afresh"]
    row.questions.update(afresh=False)
    RuleSet.objects.filter(pk=row.pk).update(content=canonical(content), digest=digest_of(canonical(content)))
    rulesets._frozen.cache_clear()
