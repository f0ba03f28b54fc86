"""The pages on which staff say whose self-check a stranger's is, and take that back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.forms import posted
from clinic.screenings.matching import NotToMatch, match
from clinic.screenings.matching_forms import MatchForm, UnmatchForm
from clinic.screenings.models import Sending
from clinic.screenings.received_list import sendings_of
from clinic.screenings.unmatching import NotToUnmatch, is_built_on, unmatch


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def match_page(request: HttpRequest, membership: Membership, sending_id: int) -> HttpResponse:
    """Show who sent it and who they may be; a search only shows more people, the confirmed choice is kept at once."""
    sendings = sendings_of(membership.clinic).filter(awaiting__patient=None, awaiting__isnull=False)
    sending = sendings.select_related("clinic").filter(pk=sending_id).first()
    if sending is None:
        get_object_or_404(sendings_of(membership.clinic), pk=sending_id)
        return known_already(request, sending_id)
    form = MatchForm(posted(request), sending=sending)
    if "confirm" in request.POST:
        if form.is_valid():
            return matched(request, sending, form)
    elif request.method == "POST":
        form.errors.clear()
    template = "matching_choices" if request.htmx else "matching"  # type: ignore[attr-defined]
    context = {"section": "received", "sending": sending, "form": form}
    return render(request, f"screenings/{template}.html", context)


def matched(request: HttpRequest, sending: Sending, form: MatchForm) -> HttpResponse:
    """Keep whose it is, and go to the self-check."""
    try:
        said = match(sending, form.chosen(), by=request.user, request=request)
    except NotToMatch:
        return known_already(request, sending.pk)
    words = "is added, with this self-check." if said.is_new else "has this self-check now."
    messages.success(request, f"{said.patient.name} {words}")
    return redirect("staff-received-one", sending.pk)


def known_already(request: HttpRequest, sending_id: int) -> HttpResponse:
    """Say that there is nothing to choose any more, on the page of the self-check."""
    messages.info(request, "Whose self-check this is has been settled already.")
    return redirect("staff-received-one", sending_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_a_clinic(roles=CLINICAL)
def unmatch_page(request: HttpRequest, membership: Membership, sending_id: int) -> HttpResponse:
    """Ask why a self-check is not whose staff said it is, and let it wait for its match again."""
    sending = get_object_or_404(
        sendings_of(membership.clinic).select_related("clinic", "match__patient"), pk=sending_id
    )
    if not hasattr(sending, "match") or is_built_on(sending):
        return not_to_unmatch(request, sending_id)
    form = UnmatchForm(posted(request), action=reverse("staff-unmatch", args=[sending_id]))
    if form.is_valid():
        try:
            unmatch(sending, form.cleaned_data["why"], by=request.user, request=request)
        except NotToUnmatch:
            return not_to_unmatch(request, sending_id)
        messages.success(request, "It is off this patient. Say now whose it is.")
        return redirect("staff-received-one", sending_id)
    context = {"section": "received", "form": form, "sending": sending, "patient": sending.match.patient}
    return render(request, "screenings/unmatch.html", context)


def not_to_unmatch(request: HttpRequest, sending_id: int) -> HttpResponse:
    """Say on the page of the self-check why nothing is taken back."""
    words = "It cannot be taken off now. First drop the intake that is open on it, or strike out what was made of it."
    messages.warning(request, words)
    return redirect("staff-received-one", sending_id)
