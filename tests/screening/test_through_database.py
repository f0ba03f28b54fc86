"""The same cases through rows, content and the database: equal to what the fixture alone gives."""

import json

import pytest

from screening.models import RuleSet
from screening.rulesets import published
from tests.screening.case_files import Case, cases
from tests.screening.rule_set_one import content_text, rule_set, screen

pytestmark = pytest.mark.django_db


def test_published_content_is_the_completed_fixture():
    assert RuleSet.objects.get().content == content_text()


def test_every_case_comes_out_the_same_as_without_a_database():
    rules = published()
    different = [case.id for case in cases() if screen(case.request, rules) != screen(case.request)]
    assert different == []


@pytest.mark.parametrize("case", cases()[:1], ids=lambda case: case.id)
def test_outcome_names_the_version_and_digest_of_the_database(case: Case):
    row = RuleSet.objects.get()
    named = {"code": row.code, "version": row.version, "digest": row.digest}
    assert screen(case.request, published())["rule_set"] == named


def test_rule_set_of_the_database_equals_that_of_the_fixture():
    assert published() == rule_set()
    assert json.loads(content_text())["version"] == published().version
