"""What remains of a paper in black and white: outcomes and places are told apart by icons, patterns and words."""

import pytest
from django.template.loader import render_to_string
from PIL import ImageChops

from clinic.documents.decoration import SWATCHES, TONES
from clinic.documents.maps import LABELS
from clinic.documents.rendering import pdf_of
from screening.presentation.told import ICONS
from tests.support.pdf import Pdf

pytestmark = pytest.mark.one_database
STATES = ("planned", "allowed", "perhaps", "barred")


def test_each_outcome_has_its_own_icon_and_words():
    assert set(TONES) == set(ICONS)
    assert set(SWATCHES) == set(LABELS) == set(STATES)
    assert len({ICONS[outcome] for outcome in ICONS}) == len(ICONS)


@pytest.mark.hazard("H-14")
def test_outcomes_are_told_apart_in_black_and_white():
    """By the icon in its ring: no two are alike once there are only black and white."""
    boxes = [f'<div class="outcome told-{outcome}"></div>' for outcome in ICONS]
    sheet = stacked(boxes, height=20)
    icons = [sheet.crop((0, at * 200, 300, at * 200 + 200)) for at in range(len(ICONS))]
    pairs = [(one, other) for at, one in enumerate(icons) for other in icons[at + 1 :]]
    assert min(ImageChops.difference(*pair).histogram()[255] for pair in pairs) > 100


@pytest.mark.parametrize("where", ["figure", "key"])
def test_states_of_places_are_told_apart_in_black_and_white(where):
    """Solid, pale, dotted, hatched: by their share of ink, and by whether there is a pattern."""
    if where == "key":
        boxes = [
            f'<div class="state-{state}" style="width: 30mm; height: 18mm; background-size: 100% 100%"></div>'
            for state in STATES
        ]
    else:
        boxes = [figure_of(state) for state in STATES]
    sheet = stacked(boxes, height=30)
    ink = []
    for at in range(len(STATES)):
        shades = sheet.crop((20, at * 300 + 20, 280, at * 300 + 160)).histogram()
        ink.append(round(shades[0] / sum(shades), 2))
    solid, pale, dotted, hatched = ink
    assert (solid, pale) == (1, 0)
    assert 0.05 < dotted < 0.3 < hatched < 0.7


def figure_of(state):
    """Return a box filled as a place of the figure is, in the size in which it is printed."""
    context = {"state": state, "prefix": f"x-{state}"}
    patterns, fill = (render_to_string(f"documents/parts/{part}.html", context) for part in ("patterns", "fill"))
    box = f'<title>{state}</title>{patterns}<path {fill} d="M0 0h435v261H0z"/>'
    return f'<svg viewBox="0 0 435 261" style="display: block; width: 30mm; height: 18mm">{box}</svg>'


def stacked(boxes, height):
    """Return boxes below one another, each in its own stripe of so many millimetres, in black and white: 10 dots/mm."""
    stripes = [f'<div style="height: {height}mm; overflow: hidden">{box}</div>' for box in boxes]
    page = "<style>@page { margin: 0; } .outcome { border: 0 !important; }</style>"
    body = f'<html lang="en"><head><title>T</title>{page}</head><body>{"".join(stripes)}</body></html>'
    return Pdf(pdf_of(body)).picture(1, 254).convert("L").point(lambda shade: 255 * (shade > 150))
