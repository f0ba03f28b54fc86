"""The body map on paper: the states and names of the places are the document's, the figure is the stationery's."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from screening import body_map
from screening.engine.rule_set import RuleSet

# In the order of the key.
LABELS: Mapping[str, str] = MappingProxyType(
    {"planned": "Planned", "allowed": "Possible", "perhaps": "Not known yet", "barred": "Left out"}
)

# Places whose names still stand beside the figure.
MOST_BESIDE = 12


@dataclass(frozen=True, slots=True)
class MappedPlace:
    """One place. `state`: planned, allowed, perhaps or barred."""

    code: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class PrintedView:
    """The body from one side, ready to be drawn. `told`: the picture in words."""

    code: str
    title: str
    told: str
    left_edge: str
    right_edge: str
    box: str
    outline: tuple[str, ...]
    lines: str
    ink: str
    regions: tuple[body_map.Region, ...]


@dataclass(frozen=True, slots=True)
class BodyMap:
    """Places by what they are. `whose`: "Your" or "Their": how the paper speaks of the person."""

    places: tuple[MappedPlace, ...]
    whose: str = "Their"

    @property
    def key(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """Each state with its label and the names of its places; a place that the drawing lacks is named here too."""
        return tuple((state, label, names) for state, label in LABELS.items() if (names := self._named(state)))

    @property
    def is_long(self) -> bool:
        """Whether the names of the places need the whole width below the figure."""
        return len(self.places) > MOST_BESIDE

    @property
    def views(self) -> tuple[PrintedView, ...]:
        """The pictures that show all places which the drawing has."""
        names = {place.code: place.name for place in self.places}
        states = {place.code: place.state for place in self.places}
        return tuple(self._printed(view) for view in body_map.picture(names, states))

    def _named(self, state: str) -> tuple[str, ...]:
        return tuple(place.name for place in self.places if place.state == state)

    def _printed(self, view: body_map.View) -> PrintedView:
        edges = f"{self.whose} right", f"{self.whose} left"
        return PrintedView(
            code=view.code,
            title=str(view.title),
            told=_told(view),
            left_edge=edges[1] if view.mirrored else edges[0],
            right_edge=edges[0] if view.mirrored else edges[1],
            box=view.box,
            outline=view.outline,
            lines=view.lines,
            ink=view.ink,
            regions=view.regions,
        )


def body_map_of(rule_set: RuleSet, states: Mapping[str, str], *, whose: str = "Their") -> BodyMap:
    """Return the map of places by their state, in the order of the rule set."""
    places = [MappedPlace(code, rule_set.sites[code].name, states[code]) for code in rule_set.sites if code in states]
    return BodyMap(tuple(places), whose)


def _told(view: body_map.View) -> str:
    """Return a picture in words: what is where."""
    said = [
        f"{label}: {', '.join(region.name for region in view.regions if region.state == state)}"
        for state, label in LABELS.items()
        if any(region.state == state for region in view.regions)
    ]
    return f"Body map, {view.title}. {'. '.join(said)}."
