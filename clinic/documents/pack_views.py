"""The evidence pack of one patient and one treatment."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from clinic.consultations.models import Decision
from clinic.documents.pack import Made, write_pack
from clinic.documents.pack_files import files_of
from clinic.documents.pack_rows import evidence_of
from clinic.events import record
from clinic.people.access import CLINICAL, reauthenticated, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.limits import limited
from clinic.people.offered import treatment_names
from clinic.screenings.models import Screening


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
@reauthenticated(back="staff-papers")
@limited("export")
def pack(request: HttpRequest, membership: Membership, patient_id: int, treatment: str) -> HttpResponseBase:
    """Give everything about one patient's treatment as one ZIP. Nothing of it is stored but that it was made."""
    patient = get_object_or_404(membership.clinic.patients, pk=patient_id)
    rows = evidence_of(patient, treatment)
    if not (rows[Screening].exists() or rows[Decision].exists()):
        messages.warning(request, "Nothing is recorded of this treatment yet, so there is nothing to pack.")
        return redirect("staff-papers", patient.pk)
    made = Made(
        patient=f"{patient.name}, born {patient.born.isoformat()}",
        treatment=treatment_names().get(treatment, treatment),
        clinic=membership.clinic.name,
        at=membership.clinic.now(),
        by=membership.user.name,
        verify=request.build_absolute_uri(reverse("verify")),
    )
    packed = write_pack(files_of(patient, treatment), made)
    record("evidence pack made", clinic=membership.clinic, patient=patient, about=patient, request=request)
    return FileResponse(packed, as_attachment=True, filename="evidence-pack.zip", content_type="application/zip")
