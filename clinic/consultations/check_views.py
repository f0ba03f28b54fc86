"""Today's check: asked, judged as one answers, and the start or the stop that it leads to."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from clinic.consultations import gate
from clinic.consultations.check_page import CheckPage
from clinic.consultations.deciding_case import NotReadable, screened
from clinic.consultations.models import Stop
from clinic.consultations.today import visits_of
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.diary import Visit
from clinic.people.patients import Patient
from clinic.screenings.models import Screening
from screening.presentation import for_practitioner
from screening.rulesets import published


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def check(request: HttpRequest, membership: Membership, patient_id: int, treatment: str) -> HttpResponse:
    """Ask today's questions, or say what has to be there before them."""
    return show(request, page_of(membership, patient_id, treatment))


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
def live(request: HttpRequest, membership: Membership, patient_id: int, treatment: str) -> HttpResponse:
    """Judge what was answered so far, and open or close what is asked with it. Nothing is stored."""
    page = page_of(membership, patient_id, treatment, request.POST)
    return render(request, "consultations/check_live.html", {"page": page, "patient": page.patient})


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
def start(request: HttpRequest, membership: Membership, patient_id: int, treatment: str) -> HttpResponse:
    """Start the session where nothing speaks against it; else keep the stop. Gaps lead back to the page."""
    stops = request.POST.get("do") == "stop"
    page = page_of(membership, patient_id, treatment, request.POST, insists=not stops)
    if page.is_moved:
        messages.warning(
            request, "This page was of another day, or the rules have changed. Answer what is asked again."
        )
    # A stop is kept whatever the page knew.
    is_late = page.is_of_another_decision and not (stops or page.finds_against)
    if is_late:
        messages.warning(request, "The decision has changed since this page was opened. Look at it, then start.")
    if page.stays or page.is_moved or is_late:
        return show(request, page_of(membership, patient_id, treatment, request.POST))
    # What speaks against it is kept also where something else is still open: it cannot be taken back unseen.
    has_gaps = page.errors and not stops and not page.finds_against
    if not page.is_readable or has_gaps or (page.missing_before and not page.wanted.sites):
        return show(request, page_of(membership, patient_id, treatment, request.POST, insists=True))
    ended = (gate.stop if stops else gate.start)(page.wanted, request)
    if ended.session:
        return redirect("staff-session", ended.session.pk)
    if ended.stop:
        return redirect("staff-stop", ended.stop.pk)
    messages.warning(request, "Nothing was started. See what has to be there first.")
    return redirect("staff-check", patient_id, treatment)


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def stop(request: HttpRequest, membership: Membership, stop_id: int) -> HttpResponse:
    """Show why a session was not started, and what comes next."""
    stops = Stop.objects.filter(clinic=membership.clinic).select_related("patient", "by", "check_screening")
    row = get_object_or_404(stops, pk=stop_id)
    context = {"section": "today", "stop": row, "patient": row.patient, "told": told_of(row.check_screening)}
    return render(request, "consultations/check_stop.html", context)


def page_of(
    membership: Membership, patient_id: int, treatment: str, data: QueryDict | None = None, *, insists: bool = False
) -> CheckPage:
    """Return the page of a patient of the clinic; Http404 for another's, and for a treatment that is not offered.

    Raises NotScreenable where no rules can be read.
    """
    patient = get_object_or_404(membership.clinic.patients, pk=patient_id)
    rule_set = published()
    known = rule_set.treatments.get(treatment)
    if known is None or known.plan == "not-offered" or treatment not in membership.clinic.treatments:
        raise Http404
    now = membership.clinic.now()
    visit = visit_of_today(patient, treatment, membership)
    return CheckPage(membership, patient, rule_set, treatment, now, data=data, visit=visit, insists=insists)


def visit_of_today(patient: Patient, treatment: str, membership: Membership) -> Visit | None:
    """Return the appointment of today that this session would be for, if there is one left."""
    todays = visits_of(membership.clinic, membership.clinic.now().date())
    return todays.filter(patient=patient, treatment=treatment, cancelled_at=None, sessions=None).first()


def show(request: HttpRequest, page: CheckPage) -> HttpResponse:
    """Render the check."""
    context = {
        "section": "today",
        "page": page,
        "patient": page.patient,
        "address": reverse("staff-start", args=(page.patient.pk, page.treatment.code)),
        "live": reverse("staff-check-live", args=(page.patient.pk, page.treatment.code)),
        "errors": page.errors if page.insists and not page.missing_before else (),
    }
    return render(request, "consultations/check.html", context)


def told_of(screening: Screening) -> object:
    """Return a stored check in a practitioner's words; none where its rules are not as they were published."""
    try:
        case = screened(screening)
    except NotReadable:
        return None
    return for_practitioner(case.rule_set, case.outcome, case.plan)
