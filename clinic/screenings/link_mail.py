"""The e-mail that brings a person their link."""

from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext

from clinic.screenings.models import Invitation


def send_link(invitation: Invitation, address: str) -> bool:
    """Send a link to its patient, and return whether the mail server took it."""
    clinic, patient = invitation.clinic, invitation.patient
    message = EmailMessage(
        subject=gettext("Your self-check for %(clinic)s") % {"clinic": clinic.name},
        body=render_to_string("screenings/link_mail.txt", {"invitation": invitation, "address": address}),
        to=[patient.email],
        reply_to=[clinic.email] if clinic.email else None,
    )
    try:
        return bool(message.send())
    except (SMTPException, OSError):
        return False
