"""A list of operations and what a page that shows one of them open does to it. Nothing here loses an operation."""

from dataclasses import dataclass
from zlib import crc32

from screening.engine.answers import Operation

MOST_OPERATIONS = 10

Operations = tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What a page asked for. `position`: of the open operation, None for a new one or none (`is_open` tells which).

    `seen`: the mark of the list that the page showed. `action`: "add", "edit" or "remove" with the `target`, or "".
    """

    is_open: bool = False
    position: int | None = None
    seen: str = ""
    action: str = ""
    target: int = 0


@dataclass(frozen=True, slots=True)
class Merged:
    """The list afterwards. `place`: of the open operation in it, its length for a new one with nothing in it.

    `go_to`: which one a button asked to open, None when the page decides. `is_over`: the new one found no room.
    """

    operations: Operations
    place: int | None = None
    go_to: int | None = None
    is_over: bool = False


def mark(operations: Operations) -> str:
    """Return a short mark of a list: a page drawn from another list must not change this one by position."""
    return f"{crc32(repr(operations).encode()):08x}"


def is_empty(operation: Operation) -> bool:
    """Return whether there is nothing in an operation."""
    return operation.date is None and not operation.sites


def is_whole(operation: Operation) -> bool:
    """Return whether an operation has its date and its places."""
    return operation.date is not None and bool(operation.sites)


def first_in_part(operations: Operations) -> int | None:
    """Return the position of the first operation without its date or its places."""
    return next((place for place, operation in enumerate(operations) if not is_whole(operation)), None)


def opened(operations: Operations, wish: int | None) -> int | None:
    """Return the position of the operation that a page shows open, the list's length for a new one, None for none."""
    if wish is not None and 0 <= wish < len(operations):
        return wish
    if wish == len(operations) < MOST_OPERATIONS:
        return wish
    return first_in_part(operations) if operations else 0


def merge(kept: Operations, request: Request, written: Operation, *, keep_place: bool) -> Merged:
    """Return the list after a page was sent with `written` in its open operation.

    `keep_place`: something was typed there that could not be read, so the operation stays even with nothing in it.
    A page that was drawn from another list (a second tab, a second press) only ever adds to this one.
    """
    is_current = request.seen == mark(kept)
    removed = request.target if is_current and request.action == "remove" else None
    position = request.position if is_current else None
    left = [entry for place, entry in enumerate(kept) if place != removed]
    if not request.is_open or (removed is not None and removed == position):
        return Merged(tuple(left), None, _go_to(request, is_current, len(left)))
    if position is None or position >= len(kept):
        return _with_new(tuple(left), written, request, is_current)
    place = position - (removed is not None and removed < position)
    if is_empty(written) and not keep_place:
        del left[place]
        moved = request.target - (place < request.target)
        return Merged(tuple(left), None, _go_to(request, is_current, len(left), moved))
    left[place] = written
    return Merged(tuple(left), place, _go_to(request, is_current, len(left)))


def _with_new(left: Operations, written: Operation, request: Request, is_current: bool) -> Merged:
    if is_empty(written):
        return Merged(left, len(left), _go_to(request, is_current, len(left)))
    if written in left:
        return Merged(left, left.index(written), _go_to(request, is_current, len(left)))
    if len(left) >= MOST_OPERATIONS:
        return Merged(left, len(left), None, is_over=True)
    return Merged((*left, written), len(left), _go_to(request, is_current, len(left) + 1))


def _go_to(request: Request, is_current: bool, length: int, moved: int | None = None) -> int | None:
    if request.action == "add":
        return length
    if request.action == "edit" and is_current:
        return request.target if moved is None else moved
    return None
