"""From what somebody entered against each finding to what settles it, or why it does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinic.consultations.deciding_case import STATEMENT_FOR, Screened, closed_for, statements_for
from clinic.consultations.deciding_proposal import Entry, Proposal, Refusal
from clinic.consultations.models import Referral, Statement
from clinic.consultations.settling import Demand, Reason, is_settled
from screening.engine.outcome import Finding
from screening.presentation.moments import moment_in_words

# Which part of a finding's fields is wrong (none: its choice), and why.
Fault = tuple[str, str]
WORDED = (Reason.ASSESSED, Reason.OTHER)


@dataclass(frozen=True, slots=True)
class Settling:
    """A settlement that is not stored yet: the columns of the row."""

    rule: str
    grade: str
    reason: str
    answers: Mapping[str, Any]
    sites: tuple[str, ...]
    ends_on: date | None
    words: str = ""
    statement: Statement | None = None
    referral: Referral | None = None

    def columns(self) -> dict[str, Any]:
        """Return it as columns."""
        columns = {name: getattr(self, name) for name in self.__slots__}
        return columns | {"sites": list(self.sites), "answers": dict(self.answers)}


def settled_by(case: Screened, proposal: Proposal, today: date) -> tuple[tuple[Settling, ...], list[Refusal]]:
    """Return what a proposal settles, and a refusal for each thing that it leaves open.

    What is left out by the choice of places is recorded without being asked for.
    """
    settling, refused = list(_left_out(case, proposal)), []
    for demand in case.demands(proposal.sites, today):
        made, fault = _against(case, demand, proposal, today)
        settling += [made] if made else []
        if fault or not is_settled(demand, settling, today):
            part, words = fault or ("", demand.words)
            refused.append(Refusal(field_of(case, demand) + part, _titled(case, demand, words)))
    return tuple(settling), refused


def field_of(case: Screened, demand: Demand) -> str:
    """Return the field of the form that a demand is about: the finding's, or the places'."""
    if demand.finding is None or (demand.finding.grade == "site" and demand.is_hopeless):
        return "sites" if demand.sites else "kind"
    return f"finding-{case.position(demand.finding)}"


def _titled(case: Screened, demand: Demand, words: str) -> str:
    return f"{case.rule_set.rules[demand.finding.rule].title}: {words}" if demand.finding else words


def _left_out(case: Screened, proposal: Proposal) -> list[Settling]:
    """Return a settlement for each bar whose places are left out."""
    out = set(case.left_out(proposal.sites))
    return [
        _settling(case, finding, Reason.LEFT_OUT, sites, proposal.ends_on)
        for finding in case.outcome.findings
        if finding.grade == "site" and finding.status == "met"
        if (sites := tuple(site for site in finding.sites if site in out))
    ]


def _settling(case: Screened, finding: Finding, reason: str, sites: tuple[str, ...], ends_on: date | None) -> Settling:
    answers = case.deciding(finding)
    return Settling(finding.rule, finding.grade, reason, answers, sites, ends_on)


def _against(case: Screened, demand: Demand, proposal: Proposal, today: date) -> tuple[Settling | None, Fault | None]:
    """Return what settles one demand, or what is wrong with the entry against it."""
    finding = demand.finding
    if finding is None or demand.is_hopeless:
        return None, None
    if demand.ways == (Reason.LEFT_OUT,):
        return _settling(case, finding, Reason.LEFT_OUT, (), proposal.ends_on), None
    entry = proposal.entries.get(case.position(finding))
    if entry is None or not entry.reason:
        return None, None
    if words := _fault(case, demand, entry, today):
        return None, ("", words)
    if words := _end_fault(entry, today):
        return None, ("-ends_on", words)
    return (
        Settling(
            rule=finding.rule,
            grade=finding.grade,
            reason=entry.reason,
            answers=demand.answers,
            sites=demand.sites,
            ends_on=entry.ends_on,
            words=entry.words.strip(),
            statement=entry.statement if entry.reason in STATEMENT_FOR else None,
            referral=entry.referral if entry.reason == Reason.ANSWERED else None,
        ),
        None,
    )


def _fault(case: Screened, demand: Demand, entry: Entry, today: date) -> str:
    """Return why an entry does not settle its finding; nothing where it does."""
    if entry.reason not in demand.ways:
        return demand.words
    if entry.reason in WORDED:
        return "" if entry.words.strip() else "Write your reason in your own words."
    if entry.reason == Reason.ANSWERED:
        return "" if entry.referral in closed_for(case, demand) else "Choose an answered referral that closes it."
    if entry.statement is None or entry.statement not in statements_for(case, demand, today):
        return "Choose a record of what was said. Make one first, if there is none."
    if entry.reason == Reason.CLEARANCE and not set(demand.sites) <= set(entry.statement.sites):
        return "This clearance is not for every place that is to be treated. Leave the others out."
    return ""


def _end_fault(entry: Entry, today: date) -> str:
    if entry.ends_on is None:
        return "Enter the day on which this ends."
    if entry.ends_on < today:
        return "This end lies in the past."
    last = entry.statement.ends_on if entry.statement and entry.reason in STATEMENT_FOR else None
    if last and entry.ends_on > last:
        return f"The record ends on {moment_in_words(last)}. Choose that day, or an earlier one."
    return ""
