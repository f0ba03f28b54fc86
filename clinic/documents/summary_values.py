"""What a consultation summary and a session record print: text, and nothing that could change."""

from collections.abc import Iterable
from dataclasses import dataclass

from clinic.documents.findings import PrintedGroup
from clinic.documents.maps import BodyMap
from clinic.documents.settled import Ground
from clinic.documents.signature_lines import SignatureLine
from clinic.documents.summary_notices import Notice
from screening.presentation import Told

Fact = tuple[str, str]
# What still fits beside something else, where nothing flows on to the next page: in places and in characters.
FEW_PLACES = 20
SHORT = 300
SHORT_LABEL = 16
LINE = 40


@dataclass(frozen=True, slots=True)
class Changed:
    """What staff changed of a patient's own answer: what was said, what it is now, by whom and when."""

    question: str
    was: str
    now: str
    by: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided. `tone`: of LOOKS; `words`: in the words of whoever decided; `by`: who, as what, and when."""

    tone: str
    label: str
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class Countersigned:
    """Another person's word for a decision against advice."""

    words: str
    by: str


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """A consultation summary. `told`: the outcome, without the findings; `groups`: these.

    `places`: what the screening said against planned places; `grounds`: what the settlements rest on; `besides`: what
    was settled that no finding of the screening stands for.
    """

    patient: tuple[Fact, ...]
    about: tuple[Fact, ...]
    notices: tuple[Notice, ...]
    told: Told
    places: tuple[Fact, ...]
    groups: tuple[PrintedGroup, ...]
    goals: tuple[Fact, ...]
    changed: tuple[Changed, ...]
    notes: tuple[Fact, ...]
    map: BodyMap
    seen: tuple[Fact, ...]
    seen_by: str
    plan: tuple[Fact, ...]
    verdict: Verdict
    grounds: tuple[Ground, ...]
    besides: tuple[Fact, ...]
    countersign: Countersigned | None
    signatures: tuple[SignatureLine, ...]

    @property
    def has_small_map(self) -> bool:
        """Whether the body map stands beside the plan: with many places or words it needs the whole width."""
        is_short = _length((*self.plan, *self.goals)) <= 2 * SHORT
        return bool(self.plan) and is_short and len(self.map.places) <= FEW_PLACES

    @property
    def has_short_assessment(self) -> bool:
        """Whether the assessment stands under the plan, beside the map."""
        return self.has_small_map and _length(self.seen) <= SHORT

    @property
    def has_long_labels(self) -> bool:
        """Whether an entry of the assessment has a name that takes more than the usual room beside its words."""
        return any(len(label) > SHORT_LABEL for label, _ in self.seen)

    @property
    def has_short_decision(self) -> bool:
        """Whether the decision has said everything with its words, and they fit under its headline."""
        rests_on_more = self.grounds or self.besides or self.countersign or self.notices
        return not rests_on_more and _length([("", self.verdict.words)]) <= SHORT


@dataclass(frozen=True, slots=True)
class PrintedRecord:
    """One record of a session. `outside`: what lay outside the usual, and why; `counts`: no later one replaces it."""

    written: str
    counts: bool
    facts: tuple[Fact, ...]
    outside: tuple[Fact, ...]
    words: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class PrintedEvent:
    """Something that went wrong, and who wrote it down."""

    heading: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A session record. `told`, `groups`: today's check before it, as in a summary."""

    patient: tuple[Fact, ...]
    about: tuple[Fact, ...]
    notices: tuple[Notice, ...]
    told: Told
    groups: tuple[PrintedGroup, ...]
    notes: tuple[Fact, ...]
    map: BodyMap
    records: tuple[PrintedRecord, ...]
    events: tuple[PrintedEvent, ...]
    signatures: tuple[SignatureLine, ...]

    @property
    def has_small_map(self) -> bool:
        """Whether the body map stands beside the record that counts."""
        record = next(iter(self.records), None)
        is_short = record is not None and not record.outside and _length((*record.facts, *record.words)) <= 2 * SHORT
        return is_short and len(self.map.places) <= FEW_PLACES


def _length(facts: Iterable[Fact]) -> int:
    """Return how much room texts take, in characters; each new line takes a whole one."""
    return sum(len(text) + LINE * text.count("\n") for _, text in facts)
