"""The head of the trail, mailed to the owners: with it a tail that somebody cut off is missed."""

from datetime import datetime, timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from clinic.events import Event, record
from clinic.people.clinics import Clinic
from clinic.privacy import sealing

MAILED = "head of the trail mailed"
# Once a day, whenever within the day the daily run comes.
AT_MOST_EVERY = timedelta(hours=20)


class NotMailed(Exception):
    """The mail server took no head for some clinics: a cut tail of the trail would not be missed there."""


def mail_heads(now: datetime | None = None) -> int:
    """Mail the newest seal's number, count, time and seal to each clinic's owners; return how many clinics got it.

    A clinic that got one within the last 20 hours gets none. Raises NotMailed once all clinics were tried.
    """
    now, head = now or timezone.now(), sealing.newest()
    if head is None:
        return 0
    context = {"head": head, "at": timezone.localtime(head.at), "unsealed": sealing.unsealed()}
    due = [clinic for clinic in Clinic.objects.defer("logo") if not _has_one(clinic, now)]
    sent = [_mail(clinic, context, now) for clinic in due]
    if failed := sent.count(None):
        raise NotMailed(f"The head was not mailed to the owners of {failed} × clinic: is the mail server right?")
    return sum(map(bool, sent))


def last_mailed() -> int:
    """Return the number of the last seal of which the trail says that its head was mailed; 0 without one."""
    told = (
        Event.objects.filter(action=MAILED, about__startswith="seal ").order_by("-pk").values_list("about", flat=True)
    )
    number = (told.first() or "").removeprefix("seal ")
    return int(number) if number.isascii() and number.isdecimal() else 0


def _has_one(clinic: Clinic, now: datetime) -> bool:
    lately = Event.objects.filter(clinic=clinic, action=MAILED, at__gt=now - AT_MOST_EVERY, at__lte=now)
    return lately.exists()


def _mail(clinic: Clinic, context: dict[str, object], now: datetime) -> bool | None:
    """Return whether anybody was mailed; none where the mail server failed."""
    addresses = list(clinic.owners.values_list("user__email", flat=True))
    if not addresses:
        return False
    body = render_to_string("privacy/trail_head.txt", context | {"clinic": clinic})
    try:
        # One mail to each: owners of a clinic need not know each other's address.
        sent = sum(EmailMessage("The head of the trail", body, to=[one]).send() for one in addresses)
    except (SMTPException, OSError):
        return None
    record(MAILED, clinic=clinic, about=context["head"], at=now)  # type: ignore[arg-type]
    return bool(sent)
