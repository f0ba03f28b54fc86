"""A drawn signature: read as whole numbers in a box, and drawn again by us as the path of an SVG."""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

WIDTH, HEIGHT = 600, 200
MOST_STROKES, MOST_POINTS = 200, 4000
# A slip of the finger is no signature: so far has the pen to travel, in units of the box.
SHORTEST = 60

Strokes = list[list[list[int]]]


class StrokesError(ValueError):
    """What was sent is no drawn signature. The text says so to the person who signs."""


def read_strokes(sent: str) -> Strokes:
    """Return the strokes in JSON text, none for an empty one. Raises StrokesError for anything else."""
    if not sent.strip():
        return []
    try:
        strokes: Strokes = json.loads(sent)
    except (ValueError, RecursionError):
        raise StrokesError(str(_UNREADABLE)) from None
    if strokes == []:
        return []
    if not _is_drawn_in_the_box(strokes):
        raise StrokesError(str(_UNREADABLE))
    if _length(strokes) < SHORTEST:
        raise StrokesError(_("This is only a dot. Draw your signature, or clear it and type your name alone."))
    return strokes


_UNREADABLE = _("The drawing could not be read. Clear it and draw again, or type your name alone.")


def path_of(strokes: Strokes) -> str:
    """Return a drawn signature as the path of an SVG in its box; empty for a typed one."""
    return "".join(_line(stroke) for stroke in strokes)


def _line(stroke: list[list[int]]) -> str:
    # A stroke of one point is a dot: without a line to itself nothing of it would show.
    points = stroke if len(stroke) > 1 else [*stroke, *stroke]
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _is_drawn_in_the_box(strokes: Any) -> bool:
    if not isinstance(strokes, list) or len(strokes) > MOST_STROKES:
        return False
    if not all(isinstance(stroke, list) and stroke for stroke in strokes):
        return False
    points = [point for stroke in strokes for point in stroke]
    return len(points) <= MOST_POINTS and all(_is_point(point) for point in points)


def _is_point(point: Any) -> bool:
    # A truth is a whole number too, to Python.
    if not isinstance(point, list) or [type(one) for one in point] != [int, int]:
        return False
    x, y = (int(one) for one in point)
    return 0 <= x <= WIDTH and 0 <= y <= HEIGHT


def _length(strokes: Sequence[Sequence[Sequence[int]]]) -> int:
    return sum(
        abs(after[0] - before[0]) + abs(after[1] - before[1])
        for stroke in strokes
        for before, after in pairwise(stroke)
    )
