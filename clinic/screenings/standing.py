"""How an invitation stands, for the staff who made it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic.people.clinics import Clinic
from clinic.screenings.invitations import MOST_WRONG_DATES, draft_of
from clinic.screenings.models import Invitation

# How long a link that somebody tried to guess a way through is shown above what was received.
LATELY = timedelta(days=14)
# What a link leads to where it is no self-check: icon and words.
PAPERS: Mapping[str, tuple[str, str]] = {
    Invitation.Purpose.CONSENT: ("pen", "A consent to sign"),
    Invitation.Purpose.COPY: ("file-earmark-text", "A paper to read"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One invitation as a row of a list. `is_open`: it can still be used; `needs_a_look`: somebody tried to guess."""

    invitation: Invitation
    icon: str
    words: str
    since: datetime
    is_open: bool = False
    needs_a_look: bool = False


def standings(invitations: Iterable[Invitation], now: datetime) -> list[Standing]:
    """Return how each invitation stands at `now`; draft and sending come joined with it."""
    return [_standing(invitation, now) for invitation in invitations]


def in_force(rows: Iterable[Standing], now: datetime) -> tuple[list[Standing], list[Standing]]:
    """Part invitations into those that still matter, open or guessed at lately, and the earlier ones."""
    shown = list(rows)
    matter = [row for row in shown if row.is_open or (row.needs_a_look and row.since > now - LATELY)]
    return matter, [row for row in shown if row not in matter]


def lately_guessed(clinic: Clinic, now: datetime) -> list[Invitation]:
    """Return the links that five wrong dates of birth closed in the last days, the newest first."""
    closed = Invitation.objects.filter(clinic=clinic, wrong_dates__gte=MOST_WRONG_DATES, closed_at__gt=now - LATELY)
    return list(closed.select_related("patient").order_by("-closed_at"))


def _standing(invitation: Invitation, now: datetime) -> Standing:
    is_open = invitation.is_open(now)
    if sending := getattr(invitation, "sending", None):
        return Standing(invitation, "check2-circle", "Sent to you", sending.sent_at, is_open)
    if invitation.closed_at and invitation.wrong_dates >= MOST_WRONG_DATES:
        words = "Closed after five wrong dates of birth"
        return Standing(invitation, "exclamation-circle", words, invitation.closed_at, needs_a_look=True)
    if invitation.closed_at:
        return Standing(invitation, "lock", "Closed by your clinic", invitation.closed_at)
    if not is_open:
        words = "Expired" if invitation.purpose in PAPERS else "Expired, not sent"
        return Standing(invitation, "clock", words, invitation.expires_at)
    return _open_one(invitation)


def _open_one(invitation: Invitation) -> Standing:
    if invitation.purpose in PAPERS:
        return Standing(invitation, *PAPERS[invitation.purpose], invitation.made_at, is_open=True)
    draft = getattr(invitation, "draft", None)
    if draft and draft_of(invitation):
        return Standing(invitation, "chat-square-text", "Begun, not sent yet", draft.changed_at, is_open=True)
    return Standing(invitation, "envelope", "Not begun yet", invitation.made_at, is_open=True)
