"""The body as a picture: static/img/body-map.json, ready for a page or for paper.

`python -m screening.body_map` prints the part of static/css/body-map.css that is made from the data.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from screening.engine.rule_set import RuleSet

DATA = Path(__file__).resolve().parent.parent / "static" / "img" / "body-map.json"

# What a place can be in a picture, in the order of the legend.
STATES: Mapping[str, Promise] = MappingProxyType(
    {
        "planned": gettext_lazy("You chose this"),
        "allowed": gettext_lazy("Possible"),
        "perhaps": gettext_lazy("Not known yet"),
        "barred": gettext_lazy("Left out"),
    }
)
_TITLES: Mapping[str, Promise] = MappingProxyType(
    {
        "face": gettext_lazy("Face and neck"),
        "front": gettext_lazy("Front"),
        "back": gettext_lazy("Back"),
    }
)
MARK = "/* Made from the data: */"
_CHOSEN = (
    "--region: var(--region-chosen)",
    "--region-edge: var(--accent-strong)",
    "--name: block",
    "--name-edge: var(--accent)",
    "--name-place: static",
)
# A name that comes and goes with the pointer takes no room: what is pointed at would move away from it.
_POINTED = ("--region-edge: var(--accent)", "--region-line: 3", "--name: block", "--name-place: absolute")
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Region:
    """A place as drawn in one view. `x`, `y`: its middle. `reason`: why it is barred."""

    code: str
    name: str
    path: str
    x: int
    y: int
    target: str = ""
    state: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """The body from one side. `quiet`: what is only figure. `key`: the states of the whole picture.

    In the face and from the front, the person's right is on the viewer's left; from the back it is not (`mirrored`).
    """

    code: str
    name: str
    title: Promise
    mirrored: bool
    box: str
    outline: tuple[str, ...]
    lines: str
    ink: str
    quiet: str
    regions: tuple[Region, ...]
    barred: tuple[Region, ...] = ()
    key: tuple[tuple[str, Promise], ...] = ()


def views(
    rule_set: RuleSet, shown: Collection[str], barred: Mapping[str, str] = _NONE, name: str = "sites"
) -> list[View]:
    """Return the views that are needed to choose among `shown`.

    `barred` gives the reason for each place that cannot be chosen. A tap on a region reaches the input with the id
    "id_<name>-<code>". A place that the drawing lacks is in no view; the list beside the map has it.
    """
    return [
        View(
            **_figure(view, drawn, name, {*shown, *barred}),
            regions=tuple(
                _region(rule_set.sites[code].name, drawn, code, target=f"id_{name}-{code}")
                for code in drawn["regions"]
                if code in shown and code not in barred
            ),
            barred=tuple(
                _region(rule_set.sites[code].name, drawn, code, state="barred", reason=barred[code])
                for code in drawn["regions"]
                if code in barred
            ),
        )
        for view, drawn in _needed({*shown, *barred})
    ]


def pictured(rule_set: RuleSet, states: Mapping[str, str], name: str = "picture") -> list[View]:
    """Return the views that show each place of `states` as planned, allowed, perhaps or barred."""
    return picture({code: rule_set.sites[code].name for code in states}, states, name)


def picture(names: Mapping[str, str], states: Mapping[str, str], name: str = "picture") -> list[View]:
    """Return the same from the places' `names` alone."""
    key = tuple((state, label) for state, label in STATES.items() if state in states.values())
    return [
        View(
            **_figure(view, figure, name, states),
            regions=tuple(
                _region(names[code], figure, code, state=states[code]) for code in figure["regions"] if code in states
            ),
            key=key,
        )
        for view, figure in _needed(states)
    ]


def lighting(codes: Iterable[str]) -> str:
    """Return the style rules that light a region up while its box, in the same fieldset, is chosen or pointed at."""
    ordered = sorted(codes)
    chosen = _rule(ordered, ":checked", _CHOSEN)
    pointed = _rule(ordered, ":is(:hover, :focus-visible)", _POINTED)
    return f"{MARK}\n@media (hover: hover) {{\n{pointed}}}\n\n{chosen}"


def drawn_codes() -> frozenset[str]:
    """Return the codes of all places that the drawing has."""
    return frozenset(code for view in _drawing().values() for code in view["regions"])


@lru_cache(maxsize=1)
def _drawing() -> Mapping[str, Any]:
    return MappingProxyType(json.loads(DATA.read_text(encoding="utf-8")))


def _needed(codes: Collection[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the views that show one of these places which no view before them shows."""
    seen: set[str] = set()
    for view, drawn in _drawing().items():
        here = set(drawn["regions"]).intersection(codes)
        if here - seen:
            yield view, drawn
        seen |= here


def _figure(view: str, drawn: Mapping[str, Any], name: str, lit: Collection[str]) -> dict[str, Any]:
    """Return what a view has of the figure itself. `lit`: the places that are more than figure."""
    return {
        "code": view,
        "name": name,
        "title": _TITLES[view],
        "mirrored": view == "back",
        "box": _box(drawn, lit),
        "outline": tuple(drawn["outline"]),
        "lines": "".join(drawn["lines"]),
        "ink": "".join(drawn["ink"]),
        "quiet": "".join([*drawn["quiet"], *_paths_but(drawn, lit)]),
    }


def _box(drawn: Mapping[str, Any], lit: Collection[str]) -> str:
    """Return the part of the view to show: a closer one, where the drawing has one with all that is lit."""
    closer = drawn.get("closer")
    if closer and set(drawn["regions"]).intersection(lit) <= set(closer["regions"]):
        return str(closer["viewBox"])
    return str(drawn["viewBox"])


def _paths_but(drawn: Mapping[str, Any], lit: Collection[str]) -> Iterator[str]:
    for code, region in drawn["regions"].items():
        if code not in lit:
            yield from region["d"]


def _region(name: str, drawn: Mapping[str, Any], code: str, **more: str) -> Region:
    region = drawn["regions"][code]
    x, y = region["middle"]
    return Region(code, name, "".join(region["d"]), x, y, **more)


def _rule(codes: Iterable[str], condition: str, declarations: Iterable[str]) -> str:
    selectors = ",\n".join(f'fieldset:has(input[value="{code}"]{condition}) .region-{code}' for code in codes)
    return f"{selectors} {{\n{''.join(f'  {declaration};' + chr(10) for declaration in declarations)}}}\n"


if __name__ == "__main__":
    print(lighting(drawn_codes()), end="")
