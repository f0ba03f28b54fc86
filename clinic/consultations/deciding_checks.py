"""What has to hold for a decision beside its findings: who decides, on which screening, and a plan that is whole."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from clinic.consultations.assessment import entries_for
from clinic.consultations.deciding_case import Screened
from clinic.consultations.deciding_plan import MOST_DAYS, MOST_SESSIONS, is_outside
from clinic.consultations.deciding_proposal import Proposal, Refusal
from clinic.consultations.models import Decision, Referral, ReferralStep, Stop
from clinic.people.clinics import CLINICAL, Membership
from clinic.screenings.models import Screening
from clinic.screenings.standing_screening import last_valid_day, standing_screenings
from screening.presentation.moments import moment_in_words

Kind = Decision.Kind
# A no may be said before everything is known; a yes may not.
NO_MATTER_FOR_A_NO = frozenset({"incomplete", "awaiting-review"})


def refusals(case: Screened, proposal: Proposal, membership: Membership) -> list[Refusal]:
    """Return everything that speaks against a proposal, but for its findings."""
    today = membership.clinic.now().date()
    found = [*of_person(case.screening, membership), *of_screening(case.screening, proposal)]
    if proposal.kind not in Kind.values:
        found.append(Refusal("kind", "Choose what you decide."))
    if not proposal.words.strip():
        found.append(Refusal("words", "Write the decision in your own words."))
    of_kind = {Kind.DEFER: _deferral, Kind.REFER: _referral}
    if proposal.proceeds:
        found += _plan(case, proposal, today)
    elif check := of_kind.get(Kind(proposal.kind) if proposal.kind in Kind.values else Kind.DECLINE):
        found += check(case, proposal, today)
    return found


def of_person(screening: Screening, membership: Membership) -> Iterator[Refusal]:
    """Yield why this person may not decide on this screening."""
    is_theirs = membership.clinic_id == screening.clinic_id and screening.patient_id is not None
    if membership.role not in CLINICAL or membership.suspended or not is_theirs:
        yield Refusal("", "You cannot decide on this screening.")


def of_screening(screening: Screening, proposal: Proposal) -> Iterator[Refusal]:
    """Yield why nothing, or no yes, is decided on a screening."""
    clinic = screening.clinic
    if screening.patient_id is None or screening.stage != "consultation":
        yield Refusal("", "Only a consultation screening of a patient is decided on.")
        return
    standing = standing_screenings(clinic, [screening.patient_id], clinic.now())[
        screening.patient_id, screening.treatment
    ]
    if standing.screening != screening:
        yield Refusal("", "A newer screening is there. Decide on that one.")
    for fault in standing.faults:
        if proposal.proceeds or fault.code not in NO_MATTER_FOR_A_NO:
            yield Refusal("", fault.words)
    if proposal.proceeds and is_overtaken(screening):
        yield Refusal("", "A session was stopped because health changed. Go through all questions again first.")


def is_overtaken(screening: Screening) -> bool:
    """Return whether a session was stopped since, in a way that only a new screening ends."""
    since = Q(check_screening__gt=screening.pk) | Q(at__gte=screening.begun_at)
    return Stop.objects.filter(since, patient=screening.patient, needs_screening=True).exists()


def _plan(case: Screened, proposal: Proposal, today: date) -> Iterator[Refusal]:
    """Yield what is missing or wrong in the plan of a yes."""
    yield from _places(case, proposal)
    device = proposal.device
    if device is None or device.clinic_id != case.screening.clinic_id or not device.in_use:
        yield Refusal("device", "Choose one of the clinic’s devices that is in use.")
    if case.screening.treatment not in case.screening.clinic.treatments:
        yield Refusal("kind", "The clinic does not offer this treatment any more.")
    yield from _course(case, proposal)
    yield from _looked_at(case, proposal)
    if not set(proposal.goals) <= set(case.rule_set.goals):
        yield Refusal("goals", "Choose goals from the list.")
    if not proposal.expectations:
        yield Refusal("expectations", "Talk the expectations through, and say that you did.")
    last = last_valid_day(case.screening.clinic, case.screening)
    for field, end in (("ends_on", proposal.ends_on), *_ends(proposal, today)):
        yield from _end(field, end, today, last)


def _ends(proposal: Proposal, today: date) -> Iterator[tuple[str, date | None]]:
    return (
        (f"finding-{position}-ends_on", entry.ends_on)
        for position, entry in proposal.entries.items()
        # One that is past is told of the finding that it leaves open.
        if entry.reason and entry.ends_on and entry.ends_on >= today
    )


def _end(field: str, end: date | None, today: date, last: date) -> Iterator[Refusal]:
    if end is None or not today <= end <= last:
        yield Refusal(field, f"Choose a last day from today to {moment_in_words(last)}, the screening’s own.")


def _places(case: Screened, proposal: Proposal) -> Iterator[Refusal]:
    if not proposal.sites:
        yield Refusal("sites", "Choose at least one place to treat.")
        return
    if case.is_suit and not set(case.screening.clinic.suit_sites) <= set(case.planned):
        yield Refusal("sites", "Your suit now reaches a place that was not screened. Screen again.")
    left_out = case.left_out(proposal.sites)
    if left_out and proposal.kind == Kind.PROCEED:
        yield Refusal("kind", "Planned places are left out. Choose “Proceed on the allowed sites”.")
    if not left_out and proposal.kind == Kind.PROCEED_SITES:
        yield Refusal("kind", "Nothing is left out. Choose “Proceed”.")


def _course(case: Screened, proposal: Proposal) -> Iterator[Refusal]:
    course = proposal.course
    sessions, interval = course.get("sessions"), course.get("interval_days")
    if not isinstance(sessions, int) or not 1 <= sessions <= MOST_SESSIONS:
        yield Refusal("sessions", f"Enter how many sessions, from 1 to {MOST_SESSIONS}.")
    elif is_outside(case.screening.treatment, sessions) and not str(course.get("reason") or "").strip():
        yield Refusal("course_reason", "This number is outside what the source gives. Write your reason.")
    if interval is not None and not (isinstance(interval, int) and 1 <= interval <= MOST_DAYS):
        yield Refusal("interval_days", f"Enter the days between sessions, from 1 to {MOST_DAYS}.")


def _looked_at(case: Screened, proposal: Proposal) -> Iterator[Refusal]:
    known = entries_for(is_facial=case.is_facial, is_suit=case.is_suit)
    if not any(text.strip() for code, text in proposal.findings.items() if code in known):
        yield Refusal(
            f"saw-{next(iter(known))}", "Write what you found. A look at the person comes before any treatment."
        )
    if not set(proposal.findings) <= set(known):
        yield Refusal("", "The assessment has an entry that is not known.")
    if not proposal.qualification.strip():
        yield Refusal("qualification", "Enter your qualification.")


def _deferral(case: Screened, proposal: Proposal, today: date) -> Iterator[Refusal]:
    dated = [finding.until for finding in case.outcome.findings if finding.grade == "defer" and finding.until]
    if proposal.until is None or proposal.until <= today:
        yield Refusal("until", "Enter the day until which you defer, after today.")
    elif any(proposal.until.isoformat() < until.isoformat()[:10] for until in dated):
        yield Refusal("until", "A finding ends later than that. Choose its date, or a later one.")


def _referral(case: Screened, proposal: Proposal, _: date) -> Iterator[Refusal]:
    ask = proposal.ask
    if not ask:
        if not open_referrals(case.screening):
            yield Refusal("to", "Enter the doctor you ask, or record a referral first.")
        return
    if not str(ask.get("to") or "").strip():
        yield Refusal("to", "Enter the doctor you ask.")
    if not str(ask.get("question") or "").strip():
        yield Refusal("question", "Enter what you ask.")
    if ask.get("position") not in range(len(case.outcome.findings)):
        yield Refusal("about", "Choose the finding that you ask about.")


def open_referrals(screening: Screening) -> bool:
    """Return whether a doctor has been asked about this screening and has not answered yet."""
    ended = (ReferralStep.Kind.ANSWERED, ReferralStep.Kind.WITHDRAWN)
    asked = Referral.objects.filter(screening=screening)
    return asked.exclude(steps__kind__in=ended).exists()
