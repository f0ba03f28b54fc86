"""What is told: plain words, ready to be shown. Made by `telling`; nothing in here decides anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# An outcome's tone has the outcome's own name; its icon is a file of templates/icons.
ICONS: Mapping[str, str] = MappingProxyType(
    {
        "contraindicated": "x-octagon",
        "not-advised": "hand",
        "deferred": "calendar3",
        "undetermined": "question-circle",
        "refer": "chat-square-text",
        "restricted": "geo-alt",
        "prepare": "list-check",
        "clear": "check2-circle",
    }
)
# Only these leave a place open to treatment; with any other outcome no place is called possible.
LEAVES_PLACES_OPEN = frozenset({"restricted", "prepare", "clear"})


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """One finding in words.

    `until`: "from 20 December 2026", where the end is a date or a time; `ends`: the end that is a condition; both may
    be empty. `settle`, `next_step`: empty where the message says it already. `sites`, `goals`: names of
    what it is about.
    `reading`: how the rule set reads its source, for practitioners only. `touches_plan`: False where it bars places
    of which none is planned.
    """

    rule: str
    title: str
    status: str
    grade: str
    urgency: str
    message: str
    until: str
    settle: str
    next_step: str
    ends: str
    sites: tuple[str, ...]
    goals: tuple[str, ...]
    sources: tuple[str, ...]
    reading: str
    touches_plan: bool


@dataclass(frozen=True, slots=True)
class ToldGroup:
    """Findings that say the same kind of thing. `tone`: the tone of the outcome that they lead to."""

    code: str
    tone: str
    heading: str
    findings: tuple[ToldFinding, ...]

    @property
    def icon(self) -> str:
        """The icon of its tone."""
        return ICONS[self.tone]


@dataclass(frozen=True, slots=True)
class Told:
    """An outcome in words.

    `urgent`: what needs help today, worst first; `findings`: all but the goals, in the order of the outcome;
    `groups`: the same without the urgent ones, by what they say. `missing`, `unsure`: the questions that were not
    answered, or answered with "not sure"; `unknown`: how many things must be known before any treatment.
    `planned`, `allowed`, `barred`, `perhaps` (may be barred): names of planned places. `citations`: each source that a
    finding names, in full.
    """

    outcome: str
    label: str
    headline: str
    lead: str
    urgent: tuple[ToldFinding, ...]
    findings: tuple[ToldFinding, ...]
    groups: tuple[ToldGroup, ...]
    goals: tuple[ToldFinding, ...]
    missing: tuple[str, ...]
    unsure: tuple[str, ...]
    unknown: int
    treatment: str
    note: str
    planned: tuple[str, ...]
    allowed: tuple[str, ...]
    barred: tuple[str, ...]
    perhaps: tuple[str, ...]
    citations: tuple[str, ...]
    rule_set: str
    version: str
    digest: str
    engine: str

    @property
    def tone(self) -> str:
        """The name of the tone that it is told in."""
        return self.outcome

    @property
    def icon(self) -> str:
        """The icon that goes with the tone."""
        return ICONS[self.outcome]

    @property
    def leaves_places_open(self) -> bool:
        """Whether its allowed places may be called possible."""
        return self.outcome in LEAVES_PLACES_OPEN

    @property
    def shows_places(self) -> bool:
        """Whether a picture of the places says more than the headline does."""
        return bool(self.barred or self.perhaps) or self.leaves_places_open
