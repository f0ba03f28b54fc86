"""A question to a doctor about one finding: asked, sent, answered or withdrawn. Nothing in it is ever edited."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from clinic.consultations.deciding_case import Screened
from clinic.consultations.deciding_proposal import Refusal, Refused
from clinic.consultations.keeping import keep, take_turn, whose
from clinic.consultations.models import Letter, Referral, ReferralStep
from clinic.people.clinics import Clinic, Membership
from clinic.people.patients import of_present

Kind = ReferralStep.Kind
ENDED = (Kind.ANSWERED, Kind.WITHDRAWN)


class StepRefused(Refused):
    """A step cannot be added to a referral."""


@dataclass(frozen=True, slots=True)
class NewStep:
    """What became of a referral, on which day. `result`: what an answer does to the finding; `words`: in own words."""

    kind: str
    on: date
    result: str = ""
    words: str = ""
    letter: Letter | None = None


def open_ones(clinic: Clinic) -> QuerySet[Referral]:
    """Return the clinic's referrals without an answer, the oldest first, each with patient, author and steps."""
    asked = of_present(Referral, clinic).exclude(steps__kind__in=ENDED)
    return asked.select_related("patient", "by").prefetch_related("steps").order_by("id")


@transaction.atomic
def ask(  # noqa: PLR0913
    case: Screened,
    *,
    position: int,
    to: str,
    question: str,
    membership: Membership,
    request: HttpRequest | None = None,
) -> Referral:
    """Ask a doctor about the finding at `position` of an outcome, and return the referral."""
    screening, finding = case.screening, case.outcome.findings[position]
    referral = Referral(
        **whose(screening.patient, membership),
        screening=screening,
        rule=finding.rule,
        answers=case.deciding(finding),
        to=to.strip(),
        question=question.strip(),
    )
    keep(referral, "referral requested", request)
    return referral


@transaction.atomic
def add_step(
    referral: Referral, step: NewStep, *, membership: Membership, request: HttpRequest | None = None
) -> ReferralStep:
    """Add what became of a referral, and return the row. Raises StepRefused where it cannot have happened so."""
    take_turn(referral.patient)
    # Locked, so that two people do not end it in two ways.
    locked = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if refused := list(_against(locked, step, membership)):
        raise StepRefused(refused)
    row = ReferralStep(
        **whose(referral.patient, membership),
        referral=referral,
        kind=step.kind,
        on=step.on,
        result=step.result if step.kind == Kind.ANSWERED else "",
        words=step.words.strip(),
        letter=step.letter,
    )
    keep(row, f"referral {step.kind}", request, about=referral)
    return row


def next_kinds(referral: Referral) -> tuple[str, ...]:
    """Return what may become of a referral now."""
    been = {step.kind for step in referral.steps.all()}
    if been.intersection(ENDED):
        return ()
    return (*((Kind.SENT,) if Kind.SENT not in been else ()), Kind.ANSWERED, Kind.WITHDRAWN)


def _against(referral: Referral, step: NewStep, membership: Membership) -> Iterator[Refusal]:
    clinic, letter = membership.clinic, step.letter
    if step.kind not in next_kinds(referral):
        yield Refusal("", "This cannot become of it any more. Look at what was recorded before.")
    before = [one.on for one in referral.steps.all()] or [referral.at.astimezone(clinic.zone).date()]
    if step.on > clinic.now().date():
        yield Refusal("on", "This day is in the future. Check the date.")
    elif step.on < max(before):
        yield Refusal("on", "This day is before the step before it. Check the date.")
    if step.kind == Kind.ANSWERED and step.result not in ReferralStep.Result.values:
        yield Refusal("result", "Choose what the answer does to the finding.")
    if step.kind in ENDED and not step.words.strip():
        yield Refusal("words", "Write what the doctor says." if step.kind == Kind.ANSWERED else "Write why.")
    if letter is not None and (letter.patient_id, letter.clinic_id) != (referral.patient_id, referral.clinic_id):
        yield Refusal("file", "This letter is another person’s.")
