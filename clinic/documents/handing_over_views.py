"""What a person takes along from the result page: made at once, handed over, and stored nowhere."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from clinic.documents.copy import copy_of_result
from clinic.documents.issuing_page import says_when_not_drawn
from clinic.documents.letter import letter_of_result
from clinic.documents.paper import Unstored
from clinic.documents.rendering import render
from clinic.events import record
from clinic.people.files import as_file
from clinic.people.limits import too_often
from clinic.people.patients import Patient
from clinic.screenings.models import Door
from clinic.self_check.entering import onward, self_check_page
from clinic.self_check.result import for_a_doctor
from clinic.self_check.ways import Way

# How often one address may have a paper drawn: of ACCOUNT_RATE_LIMITS.
LIMIT = "paper-taken-along"


@require_POST
@self_check_page
@says_when_not_drawn
def result_copy(request: HttpRequest, way: Way) -> HttpResponse:
    """Give the copy of a self-check, as its result page shows it, as a PDF."""
    return _handed_over(request, way, "copy", lambda: copy_of_result(way.journey, _patient(way)))


@require_POST
@self_check_page
@says_when_not_drawn
def result_letter(request: HttpRequest, way: Way) -> HttpResponse:
    """Give a letter to a doctor about one finding, which the body of the request names, as a PDF."""
    rule = request.POST.get("rule", "")

    def made() -> Unstored | None:
        is_one = any(rule == letter.rule for letter in for_a_doctor(way.journey))
        return letter_of_result(way.journey, rule, _patient(way)) if is_one else None

    return _handed_over(request, way, "letter", made)


def _patient(way: Way) -> Patient | None:
    return way.invitation.patient if way.invitation else None


def _handed_over(request: HttpRequest, way: Way, name: str, make: Callable[[], Unstored | None]) -> HttpResponse:
    """Draw a paper where there is a result to show; else lead to where the person is.

    Of somebody invited the trail keeps that they took it along; of somebody unknown it keeps nothing.
    """
    journey = way.journey
    if journey.check.sent or not journey.may_show_result:
        return redirect(onward(way))
    # What is saved on the clinic's tablet, the next person holds in their hands.
    paper = None if way.door == Door.TABLET else make()
    if paper is None:
        return redirect(way.address("result"))
    if refused := too_often(request, LIMIT):
        return refused
    drawn = render(paper)
    if invitation := way.invitation:
        patient = invitation.patient
        record(f"{name} taken along", clinic=way.clinic, patient=patient, about=invitation, request=request)
    return as_file(drawn, "application/pdf", f"{name}.pdf", to_save=True)
