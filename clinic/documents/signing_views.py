"""What the patient, a guardian and an interpreter see: all that they are asked to sign, by link or on the tablet."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clinic.consultations.consent_shown import ShownConsent
from clinic.consultations.signing import NotSignable, Party, next_party
from clinic.consultations.signing_faults import faults_of
from clinic.consultations.signing_models import ConsentSheet
from clinic.documents.consent_signing import sign
from clinic.documents.signing_forms import SignForm
from clinic.events import record
from clinic.people.forms import posted
from clinic.screenings import invitations
from clinic.screenings.models import Door, Invitation
from clinic.self_check.entering import invited_by, turned_away
from clinic.self_check.ways import InvitedWay, NotAdmittedError

View = Callable[[HttpRequest, InvitedWay, ConsentSheet], HttpResponse]
# A consent is read and talked about: longer than a question, and on the clinic's tablet not for ever.
TABLET_SECONDS = 20 * 60


def sheet_page(view: View) -> Callable[..., HttpResponse]:
    """Take a view of (request, way, sheet), give one of (request, slug, way), open to whom the sheet is for."""

    @login_not_required
    @wraps(view)
    def handle(request: HttpRequest, slug: str, way: str) -> HttpResponse:
        try:
            opened = InvitedWay(request, invited_by(slug, way, Invitation.Purpose.CONSENT), way, TABLET_SECONDS)
        except NotAdmittedError as refused:
            return turned_away(request, slug, way, refused)
        return opened.finish(view(request, opened, _sheet(opened.invitation)))

    return handle


@require_http_methods(["GET", "HEAD", "POST"])
@sheet_page
def consent_sign(request: HttpRequest, way: InvitedWay, sheet: ConsentSheet) -> HttpResponse:
    """Show everything, take the signature of whose turn it is, and say when this side is done."""
    party, faults = next_party(sheet), faults_of(sheet)
    if party == Party.PRACTITIONER or faults:
        return _page(request, way, sheet, "done" if party == Party.PRACTITIONER and not faults else "not_now")
    form = SignForm(posted(request), shown=ShownConsent.from_json(sheet.shown), party=party)
    if form.is_bound and request.POST.get("party") != party:
        return redirect("consent-sign", slug=sheet.clinic.slug, way=way.text)
    if not form.is_valid():
        if not form.is_bound:
            of = sheet.patient
            record("consent read before signing", clinic=sheet.clinic, patient=of, about=sheet, request=request)
        return _page(request, way, sheet, "sign", form=form)
    try:
        sign(sheet, form.signing(), membership=None, request=request)
    except NotSignable:
        return redirect("consent-sign", slug=sheet.clinic.slug, way=way.text)
    return redirect(_after(sheet, way))


def _after(sheet: ConsentSheet, way: InvitedWay) -> str:
    """Return where a person goes who has signed: to the next one's turn; else the tablet shows nothing of it."""
    is_done = next_party(sheet) == Party.PRACTITIONER
    return way.end if is_done and way.door == Door.TABLET else invitations.first_page(way.invitation)


def _page(request: HttpRequest, way: InvitedWay, sheet: ConsentSheet, template: str, **more: Any) -> HttpResponse:
    context = {
        "clinic": sheet.clinic,
        "way": way,
        "sheet": sheet,
        "shown": ShownConsent.from_json(sheet.shown),
        "address": request.path,
    }
    return render(request, f"signing/{template}.html", context | more)


def _sheet(invitation: Invitation) -> ConsentSheet:
    rows = ConsentSheet.objects.select_related("clinic", "patient", "closed", "signed", "invitation__clinic")
    sheet: ConsentSheet = get_object_or_404(rows, invitation=invitation)
    return sheet
