from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views import defaults
from django.views.decorators.http import require_safe

from clinic.errors import failed
from screening.engine.rule_set import Treatment
from screening.rulesets import NotScreenable, published


def card(treatment: Treatment) -> dict[str, Any]:
    """Take a treatment, give what its card shows; one without a picture of its own gets the general one."""
    return {"treatment": treatment, "pictures": [f"pictures/{treatment.code}.svg", "pictures/treatment.svg"]}


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show everybody what the service does and which treatments it has rules for."""
    try:
        treatments = list(published().treatments.values())
    except NotScreenable:
        treatments = []
    offered = [card(treatment) for treatment in treatments if treatment.plan != "not-offered"]
    not_offered = [treatment for treatment in treatments if treatment.plan == "not-offered"]
    return render(request, "home.html", {"offered": offered, "not_offered": not_offered})


@login_not_required
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a stranger at the admin's door to the one sign-in page; refuse a person who may not open the admin.

    Without the refusal the sign-in page would send a signed-in person back here, for ever.
    """
    if request.user.is_authenticated:
        raise PermissionDenied
    wanted = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
    return redirect(f"{reverse('sign-in')}?{wanted}")


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a weakness, as RFC 9116 has it; a place that named nobody has no such file."""
    until = settings.SECURITY_CONTACT_UNTIL
    if not settings.SECURITY_CONTACT or until is None:
        raise Http404
    ends = datetime.combine(until, time.max, UTC).replace(microsecond=0)
    lines = [
        *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACT),
        f"Expires: {ends.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be read: that it is too large, or that it was not complete.

    A session that could not be kept is found out last, when the rest may be stored: that is no fault of the request.
    """
    if isinstance(exception, SessionInterrupted):
        return failed(request)
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return render(request, "413.html", status=413)
    return defaults.bad_request(request, exception)
