"""The published content as frozen values. Made by `content.read`, which refuses a set that could not be evaluated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from screening.engine.scope import Scope

# Worst first, as findings are listed (rule catalogue, section 1).
GRADES = ("contraindicated", "not-advised", "defer", "refer", "site", "prepare", "note")
URGENCIES = ("none", "advice-today", "urgent")
STAGES = ("consultation", "session")
PLAN_KINDS = ("free", "fixed", "not-offered")
SIDES = ("left", "right", "midline")
REGIONS = ("face", "neck", "trunk", "limbs")
QUESTION_KINDS = (
    "choice",
    "kinds",
    "sites",
    "operations",
    "partial-date",
    "moment",
    "blood-pressure",
    "number",
    "text",
)

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Source:
    """A document that rules cite."""

    code: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Site:
    """A place on the body. A mark on it is a mark on its `neighbours` too; a break bars its `segments`."""

    code: str
    name: str
    clinical: str
    region: str
    side: str
    plannable: bool
    neighbours: tuple[str, ...]
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Treatment:
    """A treatment. `plan`: free (places of `regions` are chosen), fixed (`fixed_sites`) or not-offered (no rules)."""

    code: str
    name: str
    description: str
    note: str
    plan: str
    regions: tuple[str, ...]
    fixed_sites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """What a person hopes for. `area`: face, body or any."""

    code: str
    name: str
    area: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen. An `open` choice (not sure, in person, not told) settles nothing."""

    code: str
    label: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition: an operator over a question's answer (or over the plan, without a question) and a value."""

    operator: str
    question: str | None
    value: Any


@dataclass(frozen=True, slots=True)
class Question:
    """One question. It is asked when any group of `when` holds, or always when there is none.

    `afresh`: its answer can change from one day to the next, and is asked for again before every session.
    """

    code: str
    section: str
    order: int
    page: str
    kind: str
    choices: tuple[Choice, ...]
    ranges: Mapping[str, tuple[Number, Number]]
    asked_by: str
    stage: str
    treatments: tuple[str, ...]
    required: bool
    shown_only: bool
    afresh: bool
    safe_answers: tuple[str, ...]
    wording: str
    help: str
    why: str
    when: tuple[tuple[Criterion, ...], ...]
    choice_codes: tuple[str, ...] = field(init=False)
    choice_of: Mapping[str, str] = field(init=False, repr=False, compare=False)
    open_answers: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Keep what is looked up at every answer: the codes of all choices, and of those that settle nothing."""
        object.__setattr__(self, "choice_codes", tuple(choice.code for choice in self.choices))
        object.__setattr__(self, "choice_of", {code: code for code in self.choice_codes})
        object.__setattr__(self, "open_answers", frozenset(choice.code for choice in self.choices if choice.open))


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a source says it: `b9` for a bullet, else a section's heading."""

    source: str
    place: str

    def __str__(self) -> str:
        """Return it as it is shown: `M b9`."""
        return f"{self.source} {self.place}"


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria that must all hold. Its own grade, status, urgency and wording stand instead of its rule's.

    `status` "unresolved": the group leaves the rule open instead of meeting it. `bars`: "" (nothing), "planned"
    (its planned places), "marked" (the places marked in an answer) or "segments" (their whole segments).
    """

    criteria: tuple[Criterion, ...]
    grade: str
    status: str
    urgency: str
    bars: str
    practitioner_wording: str
    patient_wording: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: met when any of its groups holds."""

    code: str
    title: str
    grade: str
    urgency: str
    stage: str
    treatments: tuple[str, ...]
    for_good: bool
    practitioner_wording: str
    patient_wording: str
    practitioner_unresolved: str
    patient_unresolved: str
    settle: str
    next_step: str
    ends: str
    reading: str
    citations: tuple[Citation, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the questionnaire, in the order in which it is asked."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class RuleSetVersion:
    """Which rules a screening was made with. `digest`: SHA-256 of the published content, in hexadecimal."""

    code: str
    version: str
    digest: str


@dataclass(frozen=True)
class RuleSet:
    """One version of all rules. Every mapping is in catalogue order and keyed by code.

    `scopes` is the same content made ready for evaluation, one for each treatment and stage.
    """

    code: str
    version: str
    digest: str
    limits: Mapping[str, Number]
    sections: tuple[Section, ...]
    sources: Mapping[str, Source]
    sites: Mapping[str, Site]
    treatments: Mapping[str, Treatment]
    goals: Mapping[str, Goal]
    questions: Mapping[str, Question]
    rules: Mapping[str, Rule]
    scopes: Mapping[tuple[str, str], "Scope"] = field(default_factory=dict, repr=False, compare=False)

    def criteria(self) -> Iterator[Criterion]:
        """Yield every criterion of every rule, in catalogue order."""
        for rule in self.rules.values():
            for group in rule.groups:
                yield from group.criteria

    @cached_property
    def limits_on(self) -> Mapping[str, Mapping[str, list[Number]]]:
        """The limits, lowest first, that rules have for each part of each measurement, by question and part."""
        limits: dict[str, dict[str, set[Number]]] = {
            code: {part: set() for part in question.ranges}
            for code, question in self.questions.items()
            if question.ranges
        }
        for criterion in self.criteria():
            if criterion.question in limits and isinstance(criterion.value, Mapping):
                for part, name in criterion.value.items():
                    limits[criterion.question][part].add(self.limits[name])
        return {code: {part: sorted(found) for part, found in parts.items()} for code, parts in limits.items()}

    @cached_property
    def named(self) -> RuleSetVersion:
        """What a screening keeps of the set it was made with."""
        return RuleSetVersion(self.code, self.version, self.digest)
