"""The one service that makes a decision. It checks everything anew, whatever page or request it comes from."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from clinic.consultations import referrals
from clinic.consultations.assessment import assessed
from clinic.consultations.deciding_case import NotReadable, Screened, screened
from clinic.consultations.deciding_checks import refusals
from clinic.consultations.deciding_proposal import Proposal, Refusal, Refused
from clinic.consultations.deciding_settlements import Settling, settled_by
from clinic.consultations.gate_facts import newest_harm, newest_kept
from clinic.consultations.keeping import keep, whose
from clinic.consultations.models import Decision, Settlement
from clinic.people.clinics import Membership
from clinic.people.patients import Patient
from clinic.screenings.models import Screening

Kind = Decision.Kind
HARMED_SINCE = (
    "Something went wrong in a session since this page was opened. Read it first, among the adverse events. "
    "Store the decision if it is to count all the same."
)
KEPT_SINCE = (
    "A doctor’s answer that keeps a finding came in since this page was opened. Read it first, among the referrals. "
    "Store the decision if it is to count all the same."
)


class DecisionRefused(Refused):
    """A decision cannot be made so."""


@transaction.atomic
def decide(
    screening: Screening, proposal: Proposal, *, membership: Membership, request: HttpRequest | None = None
) -> Decision:
    """Decide on a screening, and return the row, which is never changed; a second press gives the first one's.

    Raises DecisionRefused, and keeps nothing then. `membership`: who decides. A decision against advice counts only
    once somebody else has countersigned it.
    """
    # Locked, so that nothing of the same patient changes between the checks and the row.
    Patient.objects.select_for_update(of=("self",)).filter(screenings=screening.pk).first()
    if meanwhile := _decided_since(screening, proposal):
        return _if_the_same(meanwhile, screening, proposal, membership)
    if proposal.harm is not None and newest_harm(screening.patient_id) > proposal.harm:
        raise DecisionRefused([Refusal("", HARMED_SINCE)])
    if proposal.kept is not None and newest_kept(screening.patient_id) > proposal.kept:
        raise DecisionRefused([Refusal("", KEPT_SINCE)])
    try:
        case = screened(screening)
    except NotReadable:
        raise DecisionRefused([Refusal("", "The rules of this screening are not as they were published.")]) from None
    today = membership.clinic.now().date()
    settling, open_demands = settled_by(case, proposal, today) if proposal.proceeds else ((), [])
    if refused := [*refusals(case, proposal, membership), *open_demands]:
        raise DecisionRefused(refused)
    return _made(case, proposal, settling, membership, request)


def newest_decision(screening: Screening) -> Decision | None:
    """Return the newest decision on the same patient and treatment, whatever became of it."""
    same = Decision.objects.filter(patient=screening.patient_id, treatment=screening.treatment)
    found: Decision | None = same.order_by("-id").first()
    return found


def _decided_since(screening: Screening, proposal: Proposal) -> Decision | None:
    newest = newest_decision(screening) if proposal.after is not None else None
    return newest if newest and newest.pk != proposal.after else None


def _if_the_same(made: Decision, screening: Screening, proposal: Proposal, membership: Membership) -> Decision:
    was = (made.by_id, made.screening_id, made.kind, made.words)
    if was == (membership.user_id, screening.pk, proposal.kind, proposal.words.strip()):
        return made
    words = "A decision was stored since this page was opened. Read it first. Store this one if it is to count instead."
    raise DecisionRefused([Refusal("", words)])


def _made(
    case: Screened,
    proposal: Proposal,
    settling: tuple[Settling, ...],
    membership: Membership,
    request: HttpRequest | None,
) -> Decision:
    screening, assessment = case.screening, None
    if any(text.strip() for text in proposal.findings.values()):
        assessment = assessed(
            screening,
            membership,
            is_facial=case.is_facial,
            entries=proposal.findings,
            qualification=proposal.qualification,
        )
    decision = Decision(
        **whose(screening.patient, membership),
        screening=screening,
        assessment=assessment,
        treatment=screening.treatment,
        kind=proposal.kind,
        words=proposal.words.strip(),
        **(_plan(case, proposal) if proposal.proceeds else {}),
        until=proposal.until if proposal.kind == Kind.DEFER else None,
    )
    with Decision.door(), Settlement.door():
        keep(decision, "decision made", request)
        for one in settling:
            Settlement(decision=decision, **one.columns()).save(force_insert=True)
    if proposal.kind == Kind.REFER and proposal.ask:
        referrals.ask(case, membership=membership, request=request, **proposal.ask)
    return decision


def _plan(case: Screened, proposal: Proposal) -> dict[str, Any]:
    """Return the columns that only a yes has."""
    return {
        "device": proposal.device,
        "sites": [site for site in case.planned if site in proposal.sites],
        "channels_off": list(case.left_out(proposal.sites)) if case.is_suit else [],
        "ends_on": proposal.ends_on,
        "course": {key: value for key, value in proposal.course.items() if value not in (None, "")},
        "goals": list(proposal.goals),
        "expectations": proposal.expectations,
    }
