"""Not theirs after all: a stranger's self-check that was matched to the wrong person waits for its match again."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from clinic.events import record
from clinic.screenings.models import AwaitingReview, Match, Mismatch, Screening, Sending
from clinic.screenings.reviews import wait_for_review


class NotToUnmatch(Exception):
    """Nothing can be taken back: nobody has matched it, or a screening that counts was or is being made of it."""


@transaction.atomic
def unmatch(sending: Sending, why: str, *, by: Any, request: HttpRequest | None = None) -> Mismatch:
    """Take back whose self-check it was said to be, for the reason `why`; it waits again, and is nobody's.

    Raises NotToUnmatch where there is nothing to take back, ValueError without a reason.
    """
    if not why.strip():
        raise ValueError("What is taken back wants a reason.")
    # The row that waits is the lock of a review too, so that none is made of it at the same time.
    AwaitingReview.objects.select_for_update().filter(sending=sending).first()
    said = Match.objects.select_for_update().select_related("patient").filter(sending=sending).first()
    if said is None or is_built_on(sending):
        raise NotToUnmatch
    taken_back = Mismatch(
        clinic=sending.clinic,
        sending=sending,
        patient=said.patient,
        matched_by=said.by,
        matched_at=said.at,
        why=why.strip(),
        by=by,
    )
    taken_back.save(force_insert=True)
    said.delete()
    wait_for_review(sending, None)
    action = "self-check match taken back"
    record(action, clinic=sending.clinic, patient=said.patient, about=taken_back, request=request, actor=by)
    return taken_back


def is_built_on(sending: Sending) -> bool:
    """Return whether an intake is open on it, or a screening that was not struck out was made of it."""
    if sending.intakes.exists():
        return True
    made = Screening.objects.filter(review__sending=sending)
    while found := list(made.values_list("pk", "voided")):
        if any(voided is None for _, voided in found):
            return True
        # A correction carries the same answers.
        made = Screening.objects.filter(corrects__in=[key for key, _ in found])
    return False
