"""Another person's word for a decision against advice. Without it such a decision lets no session start."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from clinic.consultations.deciding_proposal import PROCEEDING
from clinic.consultations.keeping import keep, whose
from clinic.consultations.models import Countersign, Decision, Settlement, VoidedDecision
from clinic.consultations.settling import needs_countersign
from clinic.people.clinics import SUPERVISING, Clinic, Membership


class CountersignRefused(Exception):
    """A decision cannot be countersigned so. `lines`: why, a sentence each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(" ".join(lines))
        self.lines = lines


@transaction.atomic
def countersign(
    decision: Decision, words: str, *, membership: Membership, request: HttpRequest | None = None
) -> Countersign:
    """Countersign a decision against advice as another person, and return the row. Raises CountersignRefused."""
    Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    lines = list(against(decision, membership))
    if not words.strip():
        lines.append("Write why you agree.")
    if lines:
        raise CountersignRefused(lines)
    row = Countersign(**whose(decision.patient, membership), decision=decision, words=words.strip())
    keep(row, "decision countersigned", request, about=decision)
    return row


def waiting(clinic: Clinic) -> QuerySet[Decision]:
    """Return the decisions against advice that count once somebody countersigns, the oldest first, with patient."""
    agreed = Settlement.objects.filter(reason=Settlement.Reason.AGREEMENT, decision__clinic=clinic).values("decision")
    later = Decision.objects.filter(patient=OuterRef("patient"), treatment=OuterRef("treatment"), pk__gt=OuterRef("pk"))
    alone = Decision.objects.filter(~Exists(later), pk__in=agreed, kind__in=PROCEEDING, countersign=None, voided=None)
    found: QuerySet[Decision] = alone.select_related("patient", "by").order_by("id")
    return found


def against(decision: Decision, membership: Membership) -> Iterator[str]:
    """Yield why this person cannot countersign this decision."""
    if not needs_countersign(decision.settlements.all()):
        yield "This decision needs no countersign."
    if VoidedDecision.objects.filter(decision=decision).exists():
        yield "This decision was struck out."
    if Countersign.objects.filter(decision=decision).exists():
        yield "Somebody has countersigned it already."
    if membership.clinic_id != decision.clinic_id or membership.suspended or membership.role not in SUPERVISING:
        yield "Only a supervisor or an owner of this clinic countersigns."
    if membership.user_id == decision.by_id:
        yield "You made this decision. Another person countersigns it."
