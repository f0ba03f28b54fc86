"""A text as a QR code that a page draws itself: no picture file, no markup made elsewhere."""

from dataclasses import dataclass
from itertools import groupby

import segno

# The quiet zone that readers need on every side.
BORDER = 4


@dataclass(frozen=True, slots=True)
class QrCode:
    """The dark squares as one path of an SVG, each square one unit wide, the quiet zone included in `size`."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """Return `text` as a QR code that can still be read when a part of it is covered."""
    rows = list(segno.make(text, error="m", micro=False).matrix)
    runs = [run for y, row in enumerate(rows, BORDER) for run in _runs(row, y)]
    return QrCode(size=len(rows) + 2 * BORDER, path="".join(runs))


def _runs(row: bytearray, y: int) -> list[str]:
    """Return the dark stretches of a row, each as a rectangle."""
    runs, x = [], BORDER
    for is_dark, squares in groupby(row):
        length = len(list(squares))
        if is_dark:
            runs.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return runs
