"""Requests that cannot be screened, and some that only look so: `tests/cases/malformed.json`.

A row has `request` (any JSON value), `text` (raw; a list holds pieces, one repeated so many times as [piece, times]) or
`bytes` (in hexadecimal), and `faults`: the exact lines, none where the request is accepted.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.screening.case_files import FOLDER

_KEY = r'(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*")'
# `place: reason`, on one line of printable ASCII.
LINE = re.compile(rf"{_KEY}(?:\.{_KEY}|\[[0-9]+\])*: [ -~]*[!-~]\Z")


@dataclass(frozen=True)
class Malformed:
    id: str
    text: bytes
    faults: list[str]


def now() -> datetime:
    """When the requests without `at` are read."""
    return datetime(2026, 11, 20, 10, tzinfo=UTC)


def malformed() -> list[Malformed]:
    rows = json.loads((FOLDER / "malformed.json").read_text())
    return [Malformed(row["id"], _text(row), row["faults"]) for row in rows]


def _text(row: dict[str, Any]) -> bytes:
    if "bytes" in row:
        return bytes.fromhex(row["bytes"])
    if "request" in row:
        return json.dumps(row["request"]).encode()
    pieces = [row["text"]] if isinstance(row["text"], str) else row["text"]
    return "".join(piece if isinstance(piece, str) else piece[0] * piece[1] for piece in pieces).encode()
