"""The gate: the only way to a session. It says what is missing and who can fix it; no request gets past it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from django.db import transaction
from django.http import HttpRequest

from clinic.consultations import check as checks
from clinic.consultations import gate_facts, gate_findings, gate_reasons
from clinic.consultations.check import Check
from clinic.consultations.gate_facts import Facts
from clinic.consultations.gate_reasons import OWNER, Reason
from clinic.consultations.models import Session, Stop
from clinic.events import record
from clinic.people.clinics import Device, Membership
from clinic.people.diary import Visit
from clinic.people.patients import Patient
from clinic.screenings.models import Door, Screening
from clinic.screenings.store import store
from screening.engine.answers import Answers
from screening.engine.rule_set import RuleSet
from screening.rulesets import NotScreenable, published

ELSEWHERE = Reason("elsewhere", "There is no such patient, device or visit.", OWNER)
Sameness = Mapping[str, Literal["same", "new"]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A session that somebody wants to start.

    `answers`: those given today, typed. `sameness`: by rule, whether what was settled is "same" as when it was decided
    or "new". `now`: on the clinic's clock. `after`: the newest session that the page knew of (0: none), so that a
    second press starts nothing; none: not looked at.
    """

    membership: Membership
    patient: Patient
    treatment: str
    device: Device | None
    sites: Sequence[str]
    channels_off: Sequence[str]
    answers: Answers
    now: datetime
    visit: Visit | None = None
    sameness: Sameness = field(default_factory=dict)
    after: int | None = None

    @property
    def today(self) -> date:
        """The day on the clinic's calendar."""
        return self.now.astimezone(self.membership.clinic.zone).date()


