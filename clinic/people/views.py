"""What every staff page leads to: another clinic of the same person, the logo."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from clinic.people.access import CHOSEN, memberships_of
from clinic.people.clinics import Clinic


@require_POST
def choose_clinic(request: HttpRequest) -> HttpResponse:
    """Go on with another clinic that the person works at."""
    slug = request.POST.get("clinic", "")
    membership = get_object_or_404(memberships_of(request.user), clinic__slug=slug)
    request.session[CHOSEN] = membership.clinic_id
    return redirect("staff")


@login_not_required
@require_safe
def logo(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """Show everybody a clinic's logo."""
    clinic = get_object_or_404(Clinic.objects.only("logo", "logo_type"), slug=slug)
    if not clinic.logo_type:
        raise Http404
    return HttpResponse(bytes(clinic.logo), content_type=clinic.logo_type)
