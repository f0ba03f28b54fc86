"""What somebody means to decide, before anything is checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from clinic.consultations.models import Decision, Referral, Statement
from clinic.people.clinics import Device

# Only these let a session start.
PROCEEDING = (Decision.Kind.PROCEED, Decision.Kind.PROCEED_SITES)


class Refusal(NamedTuple):
    """Why a decision cannot be made so: the field of the form that it is about (none: all of it), and a sentence."""

    field: str
    words: str


class Refused(Exception):
    """Something cannot be kept so. `refusals`: each with the field it is about and a sentence."""

    def __init__(self, refused: list[Refusal]) -> None:
        super().__init__("; ".join(one.words for one in refused))
        self.refusals = refused


@dataclass(frozen=True, slots=True)
class Entry:
    """How somebody means to settle one finding. `statement`, `referral`: the rows that it rests on, where it does."""

    reason: str
    words: str = ""
    statement: Statement | None = None
    referral: Referral | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody means to decide.

    `sites`: the places to be treated; the other planned ones are left out, in the suit with their channels off.
    `entries`: by the position of a finding in the outcome, how it is settled. `until`: the day until which it is
    deferred; `ends_on`: the last day on which a yes counts. `findings`: entries of the assessment by code. `ask`: a
    referral to be made with the decision, as {"position", "to", "question"}. `after`: the newest decision that the page
    knew of (0: none), so that a second press decides nothing; `harm`, `kept`: the newest adverse event, and the newest
    answer of a doctor that keeps a finding, that it knew of (0: none). None in one of them: not looked at.
    """

    kind: str
    words: str
    device: Device | None = None
    sites: tuple[str, ...] = ()
    entries: Mapping[int, Entry] = field(default_factory=dict)
    course: Mapping[str, Any] = field(default_factory=dict)
    goals: tuple[str, ...] = ()
    expectations: bool = False
    until: date | None = None
    ends_on: date | None = None
    findings: Mapping[str, str] = field(default_factory=dict)
    qualification: str = ""
    ask: Mapping[str, Any] | None = None
    after: int | None = None
    harm: int | None = None
    kept: int | None = None

    @property
    def proceeds(self) -> bool:
        """Whether it would let a session start."""
        return self.kind in PROCEEDING
