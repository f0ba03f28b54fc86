"""One page for one patient: who they are, what comes next, and everything that happened."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.consultations.progress import progress_of
from clinic.consultations.referrals import open_ones
from clinic.consultations.timeline import entries, timeline_of
from clinic.people.access import staff_of_a_clinic
from clinic.people.clinics import Clinic, Membership
from clinic.people.diary import Visit
from clinic.people.offered import offered, treatment_names
from clinic.people.patients import Patient
from clinic.screenings.standing import in_force, standings

ON_A_PAGE = 25
NEXT_VISITS = 5
INVITATIONS = 20


@require_safe
@staff_of_a_clinic()
def patient_page(request: HttpRequest, membership: Membership, patient_id: int) -> HttpResponse:
    """Show a patient, their visits and invitations and, to those who may see answers, the way to each treatment."""
    patient, now = get_object_or_404(membership.clinic.patients, pk=patient_id), timezone.now()
    names = treatment_names()
    made = patient.invitations.select_related("draft", "sending", "made_by")[:INVITATIONS]
    matter, earlier = in_force(standings(made, now), now)
    visits = [(visit, names.get(visit.treatment, visit.treatment)) for visit in next_visits(patient, now)]
    context = {"section": "patients", "patient": patient, "matter": matter, "earlier": earlier, "visits": visits}
    if membership.is_clinical:
        context |= clinical(patient, membership.clinic, names, request.GET.get("page"), now)
    return render(request, "consultations/patient.html", context)


def next_visits(patient: Patient, now: datetime) -> QuerySet[Visit]:
    """Return a patient's next visits, the one of today that has begun too."""
    begins = patient.clinic.midnight(now.astimezone(patient.clinic.zone).date())
    coming = patient.visits.filter(starts_at__gte=begins, cancelled_at=None)
    return coming.select_related("practitioner")[:NEXT_VISITS]


def clinical(
    patient: Patient, clinic: Clinic, names: dict[str, str], page: str | None, now: datetime
) -> dict[str, Any]:
    """Return what only those see who may see answers: how far each treatment is, referrals and the timeline."""
    pairs = [(patient.pk, code) for code, _ in offered(clinic, names)]
    progress = progress_of(clinic, pairs, now)
    listed = Paginator(timeline_of(patient), ON_A_PAGE).get_page(page)
    return {
        "treatments": [(names[code], progress[patient.pk, code]) for _, code in pairs],
        "to_review": next((one.step for one in progress.values() if one.code == "review"), None),
        "referrals": open_ones(clinic).filter(patient=patient),
        "page": listed,
        "entries": entries(list(listed.object_list), names),
    }
