"""How long the clinic keeps what, for its owner: what goes next, what went, and the times."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinic.events import record
from clinic.people.access import OWNER_ONLY, reauthenticated, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.forms import posted
from clinic.privacy.models import Erasure, LegalHold, Retention, RetentionReport
from clinic.privacy.record_forms import RetentionForm
from clinic.privacy.retention import KINDS, months_of, span_in_words
from clinic.privacy.retention_run import due_counts, in_words

REPORTS = 30
ERASURES = 50


@require_safe
@staff_of_a_clinic(roles=OWNER_ONLY)
def retention(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show for each kind how long it is kept and how much of it goes next, then what went."""
    clinic = membership.clinic
    months, due = months_of(clinic), due_counts(clinic, timezone.now())
    reports = RetentionReport.objects.filter(clinic=clinic)[:REPORTS]
    context = {
        "section": "settings",
        "kinds": [(kind, span_in_words(months[kind.code]), due.get(kind.code, 0)) for kind in KINDS],
        "reports": [(report, in_words(report.gone)) for report in reports],
        "erasures": Erasure.objects.filter(clinic=clinic).select_related("by")[:ERASURES],
        "holds": LegalHold.objects.filter(clinic=clinic, lifted=None).select_related("patient", "by"),
    }
    return render(request, "privacy/retention.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=OWNER_ONLY)
@reauthenticated()
def change_retention(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Set for how many months each kind is kept."""
    clinic = membership.clinic
    form = RetentionForm(posted(request), clinic=clinic, action=reverse("staff-retention-change"))
    if form.is_valid():
        with transaction.atomic():
            for code, months in form.changed().items():
                row = Retention(clinic=clinic, kind=code, months=months, by=membership.user)
                row.save()
                record(f"retention changed: {code}", clinic=clinic, about=row, request=request)
        messages.success(request, "Saved. The next daily run goes by it.")
        return redirect("staff-retention")
    context = {"section": "settings", "form": form, "heading": "How long records are kept"}
    return render(request, "people/settings_form.html", context)
