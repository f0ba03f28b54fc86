"""The pages of a decision's photographs: add one, see them side by side, read one, erase."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clinic.consultations.correcting_forms import WhyForm
from clinic.consultations.models import Decision
from clinic.consultations.session_names import named
from clinic.documents import photographs
from clinic.documents.models import Photograph
from clinic.documents.photograph_forms import PhotographForm
from clinic.events import record
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.files import as_file
from clinic.people.forms import posted
from clinic.people.patients import OnHold, of_present

HINT = "Such as: the person asked for it."


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def of_decision(request: HttpRequest, membership: Membership, decision_id: int) -> HttpResponse:
    """Show the photographs of a decision's places, and keep another one while the consent allows it."""
    decision = _decision(membership, decision_id)
    action = reverse("staff-photographs", args=[decision.pk])
    sites = photographs.sites_to_show(decision)
    today = membership.clinic.now().date()
    form = PhotographForm(posted(request), request.FILES or None, today=today, sites=sites, action=action)
    if form.is_valid():
        jpeg, given = form.cleaned_data["file"], form.given()
        try:
            photographs.keep_photograph(decision, jpeg, **given, membership=membership, request=request)
        except photographs.PhotographRefused as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, "The photograph is kept.")
            return redirect("staff-photographs", decision.pk)
    rows = list(decision.photographs.select_related("by", "session", "erased__by"))
    context = {
        "form": form,
        "allowed": photographs.permission(decision),
        "places": photographs.side_by_side(sites, rows),
        "kept": sum(not hasattr(row, "erased") for row in rows),
    }
    return render(request, "photographs/photographs.html", context | _about(decision))


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def photograph(request: HttpRequest, membership: Membership, photograph_id: int) -> HttpResponse:
    """Give one picture, and keep in the trail who looked; one that was changed behind our back is not given."""
    row = _photograph(membership, photograph_id, "content")
    if hasattr(row, "erased"):
        raise Http404
    jpeg = photographs.jpeg_of(row)
    action = "photograph read" if jpeg else "photograph found changed"
    record(action, clinic=membership.clinic, patient=row.patient, about=row, request=request)
    if jpeg is None:
        return render(request, "photographs/changed.html", {"photograph": row} | _about(row.decision), status=409)
    response = as_file(jpeg, "image/jpeg", f"photograph-{row.pk}.jpg")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def erase_one(request: HttpRequest, membership: Membership, photograph_id: int) -> HttpResponse:
    """Ask why a photograph is erased, and erase it."""
    row = _photograph(membership, photograph_id)
    if hasattr(row, "erased"):
        return redirect("staff-photographs", row.decision_id)
    action = reverse("staff-photograph-erase", args=[row.pk])
    return _erase(request, row.decision, [row], action)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def erase_all(request: HttpRequest, membership: Membership, decision_id: int) -> HttpResponse:
    """Ask why all photographs of a decision are erased, and erase them."""
    decision = _decision(membership, decision_id)
    rows = list(decision.photographs.filter(erased=None))
    if not rows:
        return redirect("staff-photographs", decision.pk)
    return _erase(request, decision, rows, reverse("staff-photographs-erase", args=[decision.pk]))


def _erase(request: HttpRequest, decision: Decision, rows: list[Photograph], action: str) -> HttpResponse:
    button = "Erase it" if len(rows) == 1 else f"Erase all {len(rows)}"
    form = WhyForm(posted(request), action=action, button=button, hint=HINT)
    if form.is_valid():
        try:
            count = photographs.erase_photographs(rows, form.cleaned_data["why"], by=request.user, request=request)
        except OnHold as held:
            messages.warning(request, str(held))
            return redirect("staff-photographs", decision.pk)
        erased = "The photograph is erased." if count == 1 else f"{count} photographs are erased."
        messages.success(request, erased)
        return redirect("staff-photographs", decision.pk)
    return render(request, "photographs/erase.html", {"form": form, "count": len(rows)} | _about(decision))


def _about(decision: Decision) -> dict[str, Any]:
    treatment = named(decision.treatment)
    return {"section": "patients", "decision": decision, "patient": decision.patient, "treatment": treatment}


def _decision(membership: Membership, decision_id: int) -> Decision:
    """Return a decision of the clinic; another clinic's is not found."""
    rows = of_present(Decision, membership.clinic).select_related("patient", "voided")
    row: Decision = get_object_or_404(rows, pk=decision_id)
    row.clinic = membership.clinic
    return row


def _photograph(membership: Membership, photograph_id: int, *joined: str) -> Photograph:
    """Return a photograph of the clinic; another clinic's is not found."""
    rows = Photograph.objects.filter(clinic=membership.clinic)
    joined = ("patient", "decision__patient", "erased", *joined)
    row: Photograph = get_object_or_404(rows.select_related(*joined), pk=photograph_id)
    row.decision.clinic = membership.clinic
    return row
