"""Rule set 1 as the engine reads it, straight from the fixture and without a database."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from screening.engine.canonical import canonical, digest_of
from screening.engine.content import read
from screening.engine.evaluate import evaluate
from screening.engine.request import read as read_request
from screening.engine.rule_set import RuleSet
from screening.engine.shape import complete

FIXTURE = Path(__file__).parent.parent.parent / "fixtures" / "rule-set-1.json"


@cache
def content_text() -> str:
    return canonical(complete(json.loads(FIXTURE.read_text())))


def content() -> dict[str, Any]:
    """A fresh copy, to be changed at will."""
    return json.loads(content_text())


@cache
def rule_set() -> RuleSet:
    return read(content(), digest_of(content_text()))


def screen(request: dict[str, Any], rules: RuleSet | None = None) -> dict[str, Any]:
    """The outcome of a request, as the command line prints it."""
    rules = rules or rule_set()
    read = read_request(rules, json.dumps(request), lambda: datetime(2026, 11, 20, 10, tzinfo=UTC))
    return evaluate(rules, read.answers, read.plan, read.at).to_json()
