"""What was measured, against what was promised, as a table and as JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """One result. `limit` must be kept and `aim` is hoped for; without a limit it only informs.

    `more`: more is better.
    """

    what: str
    value: float
    unit: str
    detail: str
    limit: float | None = None
    aim: float | None = None
    more: bool = False

    def verdict(self) -> str:
        if self.limit is None:
            return ""
        if self.aim is not None and self._within(self.aim):
            return "aim met"
        return "limit kept" if self._within(self.limit) else "MISSED"

    def _within(self, bound: float) -> bool:
        return self.value >= bound if self.more else self.value <= bound


def missed(lines: Iterable[Line]) -> bool:
    return any(line.verdict() == "MISSED" for line in lines)


def table(lines: Iterable[Line], notes: Iterable[str]) -> str:
    rows = [("measured", "result", "limit", "aim", "", "detail")]
    rows += [
        (
            line.what,
            f"{_number(line.value)} {line.unit}",
            _number(line.limit),
            _number(line.aim),
            line.verdict(),
            line.detail,
        )
        for line in lines
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    written = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    written.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*written, "", *notes, ""])


def keep(path: Path, lines: list[Line], notes: list[str]) -> None:
    """Keep the results as JSON at `path`, and the table beside it as text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    results = [asdict(line) | {"verdict": line.verdict()} for line in lines]
    path.write_text(json.dumps({"results": results, "notes": notes}, indent=2) + "\n")
    path.with_suffix(".txt").write_text(table(lines, notes))


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
