"""What the decision's pages look up first: a screening of the clinic, read, and one of its demands."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from clinic.consultations.deciding_case import NotReadable, Screened, screened
from clinic.consultations.settling import Demand
from clinic.consultations.statements import kind_for
from clinic.people.clinics import Membership
from clinic.people.patients import of_present
from clinic.screenings.models import Screening

View = Callable[..., HttpResponse]


def with_case(view: View) -> View:
    """Show, in place of a page about a screening whose rules were altered, the page that says so."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotReadable:
            return render(request, "consultations/decision_unreadable.html", {"section": "patients"})

    return page


def case_or_404(membership: Membership, screening_id: int) -> Screened:
    """Return a consultation screening of a patient of this clinic, read. Raises Http404, and NotReadable."""
    rows = of_present(Screening, membership.clinic).filter(stage="consultation", patient__isnull=False)
    return screened(get_object_or_404(rows.select_related("patient", "clinic", "by"), pk=screening_id))


def demand_or_404(case: Screened, position: int, membership: Membership) -> Demand:
    """Return what a finding demands, where a statement may settle it. Raises Http404."""
    for demand in case.demands(case.planned, membership.clinic.now().date()):
        if demand.finding is not None and case.position(demand.finding) == position and kind_for(demand):
            return demand
    raise Http404
