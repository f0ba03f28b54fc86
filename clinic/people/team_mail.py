"""The e-mails that tell a person how they get in, or that their second factor was reset."""

from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from clinic.people.clinics import Membership
from clinic.people.opening import password_path


def way_in(member: Membership, request: HttpRequest) -> str:
    """Give the one-time address where somebody new sets a password; none for who has one already."""
    user: Any = member.user
    return "" if user.has_usable_password() else request.build_absolute_uri(password_path(user))


def send_invitation(member: Membership, address: str, request: HttpRequest) -> bool:
    """Tell a person that they are on the team, and return whether the mail server took it."""
    subject = f"Your sign-in at {member.clinic.name}"
    return _send(member, subject, "people/team_invitation.txt", request, address=address)


def send_reset(member: Membership, request: HttpRequest) -> bool:
    """Tell a person that their second factor was reset, and return whether the mail server took it."""
    return _send(member, "Your second factor was reset", "people/team_reset.txt", request)


def _send(member: Membership, subject: str, template: str, request: HttpRequest, **context: str) -> bool:
    context["sign_in"] = request.build_absolute_uri(reverse("sign-in"))
    message = EmailMessage(
        subject=subject,
        body=render_to_string(template, {"member": member, "by": request.user, **context}),
        to=[member.user.email],
        reply_to=[member.clinic.email] if member.clinic.email else None,
    )
    try:
        return bool(message.send())
    except (SMTPException, OSError):
        return False
