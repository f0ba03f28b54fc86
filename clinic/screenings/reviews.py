"""The review of a received self-check: made once, by a screening of staff's own, or set aside for a reason."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from clinic.events import record
from clinic.people.patients import Patient
from clinic.screenings.matching import patient_of
from clinic.screenings.models import AwaitingReview, Review, Screening, Sending
from clinic.screenings.store import urgency_of


class AlreadyReviewed(Exception):
    """Somebody reviewed this self-check, set it aside, or said that it is another's, before."""


@transaction.atomic
def review(
    sending: Sending,
    *,
    by: Any,
    screening: Screening | None = None,
    set_aside: str = "",
    request: HttpRequest | None = None,
) -> Review:
    """Keep what staff made of a self-check: a `screening` of their own, or the reason why it was `set_aside`.

    It no longer waits then. Raises AlreadyReviewed where it did not wait, or for another patient than the screening's;
    ValueError where neither or both are given.
    """
    if (screening is None) == (not set_aside.strip()):
        raise ValueError("A review is a screening, or a reason to set it aside.")
    # The row that waits is the lock: whoever takes it away is the one who reviewed.
    waiting = AwaitingReview.objects.select_for_update().filter(sending=sending).first()
    if waiting is None or (screening is not None and screening.patient_id != waiting.patient_id):
        raise AlreadyReviewed
    made = Review(clinic=sending.clinic, sending=sending, screening=screening, set_aside=set_aside.strip(), by=by)
    made.save(force_insert=True)
    gone, _ = waiting.delete()
    if not gone:
        raise AlreadyReviewed
    patient, action = waiting.patient, "self-check reviewed" if screening else "self-check set aside"
    record(action, clinic=sending.clinic, patient=patient, about=sending, request=request, actor=by)
    return made


def wait_again(screening: Screening) -> None:
    """Let the self-check that a now voided `screening` reviewed wait for a review again."""
    made = Review.objects.filter(screening=screening).select_related("sending__screening").first()
    if made is None:
        return
    wait_for_review(made.sending, patient_of(made.sending))


def wait_for_review(sending: Sending, patient: Patient | None) -> None:
    """Let a self-check wait for a review, as one of `patient`'s; none: nobody knows whose it is."""
    facts = {"clinic": sending.clinic, "urgency": urgency_of(sending.screening), "sent_at": sending.sent_at}
    AwaitingReview.objects.update_or_create(
        sending=sending, defaults={"patient": patient}, create_defaults=facts | {"patient": patient}
    )
