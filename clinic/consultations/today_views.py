"""Today's list, and the same of any other day: where staff start."""

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.consultations.today import rows_of, visits_of
from clinic.people.access import current_membership, staff_of_a_clinic
from clinic.people.clinics import Membership
from screening.rulesets import NotScreenable, published

ON_A_PAGE = 50
FIRST_YEAR, LAST_YEAR = 2000, 2200


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show the clinic's list of today; somebody without a clinic reads who helps."""
    if current_membership(request) is None:
        return render(request, "people/start.html")
    return list_of(request)


@require_safe
def any_day(request: HttpRequest, day: str) -> HttpResponse:
    """Show the list of another day, named in the address as 2026-11-21."""
    if (wanted := day_named(day)) is None:
        raise Http404
    return list_of(request, wanted)


@require_safe
@staff_of_a_clinic()
def go_to_day(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Lead to the day that was chosen; to today where none was."""
    day = day_named(request.GET.get("day", ""))
    if day is None or day == membership.clinic.now().date():
        return redirect("staff")
    return redirect("staff-day", day.isoformat())


@staff_of_a_clinic()
def list_of(request: HttpRequest, membership: Membership, day: date | None = None) -> HttpResponse:
    """Show the list of a day; none: today on the clinic's clock."""
    clinic, now = membership.clinic, timezone.now()
    this_day = now.astimezone(clinic.zone).date()
    day = day or this_day
    page = Paginator(visits_of(clinic, day).filter(cancelled_at=None), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "today",
        "day": day,
        "distance": (day - this_day).days,
        "page": page,
        "rows": rows_of(clinic, day, page.object_list, now),
        "cancelled": visits_of(clinic, day).exclude(cancelled_at=None)[:ON_A_PAGE],
        "before": (day - timedelta(days=1)).isoformat(),
        "after": (day + timedelta(days=1)).isoformat(),
        "fault": fault_of_rules(),
    }
    return render(request, "consultations/today.html", context)


def day_named(text: str) -> date | None:
    """Return the day that an address names, such as 2026-11-21; none where it names none that a diary has."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def fault_of_rules() -> str:
    """Return why no screening can be made; empty where one can."""
    try:
        published()
    except NotScreenable as reason:
        return str(reason)
    return ""
