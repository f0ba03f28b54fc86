"""What is done from a patient's page: make a link, send it, close it, start on the clinic's tablet."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from clinic.events import record
from clinic.people.access import staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.limits import limited
from clinic.people.qr import qr_code
from clinic.screenings import invitations
from clinic.screenings.link_mail import send_link
from clinic.screenings.models import Door, Invitation

HandOver = Callable[[HttpRequest, Invitation], HttpResponse]


@require_POST
@staff_of_a_clinic()
def make_link(request: HttpRequest, membership: Membership, patient_id: int) -> HttpResponse:
    """Make a link and show it, this once: nobody keeps its secret, so this page is drawn at once and never again."""
    patient = get_object_or_404(membership.clinic.patients, pk=patient_id)
    invitation, secret = invitations.invite(
        clinic=membership.clinic, patient=patient, door=Door.LINK, by=request.user, request=request
    )
    return show_link(request, invitation, secret)


def show_link(request: HttpRequest, invitation: Invitation, secret: str, *, failed: bool = False) -> HttpResponse:
    """Show a link as an address and as a QR code; `failed`: the mail server did not take it."""
    address = invitations.address(invitation, secret, request)
    context = {"section": "patients", "invitation": invitation, "secret": secret, "address": address}
    return render(request, "screenings/link.html", context | {"qr": qr_code(address), "failed": failed})


@require_POST
@staff_of_a_clinic()
@limited("link-mail")
def mail_link(request: HttpRequest, membership: Membership, patient_id: int) -> HttpResponse:
    """Send a link, whose secret the page that showed it sends along, to the patient's e-mail."""
    patient = get_object_or_404(membership.clinic.patients, pk=patient_id)
    secret = request.POST.get("secret", "")
    invitation = invitations.find(membership.clinic.slug, secret)
    if invitation is None or invitation.patient != patient or not patient.email:
        messages.warning(request, "That link cannot be sent: it has ended, or there is no e-mail. Make a new one.")
    elif not send_link(invitation, invitations.address(invitation, secret, request)):
        return show_link(request, invitation, secret, failed=True)
    else:
        record("link sent by e-mail", clinic=membership.clinic, patient=patient, about=invitation, request=request)
        messages.success(request, f"The link is on its way to {patient.email}.")
    return redirect("staff-patient", patient.pk)


@require_POST
@staff_of_a_clinic()
def close_invitation(request: HttpRequest, membership: Membership, patient_id: int, invitation_id: int) -> HttpResponse:
    """Close an invitation: whoever has its link can do nothing more with it."""
    patient = get_object_or_404(membership.clinic.patients, pk=patient_id)
    invitation = get_object_or_404(patient.invitations.select_related("clinic", "patient"), pk=invitation_id)
    invitations.close(invitation, request)
    messages.success(request, "It is closed. Nobody can open it any more.")
    return redirect("staff-patient", patient.pk)


@require_POST
@staff_of_a_clinic()
def start_on_tablet(
    request: HttpRequest, membership: Membership, patient_id: int, *, hand_over: HandOver
) -> HttpResponse:
    """Invite on this very device; `hand_over` ends the staff session and leaves it with the patient."""
    patient = get_object_or_404(membership.clinic.patients, pk=patient_id)
    invitation = invitations.on_tablet(clinic=membership.clinic, patient=patient, by=request.user, request=request)
    return hand_over(request, invitation)
