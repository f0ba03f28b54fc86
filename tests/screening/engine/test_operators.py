"""A measurement and a limit are compared as they are written, also where floats have no such number."""

import pytest

from screening.engine.content import read
from tests.screening.case_files import AT
from tests.screening.rule_set_one import content, screen


@pytest.mark.parametrize("written", ["37.6", "37.7", "37.8", "37.9", "38.0", "38.1", "38.2", "38.3"])
def test_a_temperature_written_like_the_limit_reaches_it(written: str):
    changed = content()
    changed["limits"]["temperature-fever"] = written
    request = {"treatment": "facial-ems", "sites": ["cheek-left"], "at": AT, "answers": {"temperature": float(written)}}
    findings = screen(request, read(changed, "0" * 64))["findings"]
    assert [(finding["rule"], finding["status"]) for finding in findings] == [("fever", "met")]


@pytest.mark.parametrize("written", ["44.8", "44.9", "45.0", "45.1"])
def test_a_temperature_written_like_the_end_of_its_range_is_in_it(written: str):
    changed = content()
    changed["questions"] = [
        question | {"ranges": {"value": [written, written]}} if question["code"] == "temperature" else question
        for question in changed["questions"]
    ]
    request = {"treatment": "facial-ems", "sites": ["cheek-left"], "at": AT, "answers": {"temperature": float(written)}}
    assert screen(request, read(changed, "0" * 64))["missing"] != []
