"""The intake on a page: open it, go on with it, save it as it is typed, store it or drop it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from clinic.consultations.intake import IntakeError, case_of, complete, drop, found, locked, open_intake
from clinic.consultations.intake_fragments import Fragments, has_button
from clinic.consultations.intake_moving import move
from clinic.consultations.intake_opening import OpeningForm
from clinic.consultations.intake_page import IntakePage
from clinic.consultations.intake_saving import REVISION, Saved, save_page
from clinic.consultations.models import Intake
from clinic.people.access import CLINICAL, staff_of_a_clinic
from clinic.people.clinics import Membership
from clinic.people.holding import hold
from screening.fields.answer import counted

OPEN_IS_FINE = "intake.open"


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
def open_one(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Open the one intake of a patient for a treatment, or go on with it."""
    form = OpeningForm(request.POST, clinic=membership.clinic)
    patient = form.patient()
    try:
        intake = open_intake(
            clinic=membership.clinic, patient=patient, by=request.user, request=request, **form.begun()
        )
    except IntakeError as error:
        messages.warning(request, str(error))
        return redirect("staff-patient", patient.pk)
    return redirect("staff-intake", intake.pk)


@require_safe
@staff_of_a_clinic(roles=CLINICAL)
def intake(request: HttpRequest, membership: Membership, intake_id: int) -> HttpResponse:
    """Show the intake, by the rules published now. A draft of older ones is moved by the next save, not by looking."""
    now = membership.clinic.now()
    try:
        shown = found(membership.clinic, intake_id)
    except Intake.DoesNotExist:
        raise Http404 from None
    move(shown, now)
    return _show(request, IntakePage(shown, case_of(shown, now), now, entry=counted(request.GET.get("entry", ""))))


@require_POST
@login_not_required
def save(request: HttpRequest, intake_id: int) -> HttpResponse:
    """Keep what was typed so far; whose sign-in has ended keeps the page."""
    return _signed_out(request) or _save(request, intake_id=intake_id)


@require_POST
@login_not_required
def store(request: HttpRequest, intake_id: int) -> HttpResponse:
    """Keep what was typed, and store it as a screening when the page was whole."""
    return _signed_out(request) or _store(request, intake_id=intake_id)


@require_POST
@staff_of_a_clinic(roles=CLINICAL)
def drop_one(request: HttpRequest, membership: Membership, intake_id: int) -> HttpResponse:
    """Ask once, then end the intake without a screening."""
    with transaction.atomic():
        begun = _locked(membership, intake_id)
        if "sure" not in request.POST:
            return render(request, "consultations/intake_drop.html", {"section": "patients", "intake": begun})
        drop(begun, request)
    messages.success(request, "The intake is dropped. Nothing was stored.")
    return redirect("staff-patient", begun.patient_id)


@staff_of_a_clinic(roles=CLINICAL)
def _save(request: HttpRequest, membership: Membership, intake_id: int) -> HttpResponse:
    saved = _saved(request, membership, intake_id)
    now = membership.clinic.now()
    opened = saved.form.stay
    if request.htmx:  # type: ignore[attr-defined]
        page = IntakePage(saved.intake, saved.case, now, saved=saved, entry=_entry(opened))
        return render(request, "consultations/intake_answer.html", {"page": page, "fragments": Fragments(page, saved)})
    if saved.is_whole:
        return redirect(f"{reverse('staff-intake', args=[intake_id])}{_anchor(saved, opened)}")
    return _show(request, IntakePage(saved.intake, saved.case, now, saved=saved))


@staff_of_a_clinic(roles=CLINICAL)
def _store(request: HttpRequest, membership: Membership, intake_id: int) -> HttpResponse:
    saved = _saved(request, membership, intake_id)
    page = IntakePage(saved.intake, saved.case, membership.clinic.now(), saved=saved)
    if not saved.is_whole:
        return _show(request, page)
    if page.live.open and OPEN_IS_FINE not in request.POST:
        return _show(request, page, asks_about_open=True)
    try:
        screening = complete(saved.intake, membership=membership, request=request)
    except Intake.DoesNotExist:
        # Another press stored it between the two.
        raise Http404 from None
    except IntakeError as error:
        return _show(request, page, refusal=str(error))
    messages.success(request, "The screening is stored.")
    return redirect("staff-screening", screening.pk)


def _saved(request: HttpRequest, membership: Membership, intake_id: int) -> Saved:
    with transaction.atomic():
        begun = _locked(membership, intake_id)
        return save_page(begun, request.POST, by=request.user, now=membership.clinic.now())


def _locked(membership: Membership, intake_id: int) -> Intake:
    try:
        return locked(membership.clinic, intake_id)
    except Intake.DoesNotExist:
        raise Http404 from None


def _signed_out(request: HttpRequest) -> HttpResponse | None:
    """Return the answer to a page whose sign-in has ended: what was typed stays, in the page or in this answer."""
    if request.user.is_authenticated:
        return None
    if REVISION not in request.POST:
        return redirect_to_login(request.path)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "consultations/intake_signed_out.html", status=401)
    return hold(request)


def _show(request: HttpRequest, page: IntakePage, **more: Any) -> HttpResponse:
    return render(request, "consultations/intake.html", {"section": "patients", "page": page, **more})


def _entry(opened: str | None) -> int | None:
    return counted((opened or "").removeprefix("entry="))


def _anchor(saved: Saved, opened: str | None) -> str:
    """Return where the page goes on: at the operation that a button asked for, else at the top."""
    if opened is None:
        return ""
    pressed = next((code for code in saved.shown if has_button(saved, code)), "")
    return f"?{opened}#slot-{pressed}"
