"""The pages of questions, the word in between after a grave answer, and the goals."""

from collections.abc import Collection
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from clinic.self_check.entering import onward, self_check_page, show
from clinic.self_check.forms import GoalsForm
from clinic.self_check.progress import progress
from clinic.self_check.ways import NoRoomError, Way
from screening.engine.rule_set import Question
from screening.engine.written import written_answer
from screening.fields.answer import counted
from screening.forms import QuestionsForm
from screening.pins import pin_of, reworded
from screening.presentation import for_patient


@require_http_methods(["GET", "HEAD", "POST"])
@self_check_page
def step(request: HttpRequest, way: Way, number: int) -> HttpResponse:
    """Ask the questions of one page; nobody gets past one that is still to be put."""
    journey = way.journey
    if not journey.has_place or journey.check.sent:
        return redirect(onward(way))
    if request.method == "POST":
        return save(request, way, number)
    if not 1 <= number <= (journey.next_page or len(journey.pages)):
        return redirect(onward(way))
    entry = counted(request.GET.get("entry", ""))
    form = questions_form(way, journey.pages[number - 1].questions, entry=entry)
    return show_step(request, way, number, form)


def save(request: HttpRequest, way: Way, number: int) -> HttpResponse:
    """Keep what the page said, for the questions that it itself names: the page may have been drawn before a change."""
    known, put_otherwise = way.journey.rule_set.questions, changed_since(request, way)
    codes = [code for code in request.POST.get("questions", "").split() if code in known and code not in put_otherwise]
    questions = tuple(known[code] for code in codes if known[code].asked_by == "patient")
    if not questions:
        return redirect(onward(way))
    form = questions_form(way, questions, data=request.POST)
    is_whole = form.is_valid()
    given = {code: written_answer(answer) for code, answer in form.given().items()}
    may_stay_open = "leave-open" in request.POST
    left = [code for code in codes if code not in given and not known[code].required]
    left += form.open() if may_stay_open else ()
    try:
        way.change(lambda check: check.with_answers(codes, given, [code for code in left if code not in form.faulty()]))
    except NoRoomError:
        form.add_error(None, gettext("There is no more room for your words. Make the text shorter."))
        return show_step(request, way, number, form)
    if form.stay is not None:
        return redirect(f"{way.address('step', number=number)}?{form.stay}")
    if form.faulty() or not (is_whole or may_stay_open):
        return show_step(request, way, number, form)
    return redirect(onward(way))


def changed_since(request: HttpRequest, way: Way) -> Collection[str]:
    """Return the questions that the page put in other words than these rules do: their answers hold no more."""
    drawn_by = request.POST.get("rules", "")
    return reworded(drawn_by, way.journey.rule_set) if drawn_by.strip() else ()


def questions_form(
    way: Way, questions: tuple[Question, ...], *, data: object = None, entry: int | None = None
) -> QuestionsForm:
    """Return the form of one page's questions with the answers so far."""
    journey = way.journey
    return QuestionsForm(
        data,
        rule_set=journey.rule_set,
        questions=questions,
        answers=journey.answers,
        at=journey.at,
        entry=entry,
    )


def show_step(request: HttpRequest, way: Way, number: int, form: QuestionsForm) -> HttpResponse:
    """Render a page of questions."""
    return show(
        request,
        way,
        "step",
        form=form,
        number=number,
        rules=" ".join(pin_of(way.journey.rule_set)),
        place=progress(way.journey, form.questions[0].section),
        single=len(form.questions) == 1,
        back=back_from(way, number),
    )


def back_from(way: Way, number: int) -> str:
    """Return the address of the page before a page of questions."""
    if number > 1:
        return way.address("step", number=number - 1)
    return way.address("start" if way.journey.plan_is_fixed else "where")


@require_http_methods(["GET", "HEAD", "POST"])
@self_check_page
def pause(request: HttpRequest, way: Way) -> HttpResponse:
    """Say at once, kindly, what speaks against it; the person stops here or goes on."""
    journey = way.journey
    if journey.check.sent or not journey.has_place or not journey.check.telling:
        return redirect(onward(way))
    if request.method == "POST":
        stops = "stop" in request.POST
        way.change(lambda check: replace(check, telling=(), stopped=stops))
        return redirect(way.address("result") if stops else onward(way))
    told = for_patient(journey.rule_set, journey.outcome, journey.plan)
    findings = [finding for finding in told.findings if finding.rule in journey.check.telling]
    return show(request, way, "pause", findings=findings)


@require_http_methods(["GET", "HEAD", "POST"])
@self_check_page
def goals(request: HttpRequest, way: Way) -> HttpResponse:
    """Ask what the person hopes for, after everything about their health."""
    journey = way.journey
    if not journey.has_place or journey.next_page is not None or journey.check.sent:
        return redirect(onward(way))
    form = GoalsForm(request.POST or None, journey=journey)
    if request.method != "POST" or not form.is_valid():
        return show(request, way, "goals", form=form, back=way.address("step", number=len(journey.pages)))
    way.change(lambda check: replace(check, goals=tuple(form.cleaned_data["goals"]), goals_put=True))
    return redirect(onward(way))
