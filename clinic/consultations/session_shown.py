"""A session's record in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clinic.consultations.models import SessionRecord
from clinic.consultations.session_forms import DONE, NUMBERS
from clinic.consultations.session_names import place_names
from clinic.consultations.session_ranges import RANGES


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One record as a page shows it: what was set and done, and each reason for what lay outside the usual."""

    row: SessionRecord
    facts: tuple[tuple[str, str], ...]
    outside: tuple[tuple[str, str], ...]


def shown_record(row: SessionRecord) -> ShownRecord:
    """Return a record in words; what was not written down is left out."""
    words = {one.code: one.words for one in RANGES}
    outside = tuple((words.get(code, code), why) for code, why in row.outside.items())
    return ShownRecord(row, tuple(_facts(row.settings)), outside)


def _facts(settings: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if settings.get("programme"):
        yield "Programme", settings["programme"]
    currents = settings.get("currents", {})
    if currents:
        named = zip(place_names(currents), currents.values(), strict=True)
        yield "Intensity", ", ".join(f"{name} {value:g} mA" for name, value in named)
    for code, (label, unit) in NUMBERS.items():
        if code in settings:
            yield label, f"{settings[code]:g} {unit}".strip()
    for code, label in DONE.items():
        if code in settings:
            yield label, "Yes" if settings[code] else "No"
