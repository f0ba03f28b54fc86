"""Invitations: made by staff for one person and one sending, opened by a secret link or on the clinic's tablet."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from clinic.events import record
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.screenings.models import Door, Draft, Invitation
from screening.rulesets import with_newest

SECRET_BYTES = 32
REF_BYTES = 6
# So many wrong dates of birth close a link.
MOST_WRONG_DATES = 5


Purpose = Invitation.Purpose
# The page behind the date of birth.
FIRST_PAGE = {
    Purpose.SELF_CHECK: "self-check:welcome",
    Purpose.CONSENT: "consent-sign",
    Purpose.COPY: "shared-copy",
}


class EndedError(Exception):
    """The invitation takes no more answers: they were sent, or it was closed."""


def invite(  # noqa: PLR0913
    *,
    clinic: Clinic,
    patient: Patient,
    door: str,
    by: Any,
    purpose: str = Purpose.SELF_CHECK,
    request: HttpRequest | None = None,
) -> tuple[Invitation, str]:
    """Make an invitation, and return it with its secret: the only time that the secret is known; a tablet has none."""
    secret = secrets.token_urlsafe(SECRET_BYTES) if door == Door.LINK else ""
    with transaction.atomic():
        drop_ended_drafts()
        invitation = Invitation.objects.create(
            clinic=clinic,
            patient=patient,
            purpose=purpose,
            door=door,
            ref=secrets.token_hex(REF_BYTES),
            secret_hash=_hashed(secret) if secret else None,
            made_by=by,
            expires_at=_end_of(clinic, door),
        )
        if purpose == Purpose.SELF_CHECK:
            Draft.objects.create(invitation=invitation, state={})
        _record("link made" if door == Door.LINK else "tablet started", invitation, request, by)
    return invitation, secret


def on_tablet(*, clinic: Clinic, patient: Patient, by: Any, request: HttpRequest) -> Invitation:
    """Return the patient's invitation for the clinic's tablet: an unsent one of today goes on where it was left."""
    today = Invitation.objects.filter(
        clinic=clinic, patient=patient, door=Door.TABLET, purpose=Purpose.SELF_CHECK, sending=None
    )
    begun = today.filter(closed_at=None, expires_at__gt=timezone.now()).first()
    if begun is None:
        return invite(clinic=clinic, patient=patient, door=Door.TABLET, by=by, request=request)[0]
    _record("tablet started again", begun, request, by)
    return begun


def address(invitation: Invitation, secret: str, request: HttpRequest) -> str:
    """Return the whole address of a link."""
    return request.build_absolute_uri(reverse("link-door", args=[invitation.clinic.slug, secret]))


def find(clinic_slug: str, secret: str) -> Invitation | None:
    """Return the open invitation that a link's secret belongs to; None for a wrong, expired or closed one alike."""
    found = named_by(clinic_slug, secret)
    return found if found is not None and found.is_open(timezone.now()) else None


def named_by(clinic_slug: str, secret: str) -> Invitation | None:
    """Return the invitation that a link's secret belongs to, also one that has ended; None for a wrong secret."""
    return _joined(clinic_slug).filter(secret_hash=_hashed(secret)).first()


def by_ref(clinic_slug: str, ref: str, *purposes: str) -> Invitation | None:
    """Return an open invitation with its clinic, patient, draft, sending and `newest_rules`; None when it has ended.

    `purposes`: what it may be for; without any, a self-check only.
    """
    kept = _open_ones(clinic_slug).filter(purpose__in=purposes or [Purpose.SELF_CHECK])
    return with_newest(kept).filter(ref=ref).first()


def first_page(invitation: Invitation) -> str:
    """Return the address that an admitted browser begins at."""
    way = f"{invitation.door}-{invitation.ref}"
    return reverse(FIRST_PAGE[Purpose(invitation.purpose)], kwargs={"slug": invitation.clinic.slug, "way": way})


def confirm_birth(invitation: Invitation, born: date, request: HttpRequest | None = None) -> bool:
    """Return whether somebody knows the person's date of birth. The fifth wrong one closes the link for everybody."""
    is_right = born == invitation.patient.born
    with transaction.atomic():
        # The row itself counts, so that many guesses at once are no more than five.
        row = Invitation.objects.filter(pk=invitation.pk, closed_at=None, wrong_dates__lt=MOST_WRONG_DATES)
        if not row.update(wrong_dates=F("wrong_dates") + (0 if is_right else 1)):
            return False
        if is_right:
            _record("date of birth confirmed", invitation, request)
        elif _close(invitation, wrong_dates=MOST_WRONG_DATES):
            _record("link closed after five wrong dates of birth", invitation, request)
        else:
            _record("wrong date of birth", invitation, request)
    return is_right


def close(invitation: Invitation, request: HttpRequest) -> bool:
    """Close an invitation, its draft included; return whether it was open until now."""
    with transaction.atomic():
        if closed := _close(invitation):
            _record("link closed" if invitation.door == Door.LINK else "tablet closed", invitation, request)
    return closed


def draft_of(invitation: Invitation) -> dict[str, Any] | None:
    """Return the answers so far; None when there are none."""
    draft = getattr(invitation, "draft", None)
    return (draft.state or None) if draft else None


def keep_draft(invitation: Invitation, merge: Callable[[dict[str, Any] | None], dict[str, Any]]) -> dict[str, Any]:
    """Change the answers so far, and return them.

    `merge` takes them as they are now and gives them as they shall be; it runs again when another tab was faster, so
    that neither loses anything. Raises EndedError, and keeps nothing, when they were sent or the invitation closed.
    """
    draft = getattr(invitation, "draft", None)
    while draft is not None:
        kept = merge(draft.state or None)
        as_read = Draft.objects.filter(pk=draft.pk, revision=draft.revision)
        if as_read.update(state=kept, revision=F("revision") + 1, changed_at=timezone.now()):
            draft.state, draft.revision = kept, draft.revision + 1
            invitation.draft = draft
            return kept
        draft = Draft.objects.filter(pk=draft.pk).first()
    raise EndedError


def drop_ended_drafts() -> None:
    """Delete the answers that nobody can reach any more, because their invitation expired."""
    Draft.objects.filter(invitation__expires_at__lte=timezone.now()).delete()


def _joined(clinic_slug: str) -> QuerySet[Invitation]:
    joined = Invitation.objects.select_related("clinic", "patient", "draft", "sending__screening")
    return joined.defer("clinic__logo").filter(clinic__slug=clinic_slug)


def _open_ones(clinic_slug: str) -> QuerySet[Invitation]:
    return _joined(clinic_slug).filter(closed_at=None, expires_at__gt=timezone.now())


def _close(invitation: Invitation, **condition: Any) -> bool:
    """Close an invitation and delete its draft; return whether it was open until now."""
    still_open = Invitation.objects.filter(pk=invitation.pk, closed_at=None, **condition)
    if not still_open.update(closed_at=timezone.now()):
        return False
    Draft.objects.filter(invitation=invitation).delete()
    return True


def _record(action: str, invitation: Invitation, request: HttpRequest | None, actor: Any = None) -> None:
    known = {"clinic": invitation.clinic, "patient": invitation.patient, "actor": actor}
    record(action, about=invitation, request=request, **known)


def _end_of(clinic: Clinic, door: str) -> datetime:
    now = clinic.now()
    if door == Door.LINK:
        return now + timedelta(days=clinic.link_days)
    return clinic.midnight(now.date() + timedelta(days=1))


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
