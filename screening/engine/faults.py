"""What is wrong with a request, in lines that name the place and the reason, whatever came from outside."""

import json
import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

LONGEST = 60
_PLAIN_KEY = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST}}}\Z")


class Faults:
    """The faults of one request: `place: reason`, one line of printable ASCII each."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, place: str, reason: str) -> None:
        """Add a fault. `place` is made with `inside`, and what `reason` shows from outside with `shown`."""
        self.lines.append(f"{place}: {reason}")


def shown(value: Any) -> str:
    """Return a value from outside as it stands in a message: one short line of printable ASCII.

    A text stands without its quotes, unless they show what would not be seen without them.
    """
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    if not isinstance(value, str):
        return json.dumps(value)
    in_quotes = quoted(value)
    return (in_quotes if in_quotes[1:-1] != value or value != value.strip() else value) or "an empty text"


def inside(place: str, key: str | int) -> str:
    """Return the place of a key or position in another place (none: in the request), whatever the key is made of."""
    if isinstance(key, int):
        return f"{place}[{key}]"
    named = key if _PLAIN_KEY.match(key) else quoted(key)
    return f"{place}.{named}" if place else named


def like(codes: Iterable[str]) -> str:
    """Return how to write a code that is one of many."""
    return f"use a code such as {' or '.join(islice(codes, 2))}"


def quoted(text: str) -> str:
    """Return a text from outside in quotes, as one short line of printable ASCII."""
    inner = json.dumps(text)[1:-1]
    return f'"{inner if len(inner) <= LONGEST else inner[: LONGEST - 3] + "..."}"'
