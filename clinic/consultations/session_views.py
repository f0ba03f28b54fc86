"""A session's page: what it rests on, its record, its end by a void, and what went wrong."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.consultations import session_records
from clinic.consultations.correcting_forms import WhyForm
from clinic.consultations.models import AdverseEvent, Session
from clinic.consultations.session_forms import WORDS, AdverseEventForm, RecordForm
from clinic.consultations.session_names import named, place_names
from clinic.consultations.session_shown import shown_record
from clinic.consultations.times import course_of
from clinic.consultations.voiding import void
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.forms import posted
from clinic.people.patients import of_present

ON_A_PAGE = 25


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def session(request: HttpRequest, membership: Membership, session_id: int) -> HttpResponse:
    """Show a session and the form of its record."""
    row = find(membership, session_id)
    return show(request, membership, row, record_form(None, row))


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
def write_record(request: HttpRequest, membership: Membership, session_id: int) -> HttpResponse:
    """Keep the record of a session; what lies outside the usual wants a reason first."""
    row = find(membership, session_id)
    form = record_form(request.POST, row)
    if not form.is_valid():
        return show(request, membership, row, form)
    given = form.cleaned_data
    session_records.save_record(
        row,
        membership=membership,
        settings=form.settings(),
        outside=form.reasons(),
        words={name: given[name] for name in WORDS},
        request=request,
    )
    messages.success(request, "The record is saved.")
    return redirect("staff-session", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def void_session(request: HttpRequest, membership: Membership, session_id: int) -> HttpResponse:
    """Void a session with a reason: it stays, struck out."""
    row = find(membership, session_id)
    if hasattr(row, "voided"):
        return redirect("staff-session", row.pk)
    action = reverse("staff-session-void", args=[row.pk])
    hint = "Such as: started for another person by mistake."
    form = WhyForm(posted(request), action=action, button="Strike it out", hint=hint)
    if form.is_valid():
        void(row, form.cleaned_data["why"], request.user, request)
        messages.success(request, "The session is struck out. It stays to be read.")
        return redirect("staff-session", row.pk)
    context = {"section": "patients", "session": row, "patient": row.patient, "form": form}
    return render(request, "consultations/session_void.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def add_adverse_event(request: HttpRequest, membership: Membership, session_id: int) -> HttpResponse:
    """Record what went wrong in or after a session, and tell the supervisors."""
    row = find(membership, session_id)
    form = AdverseEventForm(posted(request), session=row, action=reverse("staff-adverse-new", args=[row.pk]))
    if form.is_valid():
        event = session_records.report(form.save(commit=False), row, membership=membership, request=request)
        messages.success(request, "It is recorded. The supervisors get a mail without names or details.")
        return redirect("staff-adverse", event.pk)
    context = {"section": "patients", "session": row, "patient": row.patient, "form": form}
    return render(request, "consultations/adverse_new.html", context)


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def adverse_event(request: HttpRequest, membership: Membership, event_id: int) -> HttpResponse:
    """Show one adverse event."""
    rows = AdverseEvent.objects.filter(clinic=membership.clinic).select_related("patient", "by", "session")
    row = get_object_or_404(rows, pk=event_id)
    context = {"section": "adverse-events", "event": row, "patient": row.patient}
    return render(request, "consultations/adverse.html", context)


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def adverse_events(request: HttpRequest, membership: Membership) -> HttpResponse:
    """List what went wrong, the newest first."""
    rows = AdverseEvent.objects.filter(clinic=membership.clinic).select_related("patient", "session").order_by("-id")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"section": "adverse-events", "page": page}
    return render(request, "consultations/adverse_list.html", context)


def find(membership: Membership, session_id: int) -> Session:
    """Return a session of the clinic; another's is as one that does not exist."""
    joined = ("patient", "by", "device", "decision", "consent", "check_screening", "voided__by")
    rows = of_present(Session, membership.clinic).select_related(*joined)
    row: Session = get_object_or_404(rows, pk=session_id)
    row.clinic = membership.clinic
    return row


def record_form(data: Any, row: Session) -> RecordForm:
    """Return the form of a session's record, with last time's settings beside its fields."""
    action = reverse("staff-session-record", args=[row.pk])
    return RecordForm(data, session=row, last=session_records.last_settings(row), action=action)


def show(request: HttpRequest, membership: Membership, row: Session, form: RecordForm) -> HttpResponse:
    """Render a session's page."""
    records = [shown_record(one) for one in row.records.select_related("by").order_by("-id")]
    context = {
        "section": "patients",
        "session": row,
        "patient": row.patient,
        "treatment": named(row.treatment),
        "places": place_names(row.sites),
        "off": place_names(row.channels_off),
        "form": form,
        "records": records,
        "course": course_of(membership.clinic, row.decision),
        "events": row.adverse_events.order_by("-id"),
    }
    return render(request, "consultations/session.html", context)
