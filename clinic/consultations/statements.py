"""What a doctor, or the person, said about one finding: a clearance, a written agreement, or that it has ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.http import HttpRequest

from clinic.consultations.deciding_case import STATEMENT_FOR, Screened
from clinic.consultations.deciding_proposal import Refusal, Refused
from clinic.consultations.keeping import keep, whose
from clinic.consultations.models import Letter, Statement
from clinic.consultations.settling import Demand
from clinic.people.clinics import Membership

Kind = Statement.Kind


class StatementRefused(Refused):
    """A statement cannot be recorded so."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said: by whom, on which day, for which places (a clearance), and until when it holds."""

    said_by: str
    said_on: date
    letter: Letter | None = None
    sites: tuple[str, ...] = ()
    words: str = ""
    ends_on: date | None = None


def kind_for(demand: Demand) -> str:
    """Return which kind of statement would settle a finding; nothing where none would."""
    return next((str(STATEMENT_FOR[way]) for way in demand.ways if way in STATEMENT_FOR), "")


@transaction.atomic
def record_statement(
    case: Screened, demand: Demand, said: Said, *, membership: Membership, request: HttpRequest | None = None
) -> Statement:
    """Store what was said about the finding of `demand`, and return the row. Raises StatementRefused."""
    kind = kind_for(demand)
    if refused := list(_against(case, demand, kind, said, membership)):
        raise StatementRefused(refused)
    screening = case.screening
    row = Statement(
        **whose(screening.patient, membership),
        kind=kind,
        screening=screening,
        rule=demand.finding.rule if demand.finding else "",
        answers=dict(demand.answers),
        sites=list(said.sites) if kind == Kind.CLEARANCE else [],
        said_by=said.said_by.strip(),
        said_on=said.said_on,
        letter=said.letter,
        words=said.words.strip(),
        ends_on=said.ends_on,
    )
    keep(row, "statement recorded", request)
    return row


def _against(case: Screened, demand: Demand, kind: str, said: Said, membership: Membership) -> Iterator[Refusal]:
    screening, today = case.screening, membership.clinic.now().date()
    if not kind or demand.finding is None or membership.clinic_id != screening.clinic_id:
        yield Refusal("", "Nothing that somebody says settles this finding.")
    if not said.said_by.strip():
        yield Refusal("said_by", "Enter who said it.")
    if said.said_on > today:
        yield Refusal("said_on", "This day is in the future. Check the date.")
    if kind == Kind.ENDED and said.said_on < screening.answered_at.astimezone(membership.clinic.zone).date():
        yield Refusal("said_on", "This day is before the answers were given. Check the date.")
    if said.ends_on is not None and said.ends_on < today:
        yield Refusal("ends_on", "This end lies in the past. What has ended settles nothing.")
    if kind != Kind.ENDED and said.letter is None:
        yield Refusal("file", "Add the doctor’s letter.")
    if said.letter and (said.letter.patient_id, said.letter.clinic_id) != (screening.patient_id, screening.clinic_id):
        yield Refusal("file", "This letter is another person’s.")
    if kind == Kind.CLEARANCE and not (said.sites and set(said.sites) <= set(demand.sites)):
        yield Refusal("sites", "Choose the places that the clearance is for.")
