"""The order of the catalogue, in which everything that is listed stands."""

from collections.abc import Collection, Iterable, Mapping


def in_order(codes: Collection[str], order: Mapping[str, int]) -> tuple[str, ...]:
    """Return `codes`, each once, in the catalogue's order: `order` gives the position of each."""
    return tuple(sorted(set(codes), key=order.__getitem__)) if len(codes) > 1 else tuple(codes)


def positions(codes: Iterable[str]) -> dict[str, int]:
    """Return the position of each of `codes`, which are in the catalogue's order."""
    return {code: position for position, code in enumerate(codes)}
