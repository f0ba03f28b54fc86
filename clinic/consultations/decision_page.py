"""What the decision's pages show: each finding with what would settle it, and a decision exactly as it was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinic.consultations.assessment import BODY, FACIAL, SUIT
from clinic.consultations.deciding_case import Screened
from clinic.consultations.deciding_checks import of_screening
from clinic.consultations.deciding_proposal import PROCEEDING, Proposal
from clinic.consultations.decision_form import DecisionForm
from clinic.consultations.models import Decision, Referral, Settlement
from clinic.consultations.settling import Demand, Reason, has_passed
from clinic.consultations.statements import kind_for
from screening import body_map
from screening.engine.outcome import Finding
from screening.presentation import ToldFinding, for_practitioner
from screening.presentation.facts import KINDS, is_of_goal, kind_of
from screening.presentation.told import ICONS, Told

# What a decision says, at a glance: tone and icon.
LOOKS = {
    Decision.Kind.PROCEED: ("clear", "check2-circle"),
    Decision.Kind.PROCEED_SITES: ("restricted", "geo-alt"),
    Decision.Kind.DEFER: ("deferred", "calendar3"),
    Decision.Kind.REFER: ("refer", "chat-square-text"),
    Decision.Kind.DECLINE: ("contraindicated", "x-octagon"),
}
ASSESSED = {**FACIAL, **SUIT, **BODY}
RECORD = {"clearance": "Record the clearance", "agreement": "Record the agreement", "ended": "Record that it has ended"}


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One finding on the decision's page. `words`: what settles it; `fields`: of the form, where one may choose.

    `record`: the words of the button that records a statement; `asks`: whether a doctor may be asked about it.
    """

    position: int
    told: ToldFinding
    tone: str
    icon: str
    words: str
    is_hopeless: bool
    fields: Sequence[Any]
    record: str
    asks: bool


@dataclass(frozen=True, slots=True)
class Deciding:
    """The page on which somebody decides. `no_yes`: why a yes is not possible now; without any it is."""

    case: Screened
    told: Told
    findings: Sequence[FindingShown]
    aside: Sequence[FindingShown]
    no_yes: Sequence[str]
    goals: str

    @property
    def is_to_be_asked(self) -> bool:
        """Whether something is not known yet that an answer would settle."""
        is_open = any(one.told.status == "unresolved" for one in self.findings)
        return is_open or bool(self.case.outcome.missing)


def deciding_page(case: Screened, form: DecisionForm, today: date) -> Deciding:
    """Return the page on which a screening is decided on. `findings` ask for something; `aside` do not."""
    told = for_practitioner(case.rule_set, case.outcome, case.plan)
    if no_yes := why_no_yes(case, form, today):
        form.close(PROCEEDING)
    elif form.barred:
        form.close(PROCEEDING[:1], "Some planned places are barred, so they are left out.")
    kept = [one for one in case.outcome.findings if not is_of_goal(case.rule_set, one)]
    demanded = {case.position(one.finding): one for one in form.demanded if one.finding is not None}
    shown = [
        _shown(case, finding, words, demanded.get(case.position(finding)), form, today)
        for finding, words in zip(kept, told.findings, strict=True)
    ]
    return Deciding(
        case=case,
        told=told,
        findings=[one for one in shown if one.position in demanded],
        aside=[one for one in shown if one.position not in demanded],
        no_yes=no_yes,
        goals=", ".join(label for code, label in form.fields["goals"].choices if code in form["goals"].value()),  # type: ignore[attr-defined]
    )


def why_no_yes(case: Screened, form: DecisionForm, today: date) -> list[str]:
    """Return why no yes is possible on a screening now, whatever is entered."""
    would_proceed = Proposal(kind=PROCEEDING[0], words="")
    lines = [refused.words for refused in of_screening(case.screening, would_proceed)]
    free = [site for site in case.planned if site not in form.barred]
    for demand in case.demands(free, today):
        if demand.is_hopeless:
            title = case.rule_set.rules[demand.finding.rule].title if demand.finding else ""
            lines.append(f"{title}: {demand.words}" if title else demand.words)
    if not free:
        lines.append("Every planned place is barred.")
    return list(dict.fromkeys(lines))


def _shown(  # noqa: PLR0913, PLR0917
    case: Screened, finding: Finding, told: ToldFinding, demand: Demand | None, form: DecisionForm, today: date
) -> FindingShown:
    position, kind = case.position(finding), kind_of(case.rule_set, case.outcome, finding)
    words = "It has ended by its own date." if has_passed(finding, today) else ""
    statement = kind_for(demand) if demand else ""
    return FindingShown(
        position=position,
        told=told,
        tone=KINDS[kind],
        icon=ICONS[KINDS[kind]],
        words=demand.words if demand else words,
        is_hopeless=demand is not None and demand.is_hopeless and finding.grade != "site",
        fields=form.of_finding(position),
        record=RECORD.get(statement, ""),
        asks=demand is not None and Reason.ANSWERED in demand.ways,
    )


@dataclass(frozen=True, slots=True)
class SettledShown:
    """One settlement in words."""

    row: Settlement
    title: str
    places: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it was made. `waits`: whether it still needs another person's word."""

    row: Decision
    tone: str
    icon: str
    treatment: str
    places: str
    left_out: str
    settled: Sequence[SettledShown]
    goals: str
    seen: Sequence[tuple[str, str]]
    views: Sequence[body_map.View]
    waits: bool


def decided_page(case: Screened, row: Decision, *, waits: bool) -> Decided:
    """Return a decision in words; nothing is judged again."""
    sites, settlements = case.rule_set.sites, list(row.settlements.all())
    states: Mapping[str, str] = {site: "planned" if site in row.sites else "barred" for site in case.planned}
    tone, icon = LOOKS[Decision.Kind(row.kind)]

    def named(codes: Sequence[str]) -> str:
        return ", ".join(sites[code].name for code in codes)

    return Decided(
        row=row,
        tone=tone,
        icon=icon,
        treatment=case.rule_set.treatments[row.treatment].name,
        places=named(row.sites),
        left_out=named(case.left_out(row.sites)) if row.sites else "",
        settled=[SettledShown(one, case.rule_set.rules[one.rule].title, named(one.sites)) for one in settlements],
        goals=", ".join(case.rule_set.goals[code].name for code in row.goals if code in case.rule_set.goals),
        seen=[(ASSESSED[code][0], text) for code, text in row.assessment.entries.items()] if row.assessment else [],
        views=body_map.pictured(case.rule_set, states, name="decided") if row.sites else [],
        waits=waits,
    )


def title_of(case: Screened, referral: Referral) -> str:
    """Return what a referral is about."""
    return case.rule_set.rules[referral.rule].title
