"""The doors: the clinic's open one, a personal link with its date of birth, and the tablet handed over."""

from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinic.events import record
from clinic.leaving import SHOWN, leave_nothing
from clinic.people.limits import limited
from clinic.screenings import invitations
from clinic.screenings.models import Door, Invitation
from clinic.self_check import tablet
from clinic.self_check.entering import find_clinic, no_way_in
from clinic.self_check.forms import BirthForm
from clinic.self_check.ways import ANONYMOUS, admit, admitted, dismiss


@login_not_required
@require_safe
def clinic_door(_request: HttpRequest, slug: str) -> HttpResponse:
    """Lead from the clinic's short address to the self-check that is open to everybody."""
    find_clinic(slug)
    return redirect("self-check:welcome", slug=slug, way=ANONYMOUS)


@login_not_required
@require_safe
@limited("link", "GET", "HEAD")
def link_door(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    """Take the secret out of the address bar at once. Nothing is used up: a mail scanner may come here first."""
    invitation = invitations.named_by(slug, secret)
    if invitation is None or not invitation.is_open(timezone.now()):
        return no_way_in(request, slug, invitation)
    way = f"{Door.LINK}-{invitation.ref}"
    response = redirect("birth", slug=slug, way=way)
    admit(response, way, confirmed=False)
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("birth")
def birth(request: HttpRequest, slug: str, way: str) -> HttpResponse:
    """Let the person whom a link was made for in, by their date of birth."""
    invitation = (
        invitations.by_ref(slug, way.partition("-")[2], *Invitation.Purpose) if admitted(request, way) else None
    )
    if invitation is None or invitation.door != Door.LINK:
        return no_way_in(request, slug)
    form = BirthForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if invitations.confirm_birth(invitation, form.cleaned_data["born"], request):
            response = redirect(invitations.first_page(invitation))
            admit(response, way, confirmed=True)
            return response
        invitation = invitations.by_ref(slug, invitation.ref, *Invitation.Purpose)
        if invitation is None:
            return no_way_in(request, slug)
        form.add_error("born", form.not_the_one)
    context: dict[str, Any] = {"clinic": invitation.clinic, "form": form, "way": {"text": way}}
    return render(request, "self_check/birth.html", context)


def hand_over(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """End the staff session and leave the tablet with what was opened; anything else asks for the password."""
    record(
        "tablet handed over", clinic=invitation.clinic, patient=invitation.patient, about=invitation, request=request
    )
    logout(request)
    way = f"{Door.TABLET}-{invitation.ref}"
    base = reverse("self-check:welcome", kwargs={"slug": invitation.clinic.slug, "way": way})
    response = redirect(invitations.first_page(invitation))
    admit(response, way, confirmed=True)
    tablet.lock(response, invitation.clinic, base)
    return leave_nothing(response, SHOWN)


@login_not_required
@require_safe
def over(request: HttpRequest, slug: str, way: str) -> HttpResponse:
    """The end on the tablet: nothing of the person is left here."""
    clinic = find_clinic(slug)
    response = render(request, "self_check/over.html", {"clinic": clinic})
    dismiss(response, way)
    return leave_nothing(response, SHOWN)
