"""The look of each outcome on paper: its colour, and its icon in white. Decoration: the words beside it say the same."""

from base64 import b64encode
from collections.abc import Mapping
from types import MappingProxyType

from django.conf import settings

from screening.presentation.told import ICONS

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


def icon_rules() -> str:
    """Return the part of the style sheet that colours each outcome. A background is no content that is read out."""
    return "".join(_rules(outcome, *TONES[outcome]) for outcome in ICONS)


def _rules(outcome: str, ink: str, ground: str) -> str:
    svg = (ICON_FILES / f"{ICONS[outcome]}.svg").read_text(encoding="utf-8")
    named = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ').replace("currentColor", "#fff")
    address = f"data:image/svg+xml;base64,{b64encode(named.encode()).decode()}"
    return (
        f".told-{outcome} {{ border-color: {ink}; background-color: {ground}; }}\n"
        f".told-{outcome} .outcome-icon {{ background-color: {ink}; background-image: url({address}); }}\n"
        f".told-{outcome} .outcome-label {{ color: {ink}; }}\n"
    )
