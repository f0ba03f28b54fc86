"""The first pages: what this is, for whom and which treatment, and where on the body."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from clinic.self_check.entering import onward, self_check_page, show
from clinic.self_check.forms import StartForm, WhereForm
from clinic.self_check.ways import Way


@require_safe
@self_check_page
def welcome(request: HttpRequest, way: Way) -> HttpResponse:
    """Say what this is and what happens to the answers; somebody who was here before goes on from there."""
    if way.journey.check.sent:
        return redirect(onward(way))
    return show(request, way, "welcome", begun=bool(way.journey.check.answered_for), onward=onward(way))


@require_http_methods(["GET", "HEAD", "POST"])
@self_check_page
def start(request: HttpRequest, way: Way) -> HttpResponse:
    """Ask for whom, whether that person is old enough, and which treatment."""
    if way.journey.check.sent:
        return redirect(onward(way))
    form = StartForm(request.POST or None, way=way)
    if request.method != "POST" or not form.is_valid():
        return show(request, way, "start", form=form)
    if not form.is_old_enough():
        way.forget()
        return redirect(way.address("age"))
    whom, treatment = form.cleaned_data["answered_for"], form.cleaned_data["treatment"]
    way.change(lambda check: check.begun(whom, treatment, is_same_person=form.is_same_person()))
    # Who comes back to change the treatment sees the places once more: they belong to it.
    return redirect(onward(way) if way.journey.plan_is_fixed else way.address("where"))


@require_safe
@self_check_page
def age(request: HttpRequest, way: Way) -> HttpResponse:
    """Name the clinic's lowest age and how to reach it; nobody is screened."""
    return show(request, way, "age")


@require_http_methods(["GET", "HEAD", "POST"])
@self_check_page
def where(request: HttpRequest, way: Way) -> HttpResponse:
    """Ask for the places of a free plan."""
    if way.journey.treatment is None or way.journey.plan_is_fixed or way.journey.check.sent:
        return redirect(onward(way))
    form = WhereForm(request.POST or None, journey=way.journey)
    if request.method != "POST" or not form.is_valid():
        return show(request, way, "where", form=form)
    way.change(lambda check: replace(check, sites=tuple(form.cleaned_data["sites"])))
    return redirect(onward(way))
