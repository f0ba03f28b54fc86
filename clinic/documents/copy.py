"""The patient's copy: a self-check or a consultation in plain words, with everything that was said."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from clinic.documents.maps import BodyMap, body_map_of
from clinic.documents.moments import on_the_clock
from clinic.documents.paper import Letterhead, Unstored
from clinic.people.patients import Patient
from clinic.screenings.stored import Stored
from clinic.self_check.journey import Journey
from clinic.self_check.result import result_context
from clinic.self_check.summary import summary
from screening.engine.outcome import Outcome
from screening.engine.rule_set import RuleSet
from screening.presentation import Other, Told, states_of

TEMPLATE = "copy.html"
Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One question and what was said, a line for each entry; `gap`: in words, that something, or all of it, is open."""

    wording: str
    lines: tuple[str, ...]
    gap: str


@dataclass(frozen=True, slots=True)
class CopyPart:
    """The rows of one section."""

    title: str
    rows: tuple[CopyRow, ...]


@dataclass(frozen=True, slots=True)
class CopyDecision:
    """What a practitioner decided. `tone`: of an outcome, or empty; `settled`: findings, each with what settles it."""

    tone: str
    headline: str
    lead: str
    facts: Facts
    settled: Facts


@dataclass(frozen=True, slots=True)
class CopyPage:
    """What a copy says. `about`: whose, of what and when; `notices`: what has to be read first, a sentence or two each.

    `map`, `decision`: none where there is nothing to show; `others`: on a self-check's own copy only.
    """

    about: Facts
    notices: tuple[str, ...]
    told: Told
    decision: CopyDecision | None
    map: BodyMap | None
    goals: tuple[str, ...]
    others: tuple[Other, ...]
    parts: tuple[CopyPart, ...]


def copy_of_result(journey: Journey, patient: Patient | None) -> Unstored:
    """Return the copy of a self-check as its result page shows it now; `patient`: whose it is, where that is known."""
    context, goals = result_context(journey), journey.rule_set.goals
    page = CopyPage(
        about=(*(person(patient) if patient else ()), (gettext("Made"), on_the_clock(journey.at, journey.clinic))),
        notices=_stopped(journey, context["told"]),
        told=context["told"],
        decision=None,
        map=picture(journey.rule_set, journey.outcome, context["told"]),
        goals=tuple(goals[code].name for code in journey.plan.goals),
        others=context["others"],
        parts=tuple(
            CopyPart(
                part.title, tuple(CopyRow(row.wording, row.lines, gap(row.lines, row.is_open)) for row in part.rows)
            )
            for part in summary(journey)
        ),
    )
    return Unstored(TEMPLATE, gettext("Your self-check"), Letterhead.of(journey.clinic), page)


def parts_of(kept: Stored) -> tuple[CopyPart, ...]:
    """Return everything that was said in a stored screening, gaps included, without staff's own notes."""
    return tuple(
        CopyPart(
            part.title,
            tuple(CopyRow(row.wording, row.lines, gap(row.lines, row.is_open)) for row in part.rows if row.is_asked),
        )
        for part in kept.parts
        if any(row.is_asked for row in part.rows)
    )


def picture(rule_set: RuleSet, outcome: Outcome, told: Told, treated: Collection[str] = ()) -> BodyMap | None:
    """Return the map of the planned places, where it says more than the headline does.

    `treated`: the places of a decision, which leaves out all others; empty: nothing is decided.
    """
    if not told.shows_places:
        return None
    states = states_of(outcome)
    if treated:
        states = {site: state if site in treated else "barred" for site, state in states.items()}
    return body_map_of(rule_set, states, whose=gettext("Your"))


def person(patient: Patient) -> Facts:
    """Return a patient's name and date of birth."""
    return ((gettext("Name"), patient.name), (gettext("Date of birth"), date_format(patient.born, "j F Y")))


def gap(lines: tuple[str, ...], is_open: bool) -> str:
    """Return in words that an answer is missing; empty where it is not."""
    if is_open:
        return gettext("Not finished") if lines else gettext("Not answered")
    return "" if lines else gettext("Nothing written")


def _stopped(journey: Journey, told: Told) -> tuple[str, ...]:
    if not (journey.check.stopped and journey.next_page):
        return ()
    words = ngettext(
        "You stopped early. One question was not asked, so we do not know everything.",
        "You stopped early. %(number)s questions were not asked, so we do not know everything.",
        len(told.missing),
    )
    return (words % {"number": len(told.missing)},)
