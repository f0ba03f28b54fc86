"""A plugin of pytest: runs each test of a switch with its control taken away, and writes down how it ended.

`-p tests.hazards.switched`, with SWITCHED naming the file that the endings go to, as JSON by node id.
"""

import json
import os
from pathlib import Path

import pytest

ENDINGS = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    from tests.hazards.switches import SWITCHES

    # What the fixtures laid is as it was: the control is gone for the test alone.
    with pytest.MonkeyPatch.context() as monkeypatch:
        for switch in SWITCHES.values():
            if item.nodeid.startswith(switch.test):
                switch.off(monkeypatch)
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call" or report.failed:
        ENDINGS[item.nodeid] = type(call.excinfo.value).__name__ if call.excinfo else "passed"
    return report


def pytest_sessionfinish():
    Path(os.environ["SWITCHED"]).write_text(json.dumps(ENDINGS), encoding="utf-8")
