"""The settings of a clinic, for its owner."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clinic.events import record
from clinic.people.access import OWNER_ONLY, staff_of_a_clinic
from clinic.people.clinics import Clinic, Device, Membership
from clinic.people.forms import posted
from clinic.people.settings_forms import SECTIONS, DeviceForm, suit_sites, treatments
from screening.engine.rule_set import RuleSet
from screening.rulesets import NotScreenable, published


@require_safe
@staff_of_a_clinic(roles=OWNER_ONLY)
def overview(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show how the clinic is set up, each part with the way to change it."""
    clinic, rule_set = membership.clinic, in_force()
    context = {
        "section": "settings",
        "rule_set": rule_set,
        "address": request.build_absolute_uri(f"/c/{clinic.slug}/"),
        "treatments": [name for code, name in treatments(rule_set) if code in clinic.treatments],
        "suit_sites": [name for code, name in suit_sites(rule_set) if code in clinic.suit_sites],
        "devices": clinic.devices.all(),
        "team": clinic.memberships.filter(suspended=False).count(),
    }
    return render(request, "people/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=OWNER_ONLY)
def change(request: HttpRequest, membership: Membership, section: str) -> HttpResponse:
    """Change one part of the clinic's settings."""
    if section not in SECTIONS:
        raise Http404
    heading, form_class = SECTIONS[section]
    form = form_class(
        posted(request),
        request.FILES,
        instance=Clinic.objects.defer("logo").get(pk=membership.clinic_id),
        rule_set=in_force(),
        action=reverse("staff-settings-change", args=[section]),
    )
    return saved_or_shown(request, membership, form, heading, "clinic changed")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=OWNER_ONLY)
def add_device(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Add a machine to the clinic."""
    form = DeviceForm(posted(request), clinic=membership.clinic, action=reverse("staff-device-add"))
    return saved_or_shown(request, membership, form, "Add a device", "device added")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=OWNER_ONLY)
def change_device(request: HttpRequest, membership: Membership, device_id: int) -> HttpResponse:
    """Change a machine, or take it out of use."""
    device = get_object_or_404(Device, clinic=membership.clinic, pk=device_id)
    action = reverse("staff-device-change", args=[device.pk])
    form = DeviceForm(posted(request), instance=device, clinic=membership.clinic, action=action)
    return saved_or_shown(request, membership, form, "Change a device", "device changed")


def in_force() -> RuleSet | None:
    """Give the published rules; none where there are none, which leaves nothing to choose from."""
    try:
        return published()
    except NotScreenable:
        return None


def saved_or_shown(request: HttpRequest, membership: Membership, form: Any, heading: str, action: str) -> HttpResponse:
    """Save a valid form, in the trail too, and go back to the settings; show it where it is not filled in yet.

    The trail keeps the names of the settings that were changed, not what they say now.
    """
    if form.is_valid():
        actions = [action] if form.instance._state.adding else [f"{action}: {name}" for name in form.changed_data]
        with transaction.atomic():
            row = form.save()
            for each in actions:
                record(each, clinic=membership.clinic, about=row, request=request)
        messages.success(request, f"{heading}: saved.")
        return redirect("staff-settings")
    context = {"section": "settings", "form": form, "heading": heading}
    return render(request, "people/settings_form.html", context)
