"""What a plan may hold before anything is answered."""

from datetime import UTC, datetime

import pytest

from screening.engine.planning import barred_for_good, goals_for
from tests.screening.rule_set_one import rule_set

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_only_what_is_barred_for_good_is_barred_before_an_answer():
    barred = barred_for_good(rule_set(), "body-microcurrent", ("throat", "abdomen"), NOON)
    assert {site: finding.grade for site, finding in barred.items()} == {"throat": "site"}


@pytest.mark.parametrize(
    ("sites", "areas"),
    [
        (("chin",), {"any", "face"}),
        (("abdomen",), {"any", "body"}),
        (("neck-back",), {"any", "face", "body"}),
        (("chin", "abdomen"), {"any", "face", "body"}),
        ((), {"any"}),
    ],
)
def test_goals_go_with_the_part_of_the_body_that_is_planned(sites, areas):
    assert {goal.area for goal in goals_for(rule_set(), sites)} == areas
