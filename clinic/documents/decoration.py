"""What paper shows besides words: the colour and icon of each outcome, the pattern of each state of a place.

Backgrounds of the style sheet, not pictures: the words beside them say the same, and nothing is read out twice.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from types import MappingProxyType

from django.conf import settings
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import parse_path

from clinic.documents.paper import SQUARE_MM
from clinic.people.qr import BORDER
from screening.presentation.told import ICONS

_PATHS = re.compile(r' d="([^"]+)"')
ICON_FILES = settings.BASE_DIR / "templates" / "icons"
# As on screen: ink and ground of the tones in static/css/outcome.css.
TONES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "contraindicated": ("#8f1d1d", "#f9e7e4"),
        "not-advised": ("#8a3c0b", "#fae9db"),
        "deferred": ("#6f4e00", "#f8edcb"),
        "undetermined": ("#3d4b59", "#e8ecf0"),
        "refer": ("#1d4f91", "#e3ecf8"),
        "restricted": ("#5d3a9b", "#efe9f7"),
        "prepare": ("#0b5f5a", "#dcefec"),
        "clear": ("#2b6135", "#e5f1e4"),
    }
)

# The squares along the side of a QR code, its quiet zone included: four more with each version. The largest of these
# holds more than two hundred letters.
CODE_SIDES = range(21 + 2 * BORDER, 58 + 2 * BORDER, 4)
# The frame of a place's swatch.
FRAME = '<path fill="none" stroke="#1c2423" stroke-width="3" d="M1.5 1.5h57v33h-57z"/>'
# What a place can be: told apart without colour too. As templates/documents/parts draws them on the figure.
SWATCHES: Mapping[str, str] = MappingProxyType(
    {
        "planned": '<path fill="#0b5563" d="M0 0h60v36H0z"/>',
        "allowed": '<path fill="#cfe3e4" d="M0 0h60v36H0z"/>',
        "perhaps": '<path fill="#55605e" d="M6 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0M22 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0'
        "M38 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0M14 25a4 4 0 1 0 8 0a4 4 0 1 0-8 0M30 25a4 4 0 1 0 8 0a4 4 0 1 0-8 0"
        'M46 25a4 4 0 1 0 8 0a4 4 0 1 0-8 0"/>',
        "barred": '<path fill="#7a2222" d="M0 30.5L26.2 0H19.6L0 22.8zM2.7 36h6.6L40.2 0H33.6zM16.7 36h6.6L54.2 0H47.6z'
        'M30.7 36h6.6L60 9.5V1.8zM44.7 36h6.6L60 25.8V18.1z"/>',
    }
)


def decoration() -> str:
    """Return the part of the style sheet that is made from data."""
    outcomes = "".join(_outcome(outcome, *TONES[outcome]) for outcome in ICONS)
    swatches = "".join(_swatch(state, drawing) for state, drawing in SWATCHES.items())
    codes = "".join(f".squares-{side} {{ width: {side * SQUARE_MM:.2f}mm; }}\n" for side in CODE_SIDES)
    return outcomes + swatches + codes


def _outcome(outcome: str, ink: str, ground: str) -> str:
    sign = _picture(_sign(ICONS[outcome], ink))
    return (
        f".told-{outcome} {{ border-color: {ink}; background-color: {ground}; background-image: {sign}; }}\n"
        f".sign-{outcome} {{ background-image: {sign}; }}\n"
        f".ink-{outcome} {{ color: {ink}; }}\n"
    )


def _sign(icon: str, ink: str) -> str:
    """Return an icon in white on a disc: all its paths as one, and no arcs: they are slow to draw."""
    pen = SVGPathPen(None, ntos=lambda number: f"{number:.4g}")
    enlarged = TransformPen(pen, (1.5, 0, 0, 1.5, 12, 12))
    for path in _PATHS.findall((ICON_FILES / f"{icon}.svg").read_text(encoding="utf-8")):
        parse_path(path, enlarged)
    disc = f'<circle cx="24" cy="24" r="24" fill="{ink}"/>'
    return f'<svg viewBox="0 0 48 48">{disc}<path fill="#fff" d="{pen.getCommands()}"/></svg>'


def _swatch(state: str, drawing: str) -> str:
    picture = _picture(f'<svg viewBox="0 0 60 36">{drawing}{FRAME}</svg>')
    return f".state-{state} {{ background-image: {picture}; }}\n"


def _picture(svg: str) -> str:
    named = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"url(data:image/svg+xml;base64,{b64encode(named.encode()).decode()})"
