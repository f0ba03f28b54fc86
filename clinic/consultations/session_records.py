"""What is written down after a session started: its record, and what went wrong."""

from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from clinic.consultations.keeping import keep, take_turn, whose
from clinic.consultations.models import AdverseEvent, Session, SessionRecord
from clinic.people.clinics import SUPERVISING, Membership

# What two records that say the same still differ in.
APART = ("id", "at")


@transaction.atomic
def save_record(  # noqa: PLR0913
    session: Session,
    *,
    membership: Membership,
    settings: Mapping[str, Any],
    outside: Mapping[str, str],
    words: Mapping[str, str],
    request: HttpRequest,
) -> SessionRecord:
    """Write the record of a session; one that is there stays, and the new one counts.

    The very same by the same person once more, as a second press sends it, is written once.

    `words`: felt, reaction, aftercare and words of the row, as far as they were written.
    """
    row = SessionRecord(
        **whose(session.patient, membership), session=session, settings=settings, outside=outside, **words
    )
    # One at a time for each session: two presses at once would both find nothing to compare with.
    Session.objects.select_for_update(no_key=True, of=("self",)).get(pk=session.pk)
    newest: SessionRecord | None = SessionRecord.objects.filter(session=session).order_by("-id").first()
    if newest and _says(newest) == _says(row):
        return newest
    keep(row, "session recorded", request)
    return row


def _says(row: SessionRecord) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in APART
    }


def last_settings(session: Session) -> Mapping[str, Any]:
    """Return the settings of the patient's session of the same treatment before this one; nothing where none was."""
    before = SessionRecord.objects.filter(
        session__patient_id=session.patient_id,
        session__clinic_id=session.clinic_id,
        session__treatment=session.treatment,
        session__voided=None,
        session__lt=session.pk,
    )
    newest = before.order_by("-session_id", "-id").first()
    return newest.settings if newest else {}


@transaction.atomic
def report(event: AdverseEvent, session: Session, *, membership: Membership, request: HttpRequest) -> AdverseEvent:
    """Store an adverse event of a session, and tell the clinic's supervisors once it is stored."""
    for name, value in whose(session.patient, membership).items():
        setattr(event, name, value)
    take_turn(session.patient)
    event.session, event.at = session, timezone.now()
    keep(event, "adverse event recorded", request)
    address = request.build_absolute_uri(reverse("staff-adverse", args=[event.pk]))
    transaction.on_commit(lambda: tell_supervisors(event, address))
    return event


def tell_supervisors(event: AdverseEvent, address: str) -> bool:
    """Send the owner and supervisors where to read about it; nothing of it, and no name, is in the mail itself."""
    rows = Membership.objects.filter(clinic=event.clinic, role__in=SUPERVISING, suspended=False)
    to = list(rows.values_list("user__email", flat=True))
    body = render_to_string("consultations/adverse_mail.txt", {"clinic": event.clinic, "address": address})
    message = EmailMessage(subject=f"Something went wrong at {event.clinic.name}", body=body, bcc=to)
    try:
        return bool(to and message.send())
    except (SMTPException, OSError):
        return False
