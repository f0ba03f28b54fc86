"""What a mark on the body reaches (rule catalogue, section 3)."""

from collections.abc import Collection, Mapping, Sequence

from screening.engine.order import in_order
from screening.engine.rule_set import Site


class Reach:
    """What marks on the body bar together. `by_mark`: what a mark on each site bars; of a site not there: nothing."""

    def __init__(self, by_mark: Mapping[str, Collection[str]], order: Mapping[str, int]) -> None:
        self._order = order
        self._by_mark = {mark: in_order(sites, order) for mark, sites in by_mark.items()}

    def sites(self, marks: Sequence[str]) -> tuple[str, ...]:
        """Return the sites that `marks` bar, in catalogue order."""
        if len(marks) == 1:
            return self._by_mark.get(marks[0], ())
        return in_order([site for mark in marks for site in self._by_mark.get(mark, ())], self._order)


def marked_places(sites: Mapping[str, Site]) -> dict[str, frozenset[str]]:
    """Return, for a mark on each site, the sites it counts on: itself and its neighbours."""
    return {code: frozenset({code, *site.neighbours}) for code, site in sites.items()}


def broken_segments(sites: Mapping[str, Site]) -> dict[str, frozenset[str]]:
    """Return, for a break at each site, the sites it bars.

    They are the site itself and the whole segments of it and its neighbours, on that side; on both for a midline
    mark. A neighbour carries its own side, so a break at an upper eyelid bars both sides through the forehead.
    """
    return {
        code: reached.union(*(_segment_of(sites[neighbour], sites) for neighbour in reached))
        for code, reached in marked_places(sites).items()
    }


def _segment_of(mark: Site, sites: Mapping[str, Site]) -> frozenset[str]:
    sides = {"left", "right", "midline"} if mark.side == "midline" else {mark.side, "midline"}
    segments = frozenset(mark.segments)
    return frozenset(
        code for code, site in sites.items() if site.side in sides and not segments.isdisjoint(site.segments)
    )
