"""The e-mail that brings a person their link."""

from collections.abc import Mapping
from smtplib import SMTPException
from types import MappingProxyType

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from clinic.screenings.models import Invitation

# A subject is read by whoever looks at the screen: it says nothing about health.
SUBJECTS: Mapping[str, Promise] = MappingProxyType(
    {
        Invitation.Purpose.SELF_CHECK: gettext_lazy("Your self-check for %(clinic)s"),
        Invitation.Purpose.CONSENT: gettext_lazy("A form to sign for %(clinic)s"),
        Invitation.Purpose.COPY: gettext_lazy("A paper for you from %(clinic)s"),
    }
)


def send_link(invitation: Invitation, address: str) -> bool:
    """Send a link to its patient, and return whether the mail server took it."""
    clinic, patient = invitation.clinic, invitation.patient
    message = EmailMessage(
        subject=str(SUBJECTS[invitation.purpose]) % {"clinic": clinic.name},
        body=render_to_string("screenings/link_mail.txt", {"invitation": invitation, "address": address}),
        to=[patient.email],
        reply_to=[clinic.email] if clinic.email else None,
    )
    try:
        return bool(message.send())
    except (SMTPException, OSError):
        return False
