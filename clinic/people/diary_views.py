"""The diary's own pages: add, move and cancel a visit. The day's list is the consultation's."""

from datetime import date, datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinic.events import record
from clinic.people.access import staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.diary import Visit
from clinic.people.diary_forms import VisitForm
from clinic.people.forms import posted
from clinic.people.search import MOST, search


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic()
def choose(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Find whose visit it will be; what was typed is posted, so that no name stands in an address."""
    typed = request.POST.get("typed", "").strip()[:200]
    found = search(membership.clinic, typed) if typed else []
    context = {"section": "today", "typed": typed, "found": found, "most": MOST, "day": wanted_day(request)}
    return render(request, "people/visit_choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic()
def add(request: HttpRequest, membership: Membership, patient_id: int) -> HttpResponse:
    """Add a visit of a patient."""
    patient = get_object_or_404(membership.clinic.patients, pk=patient_id)
    visit = Visit(clinic=membership.clinic, patient=patient, made_by_id=membership.user_id)
    form = VisitForm(
        posted(request),
        instance=visit,
        clinic=membership.clinic,
        action=reverse("staff-visit-add", args=[patient.pk]),
        initial={"day": wanted_day(request) or membership.clinic.now().date()},
    )
    return saved_or_shown(request, form, "Add a visit", "visit added")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic()
def change(request: HttpRequest, membership: Membership, visit_id: int) -> HttpResponse:
    """Move a visit, or change what it is for."""
    visits = membership.clinic.visits.filter(cancelled_at=None).select_related("patient")
    visit = get_object_or_404(visits, pk=visit_id)
    action = reverse("staff-visit", args=[visit.pk])
    form = VisitForm(posted(request), instance=visit, clinic=membership.clinic, action=action)
    return saved_or_shown(request, form, "Change a visit", "visit changed")


@require_POST
@staff_of_a_clinic()
def cancel(request: HttpRequest, membership: Membership, visit_id: int) -> HttpResponse:
    """Cancel a visit. It stays in the diary of its day, struck out."""
    visit = called(request, membership, visit_id, timezone.now(), "visit cancelled")
    messages.success(request, "The visit is cancelled.")
    return redirect("staff-day", day_of(visit, membership))


@require_POST
@staff_of_a_clinic()
def take_back(request: HttpRequest, membership: Membership, visit_id: int) -> HttpResponse:
    """Put a cancelled visit back into the diary."""
    visit = called(request, membership, visit_id, None, "visit taken back")
    messages.success(request, "The visit is back in the diary.")
    return redirect("staff-day", day_of(visit, membership))


@transaction.atomic
def called(request: HttpRequest, membership: Membership, visit_id: int, off_at: datetime | None, action: str) -> Visit:
    """Call a visit off at a time, or with none on again, and give it. A second time changes nothing."""
    clinic = membership.clinic
    visit = get_object_or_404(clinic.visits.select_related("patient"), pk=visit_id)
    if bool(visit.cancelled_at) != bool(off_at):
        visit.cancelled_at = off_at
        visit.save()
        record(action, clinic=clinic, patient=visit.patient, about=visit, request=request)
    return visit


def saved_or_shown(request: HttpRequest, form: VisitForm, heading: str, action: str) -> HttpResponse:
    """Save a valid visit, in the trail too, and go to its day; show the form where it is not filled in yet."""
    visit = form.instance
    if form.is_valid():
        with transaction.atomic():
            visit = form.save()
            record(action, clinic=visit.clinic, patient=visit.patient, about=visit, request=request)
        messages.success(request, "The visit is saved.")
        return redirect("staff-day", day_of(visit, request.membership))  # type: ignore[attr-defined]
    context = {"section": "today", "form": form, "heading": heading, "visit": visit, "patient": visit.patient}
    return render(request, "people/visit_form.html", context)


def day_of(visit: Visit, membership: Membership) -> str:
    """Give the day of a visit on the clinic's calendar, as it stands in an address."""
    return visit.starts_at.astimezone(membership.clinic.zone).date().isoformat()


def wanted_day(request: HttpRequest) -> date | None:
    """Take a request, give the day that its address names; none where it names none."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None
