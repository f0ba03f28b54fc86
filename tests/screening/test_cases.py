import pytest

from tests.screening.case_files import Case, cases, told, whole
from tests.screening.rule_set_one import screen


@pytest.mark.hazard("H-01", "H-03", "H-04")
@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_case_comes_out_as_the_catalogue_says(case: Case):
    outcome = screen(case.request)
    assert told(outcome, case.expected) == whole(case.expected, outcome["planned_sites"])
