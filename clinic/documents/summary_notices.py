"""What stands in large words above a decision: why it does not count, or not yet. Read from rows; nothing is judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from clinic.consultations.gate_facts import harm_since
from clinic.consultations.models import Decision, ReferralStep, Session, Stop
from clinic.documents.moments import on_the_clock
from clinic.screenings.models import Screening, Voiding

ANEW = "It has to be decided anew"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that has to be read first."""

    heading: str
    words: str


def struck_out(row: Decision | Session) -> Iterator[Notice]:
    """Yield that a decision or a session was struck out, where it was: why, by whom and when."""
    if hasattr(row, "voided"):
        what = "decision" if isinstance(row, Decision) else "session"
        yield Notice(f"Struck out: this {what} does not count", _why(row.voided, row))


def notices_of(row: Decision, *, waits: bool) -> tuple[Notice, ...]:
    """Return why a decision does not count, or not yet. `waits`: it still needs another person's word."""
    return (*struck_out(row), *_waiting(waits=waits), *_of_screening(row.screening), *overtaken(row))


def _waiting(*, waits: bool) -> Iterator[Notice]:
    if waits:
        yield Notice(
            "Waits for a countersign",
            "It goes against advice, on a doctor’s agreement. No session starts before a supervisor or an owner who "
            "did not make it has countersigned.",
        )


def _of_screening(screening: Screening) -> Iterator[Notice]:
    if hasattr(screening, "voided"):
        yield Notice("The screening that it was made on was struck out", _why(screening.voided, screening))
    correction = screening.corrections.order_by("id").first()
    if correction is not None:
        when = on_the_clock(correction.recorded_at, screening.clinic)
        yield Notice("The screening that it was made on was corrected", f"On {when}. {correction.why}".strip())


def overtaken(row: Decision) -> Iterator[Notice]:
    """Yield what was decided later, else what opened it again: a doctor's answer, harm, a strike-out, a stop."""
    of_both = {"clinic": row.clinic_id, "patient": row.patient_id, "treatment": row.treatment}
    later = Decision.objects.filter(**of_both, pk__gt=row.pk).order_by("-id").first()
    if later is not None:
        yield Notice("A later decision takes its place", f"It was made on {on_the_clock(later.at, row.clinic)}.")
        return
    settled = [one.rule for one in row.settlements.all()]
    said = ReferralStep.objects.filter(clinic=row.clinic_id, patient=row.patient_id, at__gt=row.at)
    if said.filter(result=ReferralStep.Result.KEEPS, referral__rule__in=settled).exists():
        yield Notice(ANEW, "A doctor’s answer since then keeps a finding that it had settled.")
    if _rests_on_struck_out(row):
        yield Notice(ANEW, "What settles a finding was recorded on a screening that was struck out.")
    if event := harm_since(row.pk, row.patient_id, row.at).order_by("id").first():
        when = on_the_clock(event.happened_at, row.clinic)
        yield Notice(ANEW, f"Something went wrong in a session on {when}. What was decided counts no more.")
    if stop := _stops(row).order_by("id").first():
        when = on_the_clock(stop.at, row.clinic)
        yield Notice(ANEW, f"A session was stopped on {when}. What was decided counts no more.")


def _rests_on_struck_out(row: Decision) -> bool:
    """Return whether somebody's word that a decision rests on was of another screening, struck out by now."""
    said = Q(statement__screening__voided__isnull=False) | Q(referral__screening__voided__isnull=False)
    own = Q(statement__screening=row.screening_id) | Q(referral__screening=row.screening_id)
    return row.settlements.filter(said).exclude(own).exists()


def _stops(row: Decision) -> Any:
    """Return the stops that open a decision again: of its treatment, and of any that want all questions asked again."""
    since = Q(decision=row) | Q(at__gte=row.at)
    elsewhere = Q(needs_screening=True, at__gte=row.screening.begun_at)
    stops = Stop.objects.filter(clinic=row.clinic_id, patient=row.patient_id)
    return stops.filter(Q(since, treatment=row.treatment, reopens=True) | elsewhere)


def _why(voiding: Voiding, row: Decision | Session | Screening) -> str:
    return f"{voiding.why} {voiding.by.name}, {on_the_clock(voiding.at, row.clinic)}."
