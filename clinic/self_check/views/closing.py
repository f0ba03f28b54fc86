"""The last pages: all answers, the result, sending it, and leaving nothing behind."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from clinic.leaving import SHOWN, leave_nothing
from clinic.screenings.models import Door
from clinic.screenings.received import received
from clinic.screenings.store import send as send_to_clinic
from clinic.self_check.entering import onward, self_check_page, show
from clinic.self_check.forms import SendForm
from clinic.self_check.result import for_a_doctor, result_context
from clinic.self_check.summary import summary
from clinic.self_check.ways import Way
from screening.presentation import for_patient


@require_http_methods(["GET", "HEAD", "POST"])
@self_check_page
def answers(request: HttpRequest, way: Way) -> HttpResponse:
    """Show every answer and every gap before the result."""
    journey = way.journey
    if onward(way) != way.address("answers"):
        return redirect(onward(way))
    if request.method == "POST":
        way.change(lambda check: replace(check, looked_over=True))
        return redirect(way.address("result"))
    sites, goals = journey.rule_set.sites, journey.rule_set.goals
    return show(
        request,
        way,
        "answers",
        parts=summary(journey),
        missing=journey.outcome.missing,
        places=[sites[code].name for code in journey.outcome.planned_sites],
        goals=[goals[code].name for code in journey.plan.goals],
    )


@require_safe
@self_check_page
def result(request: HttpRequest, way: Way) -> HttpResponse:
    """Say what came out: only after everything was put, or where the person chose to stop."""
    journey = way.journey
    if journey.check.sent or not journey.may_show_result:
        return redirect(onward(way))
    # What is saved on the clinic's tablet, the next person holds in their hands.
    may_take_along = way.door != Door.TABLET
    letters = for_a_doctor(journey) if may_take_along else ()
    context = {"onward": onward(way), "may_take_along": may_take_along, "letters": letters}
    return show(request, way, "result", **context, **result_context(journey))


@require_http_methods(["GET", "HEAD", "POST"])
@self_check_page
def send(request: HttpRequest, way: Way) -> HttpResponse:
    """Ask who sends it and whether the clinic may keep it; send it once."""
    journey = way.journey
    if journey.check.sent or not journey.may_show_result:
        return redirect(onward(way))
    form = SendForm(request.POST or None, way=way)
    # The page may be older than what is here now: nothing goes out under a name that was typed for something else.
    is_another = request.POST.get("key", journey.check.key) != journey.check.key
    if request.method != "POST" or not form.is_valid() or is_another:
        return show(request, way, "send", form=form, is_another=is_another)
    send_to_clinic(
        clinic=way.clinic,
        invitation=way.invitation,
        key=UUID(journey.check.key),
        answered_for=journey.check.answered_for,
        rule_set=journey.rule_set,
        plan=journey.plan,
        answers=journey.answers,
        at=journey.at,
        door=way.door,
        request=request,
        **form.sender(),
    )
    way.remember_sent()
    return redirect(way.end)


@require_safe
@self_check_page
def receipt(request: HttpRequest, way: Way) -> HttpResponse:
    """Show exactly what the clinic sees."""
    sending = way.sending()
    if sending is None or way.end != way.address("receipt"):
        return redirect(onward(way))
    return show(request, way, "receipt", sending=sending, received=received(sending, for_patient))


@require_http_methods(["GET", "HEAD", "POST"])
@self_check_page
def clear(request: HttpRequest, way: Way) -> HttpResponse:
    """Remove the answers from this browser, after asking."""
    if request.method == "POST":
        way.forget()
        return leave_nothing(show(request, way, "cleared"), SHOWN)
    return show(request, way, "clear")


@require_safe
@self_check_page
def gone(request: HttpRequest, way: Way) -> HttpResponse:
    """Say that there are no answers here any more, and why."""
    if way.journey.check.answered_for:
        return redirect(onward(way))
    return show(request, way, "gone")
