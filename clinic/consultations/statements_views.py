"""Record what was said about a finding, and read a letter again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clinic.consultations.decision_case_views import case_or_404, demand_or_404, with_case
from clinic.consultations.letters import file_name
from clinic.consultations.models import Letter
from clinic.consultations.statements import Kind, StatementRefused, kind_for, record_statement
from clinic.consultations.statements_form import HEADINGS, StatementForm
from clinic.events import record
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.files import as_file
from clinic.people.forms import posted


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
@with_case
def statement_new(request: HttpRequest, membership: Membership, screening_id: int, position: int) -> HttpResponse:
    """Record what was said about one finding of a screening; then back to the decision."""
    case = case_or_404(membership, screening_id)
    demand = demand_or_404(case, position, membership)
    kind, patient = kind_for(demand), case.patient
    action = reverse("staff-statement-new", args=[screening_id, position])
    about: dict[str, Any] = {"case": case, "demand": demand, "kind": kind, "patient": patient, "membership": membership}
    form = StatementForm(posted(request), request.FILES or None, action=action, **about)
    if form.is_valid():
        try:
            said = form.said(form.keep_file(request))
            record_statement(case, demand, said, membership=membership, request=request)
        except StatementRefused as error:
            form.refuse(error.refusals)
        else:
            messages.success(request, "It is recorded. Choose it below.")
            return redirect("staff-decision-new", screening_id)
    if form.is_bound:
        form.stay(request)
    context = {"section": "patients", "case": case, "demand": demand, "form": form, "patient": patient}
    return render(request, "consultations/statement_new.html", context | {"heading": HEADINGS[Kind(kind)]})


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def letter(request: HttpRequest, membership: Membership, letter_id: int) -> HttpResponse:
    """Give a letter as a file, and keep in the trail who read it."""
    row = get_object_or_404(Letter.objects.select_related("patient"), clinic=membership.clinic, pk=letter_id)
    record("letter read", clinic=membership.clinic, patient=row.patient, about=row, request=request)
    response = as_file(bytes(row.content), row.content_type, file_name(row), to_save=True)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
