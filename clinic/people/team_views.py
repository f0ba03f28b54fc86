"""The owner's pages of the team."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.events import record
from clinic.people import team as service
from clinic.people.access import OWNER_ONLY, reauthenticated, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.forms import posted
from clinic.people.team_forms import InviteForm, NewcomerForm, RoleForm
from clinic.people.team_mail import send_invitation, send_reset, way_in

ON_A_PAGE = 50


@require_safe
@staff_of_a_clinic(roles=OWNER_ONLY)
def team(request: HttpRequest, membership: Membership) -> HttpResponse:
    """List who works at the clinic, who did, and who has not signed in yet."""
    page = Paginator(service.team_of(membership.clinic), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/team.html", {"section": "settings", "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=OWNER_ONLY)
@reauthenticated()
def invite(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Invite a person for a role."""
    form = InviteForm(posted(request), action=reverse("staff-team-invite"), button="Invite")
    if form.is_valid():
        try:
            newcomer = service.invite(clinic=membership.clinic, request=request, **form.cleaned_data)
        except service.TeamRefusedError as refusal:
            form.add_error("email", str(refusal))
        else:
            return show_way_in(request, newcomer)
    return render(request, "people/team_form.html", {"section": "settings", "form": form, "heading": "Invite a person"})


@require_safe
@staff_of_a_clinic(roles=OWNER_ONLY)
def member(request: HttpRequest, membership: Membership, member_id: int) -> HttpResponse:
    """Show one person of the team, and what can be changed."""
    shown = member_of(membership, member_id)
    return show_member(request, shown, role_form(shown))


@require_POST
@staff_of_a_clinic(roles=OWNER_ONLY)
@reauthenticated(back="staff-team-member")
def change_role(request: HttpRequest, membership: Membership, member_id: int) -> HttpResponse:
    """Give a person another role."""
    changed = member_of(membership, member_id)
    form = role_form(changed, request.POST)
    if not form.is_valid():
        return show_member(request, changed, form)
    return done_or_told(
        request,
        changed,
        lambda: service.change_role(changed, form.cleaned_data["role"], request),
        f"{changed.user.name}: the role is saved.",
    )


@require_POST
@staff_of_a_clinic(roles=OWNER_ONLY)
@reauthenticated(back="staff-team-member")
def suspend(request: HttpRequest, membership: Membership, member_id: int) -> HttpResponse:
    """End a person's rights, from their next request on."""
    changed = member_of(membership, member_id)
    said = f"{changed.user.name} is suspended, and signed out everywhere."
    return done_or_told(request, changed, lambda: service.suspend(changed, request), said)


@require_POST
@staff_of_a_clinic(roles=OWNER_ONLY)
@reauthenticated(back="staff-team-member")
def take_back(request: HttpRequest, membership: Membership, member_id: int) -> HttpResponse:
    """Give somebody suspended their role back."""
    changed = member_of(membership, member_id)
    said = f"{changed.user.name} works here again."
    return done_or_told(request, changed, lambda: service.take_back(changed, request), said)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=OWNER_ONLY)
@reauthenticated()
def replace(request: HttpRequest, membership: Membership, member_id: int) -> HttpResponse:
    """Let another person take over the role of one who leaves."""
    leaving = get_object_or_404(service.team_of(membership.clinic), pk=member_id, suspended=False)
    action = reverse("staff-team-replace", args=[leaving.pk])
    form = NewcomerForm(posted(request), action=action, button="Suspend one, invite the other")
    if form.is_valid():
        try:
            newcomer = service.replace(leaving, request=request, **form.cleaned_data)
        except service.TeamRefusedError as refusal:
            form.add_error("email", str(refusal))
        else:
            return show_way_in(request, newcomer, leaving)
    return render(request, "people/team_replace.html", {"section": "settings", "form": form, "leaving": leaving})


@require_POST
@staff_of_a_clinic(roles=OWNER_ONLY)
@reauthenticated(back="staff-team-member")
def reset_second_factor(request: HttpRequest, membership: Membership, member_id: int) -> HttpResponse:
    """Take away a lost second factor, and tell the person by e-mail."""
    changed = member_of(membership, member_id)
    said = f"{changed.user.name} sets up a second factor again when they next sign in."

    def reset() -> None:
        service.reset_second_factor(changed, request)
        send_reset(changed, request)

    return done_or_told(request, changed, reset, said)


@require_POST
@staff_of_a_clinic(roles=OWNER_ONLY)
@reauthenticated(back="staff-team-member")
def invite_again(request: HttpRequest, membership: Membership, member_id: int) -> HttpResponse:
    """Make a new one-time address for somebody who has not set a password yet."""
    invited = member_of(membership, member_id)
    if invited.suspended or invited.user.has_usable_password():
        messages.warning(request, "They need no new address.")
        return redirect("staff-team-member", invited.pk)
    record("person invited again", clinic=membership.clinic, about=invited, request=request)
    return show_way_in(request, invited)


def member_of(membership: Membership, member_id: int) -> Any:
    """Give a person of the owner's own team, with `has_second_factor`; any other is not there."""
    return get_object_or_404(service.team_of(membership.clinic), pk=member_id)


def role_form(shown: Membership, data: Any = None) -> RoleForm:
    """Give the form for a person's role, filled in with it or with what was posted."""
    action = reverse("staff-team-role", args=[shown.pk])
    return RoleForm(data, initial={"role": shown.role}, action=action)


def show_member(request: HttpRequest, shown: Membership, form: RoleForm) -> HttpResponse:
    """Show one person's page."""
    return render(request, "people/team_member.html", {"section": "settings", "member": shown, "form": form})


def show_way_in(request: HttpRequest, newcomer: Membership, leaving: Membership | None = None) -> HttpResponse:
    """Send a person their way in, and show it this once: the page is drawn at once and never again.

    An address is shown only for somebody who belongs to no other clinic: whoever has it can sign in as them.
    """
    address = way_in(newcomer, request)
    context = {
        "section": "settings",
        "newcomer": newcomer,
        "leaving": leaving,
        "is_known": not address,
        "address": "" if service.works_elsewhere(newcomer) else address,
        "is_mailed": send_invitation(newcomer, address, request),
    }
    return render(request, "people/team_way_in.html", context)


def done_or_told(request: HttpRequest, changed: Membership, change: Callable[[], None], said: str) -> HttpResponse:
    """Make a change and say so, or say why not."""
    try:
        change()
    except service.TeamRefusedError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("staff-team-member", changed.pk)