@dataclass(frozen=True, slots=True)
class Judged:
    """What the gate makes of it. Without `facts` and `check` it is not even a case that can be screened."""

    reasons: tuple[Reason, ...]
    facts: Facts | None = None
    check: Check | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a start: a session, or a stop with its reasons; neither where nothing could be kept."""

    reasons: tuple[Reason, ...] = ()
    session: Session | None = None
    stop: Stop | None = None


def may_start(wanted: Wanted) -> tuple[Reason, ...]:
    """Return what speaks against the start; empty where nothing does. Nothing is stored."""
    return judge(wanted).reasons


def judge(wanted: Wanted, facts: Facts | None = None) -> Judged:
    """Return what speaks against the start, with what it was judged by. `facts`: as just loaded, for a page."""
    if elsewhere := tuple(_of_people(wanted)):
        return Judged(elsewhere)
    try:
        rule_set = published()
    except NotScreenable:
        return Judged((Reason("no-rules", "No rules can be read. Nothing is started without them.", OWNER),))
    if not _is_offered(wanted, rule_set):
        return Judged((gate_reasons.NOT_OFFERED,))
    facts = facts or gate_facts.load(wanted.membership.clinic, wanted.patient, wanted.treatment, wanted.now)
    check = checks.begin(
        clinic=wanted.membership.clinic,
        standing=facts.standing.screening,
        rule_set=rule_set,
        treatment=wanted.treatment,
        sites=wanted.sites,
        todays=wanted.answers,
        at=wanted.now.astimezone(wanted.membership.clinic.zone),
    )
    reasons = (
        *gate_reasons.before(facts, wanted.today),
        *_of_request(wanted, facts, check),
        *gate_findings.of_check(facts, check, wanted.sites, wanted.channels_off, wanted.sameness),
    )
    return Judged(reasons, facts, check)


def start(wanted: Wanted, request: HttpRequest | None = None) -> Ended:
    """Start a session where nothing speaks against it; else keep the check and the stop, and return the reasons."""
    return _end(wanted, request, may_open=True)


def stop(wanted: Wanted, request: HttpRequest | None = None) -> Ended:
    """Keep the check and the stop, whatever else; where nothing speaks against the start, keep nothing."""
    return _end(wanted, request, may_open=False)


@transaction.atomic
def _end(wanted: Wanted, request: HttpRequest | None, *, may_open: bool) -> Ended:
    if not gate_facts.lock(wanted.membership.clinic, wanted.patient, wanted.treatment):
        return Ended((ELSEWHERE,))
    judged = judge(wanted)
    facts, check = judged.facts, judged.check
    if facts is None or check is None or not check.planned:
        return Ended(judged.reasons)
    if _is_second_press(wanted, facts) or (not judged.reasons and not may_open):
        return Ended(judged.reasons, session=facts.session)
    screening = _keep(wanted, facts, check)
    if judged.reasons:
        return Ended(judged.reasons, stop=_stopped(wanted, facts, screening, judged.reasons, request))
    return Ended(session=_started(wanted, facts, screening, request))


def _keep(wanted: Wanted, facts: Facts, check: Check) -> Screening:
    standing = facts.standing.screening
    return store(
        clinic=facts.clinic,
        patient=facts.patient,
        rule_set=check.rule_set,
        plan=check.plan,
        answers=check.answers,
        at=check.at,
        door=Door.SESSION,
        by=wanted.membership.user,
        role=wanted.membership.role,
        oldest_at=standing.begun_at if standing else None,
        based_on=standing,
        notes=gate_findings.in_words(check, wanted.sameness),
    )


def _whose(wanted: Wanted) -> dict[str, Any]:
    return {
        "clinic": wanted.membership.clinic,
        "patient": wanted.patient,
        "by": wanted.membership.user,
        "role": wanted.membership.role,
        "at": wanted.now,
        "treatment": wanted.treatment,
    }


def _stopped(
    wanted: Wanted, facts: Facts, screening: Screening, reasons: tuple[Reason, ...], request: HttpRequest | None
) -> Stop:
    row = Stop(
        **_whose(wanted),
        check_screening=screening,
        decision=facts.decision,
        reasons=list(dict.fromkeys(reason.code for reason in reasons)),
        rules=list(dict.fromkeys(reason.rule for reason in reasons if reason.rule)),
        reopens=not gate_reasons.holds_only(reasons),
        needs_screening=gate_reasons.wants_screening(reasons),
    )
    row.save(force_insert=True)
    _record("session stopped", wanted, row, request)
    return row


def _started(wanted: Wanted, facts: Facts, screening: Screening, request: HttpRequest | None) -> Session:
    with Session.door():
        row = Session(
            **_whose(wanted),
            decision=facts.decision,
            consent=facts.consent,
            check_screening=screening,
            visit=wanted.visit,
            device=wanted.device,
            sites=list(wanted.sites),
            channels_off=list(wanted.channels_off),
        )
        row.save(force_insert=True)
    _record("session started", wanted, row, request)
    return row


def _record(action: str, wanted: Wanted, row: Session | Stop, request: HttpRequest | None) -> None:
    clinic, actor = wanted.membership.clinic, wanted.membership.user
    record(action, clinic=clinic, patient=wanted.patient, about=row, request=request, actor=actor, at=wanted.now)


def _of_people(wanted: Wanted) -> Iterator[Reason]:
    membership, clinic = wanted.membership, wanted.membership.clinic
    if membership.suspended or not membership.is_clinical:
        yield Reason("role", "Only a practitioner, a supervisor or the owner starts a session.", OWNER)
    rows = (wanted.patient, wanted.device, wanted.visit)
    strangers = [row for row in rows if row is not None and row.clinic_id != clinic.pk]
    if strangers or (wanted.visit and wanted.visit.patient_id != wanted.patient.pk):
        yield ELSEWHERE


def _is_offered(wanted: Wanted, rule_set: RuleSet) -> bool:
    treatment = rule_set.treatments.get(wanted.treatment)
    is_known = treatment is not None and treatment.plan != "not-offered"
    return is_known and wanted.treatment in wanted.membership.clinic.treatments


def _is_second_press(wanted: Wanted, facts: Facts) -> bool:
    return wanted.after is not None and facts.session is not None and facts.session.pk != wanted.after


def _of_request(wanted: Wanted, facts: Facts, check: Check) -> Iterator[Reason]:
    if _is_second_press(wanted, facts):
        yield Reason("already-started", "A session was started since this page was opened.")
    if facts.decision is None:
        return
    decided, sites, off = facts.decision, set(wanted.sites), set(wanted.channels_off)
    if wanted.device is None or decided.device_id != wanted.device.pk:
        yield Reason("device", "The decision is for another device.", weight="against")
    elif not wanted.device.in_use:
        yield Reason("device-out-of-use", "This device is out of use.", OWNER)
    if not sites or not sites <= set(decided.sites) or not sites <= set(check.planned):
        yield Reason("sites", "The decision does not cover these places.", weight="against")
    is_suit = check.rule_set.treatments[wanted.treatment].plan == "fixed"
    if is_suit and (sites != set(check.planned) - off or not set(decided.channels_off) <= off):
        yield Reason("channels", "A channel that the decision leaves off is not off.", weight="against")
