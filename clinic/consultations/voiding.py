"""Wrong person: a screening, a decision or a session that does not count. It stays, struck out, and opens nothing."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from clinic.consultations.models import Decision, Session, VoidedDecision, VoidedSession
from clinic.events import record
from clinic.screenings.models import Screening, VoidedScreening, Voiding
from clinic.screenings.reviews import wait_again

Voidable = Screening | Decision | Session


@transaction.atomic
def void(row: Voidable, why: str, by: Any, request: HttpRequest | None = None) -> Voiding:
    """Void a row, for the reason `why` in staff's own words, and return the voiding; the second time, the first one.

    A self-check whose review is voided waits for a review again. Raises ValueError without a reason.
    """
    if not why.strip():
        raise ValueError("A voiding wants a reason.")
    # Locked, so that nobody starts a session on it at the same time.
    row = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    kind, column = _KINDS[type(row)]
    if already := kind.objects.filter(**{column: row}).first():
        found: Voiding = already
        return found
    voiding = kind(**{column: row}, why=why.strip(), by=by)
    voiding.save(force_insert=True)
    if isinstance(row, Screening):
        wait_again(row)
    record(f"{column} voided", clinic=row.clinic, patient=row.patient, about=row, request=request, actor=by)
    return voiding


_KINDS: dict[type[Voidable], tuple[type[Voiding], str]] = {
    Screening: (VoidedScreening, "screening"),
    Decision: (VoidedDecision, "decision"),
    Session: (VoidedSession, "session"),
}
