"""The owner's page of the trail, its export, and who has seen a patient's record."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.events import record
from clinic.people.access import CLINICAL, OWNER_ONLY, reauthenticated, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.limits import limited
from clinic.people.search import search
from clinic.privacy.row_words import row_in_words
from clinic.privacy.trail import events_of, lines_of, names_of, page_of, seen_of
from clinic.privacy.trail_forms import TrailForm

LONGEST_SEARCH = 200
KEPT = ("person", "kind", "first", "last")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=OWNER_ONLY)
def trail(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show what happened at the clinic, as far as it is asked for. A name is posted: it stands in no address."""
    form, members = _asked(membership, request.GET)
    wanted, patient = form.wanted(), form.cleaned_data.get("patient")
    page = page_of(events_of(membership.clinic, members, wanted), _before(request))
    names = names_of(members)
    for event in page.events:
        is_named = event.about == f"patient {event.patient_id}"
        event.about_whom = "" if is_named else names.get(event.about) or row_in_words(event.about)  # type: ignore[attr-defined]
    typed = request.POST.get("typed", "").strip()[:LONGEST_SEARCH]
    context = {"section": "settings", "form": form, "page": page, "patient": patient, "typed": typed}
    found = search(membership.clinic, typed) if typed else []
    context |= {"found": found, "asked": _address(request.GET, *KEPT), "all": _address(request.GET, *KEPT, "patient")}
    return render(request, "privacy/trail.html", context)


@require_POST
@staff_of_a_clinic(roles=OWNER_ONLY)
@reauthenticated(back="staff-trail")
@limited("export")
def export_trail(request: HttpRequest, membership: Membership) -> HttpResponse | StreamingHttpResponse:
    """Give what the page shows as one file, all of its pages; the trail keeps that it was taken."""
    form, members = _asked(membership, request.POST)
    if form.errors:
        return redirect("staff-trail")
    record("trail exported", clinic=membership.clinic, patient=form.cleaned_data["patient"], request=request)
    lines = lines_of(events_of(membership.clinic, members, form.wanted()), membership.clinic)
    response = StreamingHttpResponse(map(csv.writer(_Echo()).writerow, lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="trail.csv"'
    return response


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def patient_seen(request: HttpRequest, membership: Membership, patient_id: int) -> HttpResponse:
    """Show who has seen a patient's record, when, what of it, and from where."""
    patient = get_object_or_404(membership.clinic.patients, pk=patient_id)
    page = page_of(seen_of(patient), _before(request))
    return render(request, "privacy/seen.html", {"section": "patients", "patient": patient, "page": page})


class _Echo:
    """A file that gives back what is written into it."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def _asked(membership: Membership, data: QueryDict) -> tuple[TrailForm, list[Membership]]:
    members = list(membership.clinic.memberships.select_related("user").order_by("user__name", "pk"))
    form = TrailForm(data, membership=membership, members=members)
    form.is_valid()
    return form, members


def _before(request: HttpRequest) -> int | None:
    """Return the key below which a page of events begins; none for the first page."""
    typed = request.GET.get("before", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None


def _address(data: QueryDict, *names: str) -> str:
    kept: Any = QueryDict(mutable=True)
    kept.update({name: data[name] for name in names if data.get(name)})
    return str(kept.urlencode())
