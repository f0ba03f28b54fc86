"""Opens the pages of a self-check: finds the way, refuses who may not come in, and lets nothing else through."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from clinic.events import record_refusal
from clinic.people.clinics import Clinic
from clinic.screenings import invitations
from clinic.screenings.models import Door, Invitation
from clinic.self_check.ways import ANONYMOUS, CookieWay, InvitedWay, NoRoomError, NotAdmittedError, Way
from screening.rulesets import NotScreenable, with_newest

View = Callable[..., HttpResponse]


def self_check_page(view: View) -> View:
    """Take a view of (request, way, ...), give one of (request, slug, way, ...), open to who may use that way."""

    @login_not_required
    @wraps(view)
    def handle(request: HttpRequest, slug: str, way: str, **places: Any) -> HttpResponse:
        try:
            opened = open_way(request, slug, way)
            return opened.finish(view(request, opened, **places))
        except NotAdmittedError as refused:
            return turned_away(request, slug, way, refused)
        except NoRoomError:
            return render(request, "self_check/no_room.html", {"clinic": find_clinic(slug), "way": {"text": way}})
        except invitations.EndedError:
            # Sent or closed in between, on another device: the first page knows which.
            return redirect("self-check:welcome", slug=slug, way=way)
        except NotScreenable:
            return render(request, "self_check/no_rules.html", {"clinic": find_clinic(slug)}, status=503)

    return handle


def turned_away(request: HttpRequest, slug: str, way: str, refused: NotAdmittedError) -> HttpResponse:
    """Return what somebody sees whom a page does not admit: the date of birth, the tablet's end, or no way in."""
    if refused.unconfirmed is not None:
        return redirect("birth", slug=slug, way=way)
    if way.startswith(Door.TABLET):
        return redirect("self-check:over", slug=slug, way=way)
    return no_way_in(request, slug)


def find_clinic(slug: str) -> Clinic:
    """Return the clinic at an address, without the bytes of its logo. Raises Http404 where there is none."""
    return get_object_or_404(Clinic.objects.defer("logo"), slug=slug)


def open_way(request: HttpRequest, slug: str, text: str) -> Way:
    """Return the way that `text` names. Raises NotAdmittedError, or Http404 where there is no such clinic."""
    if text == ANONYMOUS:
        clinic = get_object_or_404(with_newest(Clinic.objects.defer("logo")), slug=slug)
        return CookieWay(request, clinic, text)
    return InvitedWay(request, invited_by(slug, text), text)


def invited_by(slug: str, text: str, *purposes: str) -> Invitation:
    """Return the open invitation that `text` names: for a self-check, or for `purposes`. Raises NotAdmittedError."""
    door, _, ref = text.partition("-")
    invitation = invitations.by_ref(slug, ref, *purposes)
    if invitation is None or invitation.door != door:
        raise NotAdmittedError
    return invitation


def no_way_in(request: HttpRequest, slug: str, ended: Invitation | None = None) -> HttpResponse:
    """Return the one page for links that are wrong, expired or closed: which of them it was is nobody's business.

    The trail keeps that somebody tried, and of one that has ended, whose it was.
    """
    clinic = find_clinic(slug)
    record_refusal("link refused", request=request, clinic=clinic, patient=ended and ended.patient, about=ended)
    return render(request, "self_check/no_way_in.html", {"clinic": clinic}, status=404)


def onward(way: Way) -> str:
    """Return the address of what comes next for this person; all answers, when nothing is left to be asked."""
    journey = way.journey
    if journey.check.sent:
        return way.end
    if journey.treatment is None:
        return way.address("start" if journey.check.answered_for else "gone")
    if not journey.has_place:
        return way.address("where")
    if journey.check.telling:
        return way.address("pause")
    if journey.next_page is not None:
        return way.address("step", number=journey.next_page)
    return way.address("answers" if journey.check.goals_put else "goals")


def show(request: HttpRequest, way: Way, template: str, **context: Any) -> HttpResponse:
    """Render one page of the self-check."""
    # A page that shows nothing of the journey, such as the receipt, asks for no rules.
    shared = {"clinic": way.clinic, "way": way, "journey": lambda: way.journey, "check": way.load()}
    return render(request, f"self_check/{template}.html", shared | context)
