"""What the sources say of a session's settings (catalogue, section 8): outside of it a reason is wanted, never a block.

No number is lent to another treatment: what no source gives is recorded without a range.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MYOSTIMULATION = frozenset({"body-myostimulation"})
MICROCURRENT = frozenset({"facial-microcurrent", "body-microcurrent"})
SUIT = frozenset({"ems-training"})
ABDOMEN = "abdomen"
Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Range:
    """What a source says of one setting. `treatments`: for which (none: for all); `place`: only when it is treated.

    `is_inside`: takes the settings of a session; a setting that was not recorded is never outside.
    """

    code: str
    words: str
    is_inside: Callable[[Settings], bool]
    treatments: frozenset[str] = frozenset()
    place: str = ""

    def applies(self, treatment: str, sites: Collection[str]) -> bool:
        """Return whether the source says it of this session."""
        return (not self.treatments or treatment in self.treatments) and (not self.place or self.place in sites)


def _between(code: str, lowest: float, highest: float) -> Callable[[Settings], bool]:
    return lambda settings: settings.get(code) is None or lowest <= settings[code] <= highest


def _said_yes(code: str) -> Callable[[Settings], bool]:
    return lambda settings: settings.get(code) is not False


def _current_of_abdomen(settings: Settings) -> bool:
    current = settings.get("currents", {}).get(ABDOMEN)
    return current is None or current <= 30


def _lowered_at_pain(settings: Settings) -> bool:
    return settings.get("pain") is not True or settings.get("lowered") is True


RANGES: tuple[Range, ...] = (
    Range("current-max", "The source gives up to 30 mA.", _current_of_abdomen, MYOSTIMULATION, ABDOMEN),
    Range("pulse-width", "The article says 1 to 100 ms.", _between("pulse-width", 1, 100), MYOSTIMULATION, ABDOMEN),
    Range("electrodes", "The source gives 4 to 6 electrodes.", _between("electrodes", 4, 6), MYOSTIMULATION, ABDOMEN),
    Range("position", "The source has the person lie on the back.", _said_yes("on-the-back"), MYOSTIMULATION, ABDOMEN),
    Range("duration", "The source gives about 30 minutes.", _between("minutes", 0, 30), MYOSTIMULATION, ABDOMEN),
    Range("duration", "The source gives 30 to 60 minutes.", _between("minutes", 30, 60), MICROCURRENT),
    Range("duration", "The source gives 20 to 25 minutes.", _between("minutes", 20, 25), SUIT),
    Range("warm-up", "The source gives 5 to 7 minutes without the suit.", _between("warm-up", 5, 7), SUIT),
    Range("stretch", "The source has the person stretch without the suit.", _said_yes("stretch"), SUIT),
    Range("gel-applied", "The source has gel put on.", _said_yes("gel-applied"), MICROCURRENT),
    Range("skin-prepared", "The sources have the skin cleaned first.", _said_yes("skin-prepared")),
    Range("low-start", "The source begins at the lowest current.", _said_yes("low-start")),
    Range("pain", "The sources lower the intensity at any pain.", _lowered_at_pain),
)


def outside(treatment: str, sites: Collection[str], settings: Settings) -> Iterator[Range]:
    """Yield what the settings of a session lie outside of."""
    return (one for one in RANGES if one.applies(treatment, sites) and not one.is_inside(settings))


def known(treatment: str, sites: Collection[str]) -> Mapping[str, str]:
    """Return, by code, what the sources say of a session of this treatment and these places."""
    return {one.code: one.words for one in RANGES if one.applies(treatment, sites)}
