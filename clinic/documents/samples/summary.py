"""The consultation summary: somebody with nothing at all, and somebody with everything."""

from typing import Any

from clinic.consultations.deciding_case import Screened
from clinic.consultations.models import Settlement
from clinic.documents.findings import goals_of, headed, printed_groups
from clinic.documents.maps import body_map_of
from clinic.documents.paper import Unstored
from clinic.documents.sample_cases import a_case, the_worst_case, told_of
from clinic.documents.samples import HOSTILE, LETTERHEAD, LONG_LETTERHEAD, LONG_NAME
from clinic.documents.settled import Ground
from clinic.documents.signature_lines import SignatureLine
from clinic.documents.summary import TITLE, place_facts
from clinic.documents.summary_notices import Notice
from clinic.documents.summary_values import Changed, Countersigned, SummaryPage, Verdict
from screening.presentation import states_of

PATIENT = (("Patient", "Nora Novak"), ("Born", "7 March 1980"))
LONG_PATIENT = (("Patient", LONG_NAME), ("Born", "29 February 1952"))
SITES = ("cheek-left", "cheek-right", "jawline-left", "jawline-right")


def usual() -> Unstored:
    """Return the summary of somebody about whom nothing speaks against the plan."""
    case = a_case("facial-ems", SITES, goals=("face-tone",))
    states = dict.fromkeys(case.planned, "planned")
    page = SummaryPage(
        patient=(*PATIENT, ("Treatment", told_of(case).treatment)),
        about=(
            ("Screened", "Perry Peters (practitioner), 20 November 2026, 10:00 GMT, Europe/London"),
            ("Answers came", "in the clinic, with staff"),
        ),
        **_of_case(case, ()),
        notices=(),
        changed=(),
        notes=(),
        map=body_map_of(case.rule_set, states),
        seen=(
            ("Muscle activity", "Even on both sides, a little weak along the jaw."),
            ("Skin quality", "Whole, dry, no redness."),
            ("Protocol", "Three weeks at low intensity, then look again."),
        ),
        seen_by="Perry Peters, Physiotherapist, 20 November 2026, 10:20 GMT",
        plan=_plan("8 sessions, at least 4 days apart"),
        verdict=Verdict(
            "clear",
            "Proceed",
            "As talked through. We start at low intensity.",
            "Perry Peters (practitioner), 20 November 2026, 10:20 GMT",
        ),
        grounds=(),
        besides=(),
        countersign=None,
        signatures=(SignatureLine("Practitioner: Perry Peters"), SignatureLine("Patient: Nora Novak")),
    )
    return Unstored("summary.html", TITLE, LETTERHEAD, page)


def worst() -> Unstored:
    """Return the summary of somebody with everything, a long name, 12 sessions, agreements and a countersign.

    For the eye alone: nobody can store such a decision.
    """
    case = the_worst_case("body-myostimulation")
    states = {**states_of(case.outcome), "thigh-front-left": "planned", "thigh-front-right": "planned"}
    when = "Bartholomäus Ó Súilleabháin (practitioner), 20 November 2026, 10:00 GMT"
    page = SummaryPage(
        patient=(*LONG_PATIENT, ("Treatment", told_of(case).treatment)),
        about=(
            ("Screened", when),
            ("Answers came", "a self-check, reviewed by staff"),
            ("Entered", "20 November 2026, 16:40 GMT, later than it was answered"),
        ),
        **_of_case(case, _settlements(case)),
        notices=(Notice("A later decision takes its place", "It was made on 24 November 2026, 09:10 GMT."),),
        changed=tuple(
            Changed(f"{number}. {HOSTILE[:90]}?", "No answer", "Yes", "Perry Peters, 20 November 2026, 10:00 GMT")
            for number in range(1, 6)
        ),
        notes=(("Do you have a pacemaker?", HOSTILE), ("Are you pregnant?", "Told us by phone.\nAsked again.")),
        map=body_map_of(case.rule_set, states),
        seen=tuple((f"Entry {number}", HOSTILE[:200]) for number in range(1, 16)),
        seen_by="Bartholomäus Ó Súilleabháin, Physiotherapist, 20 November 2026, 10:00 GMT",
        plan=_plan("12 sessions, at least 5 days apart, then once a month"),
        verdict=Verdict("restricted", "Proceed on the allowed sites", HOSTILE, when),
        grounds=tuple(
            Ground(
                case.rule_set.rules[one.rule].title,
                "Doctor’s written agreement",
                "Dr Ágnes Szűcs, 18 November 2026",
                HOSTILE[:160],
                _KEPT,
            )
            for one in case.outcome.findings
            if one.grade == "not-advised"
        ),
        besides=(("Another finding", "The doctor’s answer closes it."),),
        countersign=Countersigned("I read the agreements and stand behind it.", "Sol Sanders (supervisor), " + when),
        signatures=(
            SignatureLine("Practitioner: Bartholomäus Ó Súilleabháin"),
            SignatureLine("Countersigned by: Sol Sanders"),
            SignatureLine(f"Patient: {LONG_NAME}"),
        ),
    )
    return Unstored("summary.html", TITLE, LONG_LETTERHEAD, page)


_KEPT = "Letter on file, SHA-256 begins 0123456789abcdef"


def _of_case(case: Screened, settlements: tuple[Settlement, ...]) -> dict[str, Any]:
    told = told_of(case)
    return {
        "told": headed(told),
        "places": tuple(place_facts(told)),
        "goals": goals_of(told),
        "groups": printed_groups(case, told, settlements),
    }


def _settlements(case: Screened) -> tuple[Settlement, ...]:
    return tuple(
        Settlement(
            rule=one.rule, grade=one.grade, answers=case.deciding(one), reason="agreement", words="He knows the plan."
        )
        for one in case.outcome.findings
        if one.grade == "not-advised"
    )


def _plan(course: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Device", "Invented Works Suit One"),
        ("Course", course),
        ("Talked through", "What to expect, and that no result is promised"),
        ("Counts until", "20 May 2027"),
    )
