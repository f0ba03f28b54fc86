"""The self-checks that reached the clinic, for those of its staff who may see answers about health."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.screenings.awaiting import awaiting_review
from clinic.screenings.matching import patient_of
from clinic.screenings.received import received
from clinic.screenings.received_list import awaiting_rows, received_rows, sendings_of
from clinic.screenings.standing import lately_guessed

ON_A_PAGE = 25


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def received_list(request: HttpRequest, membership: Membership) -> HttpResponse:
    """List what nobody has reviewed, the urgent first, and say which links somebody tried to guess a way through."""
    page = Paginator(awaiting_review(membership.clinic), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"section": "received", "page": page, "rows": awaiting_rows(page.object_list)}
    guessed = lately_guessed(membership.clinic, timezone.now())
    return render(request, "screenings/received_list.html", context | {"guessed": guessed})


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def received_all(request: HttpRequest, membership: Membership) -> HttpResponse:
    """List everything that people sent, the newest first."""
    page = Paginator(sendings_of(membership.clinic), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"section": "received", "page": page, "rows": received_rows(page.object_list)}
    return render(request, "screenings/received_list.html", context | {"is_all": True})


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def received_one(request: HttpRequest, membership: Membership, sending_id: int) -> HttpResponse:
    """Show exactly what the clinic received."""
    sendings = sendings_of(membership.clinic).select_related("screening__patient", "match__patient")
    sending = get_object_or_404(sendings, pk=sending_id)
    patient = patient_of(sending)
    context = {"section": "received", "sending": sending, "patient": patient, "received": received(sending)}
    return render(request, "screenings/received.html", context)
