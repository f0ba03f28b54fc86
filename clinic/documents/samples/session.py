"""The session record: a plain session, and one in which everything was otherwise."""

from typing import Any

from clinic.consultations.deciding_case import Screened
from clinic.consultations.session_forms import DONE, NUMBERS, WORDS
from clinic.consultations.session_ranges import RANGES
from clinic.documents.findings import headed, printed_groups
from clinic.documents.maps import body_map_of
from clinic.documents.paper import Unstored
from clinic.documents.sample_cases import a_case, the_worst_case, told_of
from clinic.documents.samples import HOSTILE, LETTERHEAD, LONG_LETTERHEAD
from clinic.documents.samples.summary import LONG_PATIENT, PATIENT, SITES
from clinic.documents.session_paper import TITLE
from clinic.documents.signature_lines import SignatureLine
from clinic.documents.summary_notices import Notice
from clinic.documents.summary_values import PrintedEvent, PrintedRecord, SessionPage

WHEN = "Perry Peters (practitioner), 24 November 2026, 10:00 GMT"


def usual() -> Unstored:
    """Return the record of a session in which nothing was out of the ordinary."""
    case = a_case("facial-ems", SITES, "session")
    record = PrintedRecord(
        written=WHEN,
        counts=True,
        facts=(("Programme", "Face 2"), ("Current on", "20 minutes"), ("Skin cleaned first, and whole after", "Yes")),
        outside=(),
        words=(("How it felt", "Warm, never painful."), ("Aftercare, and what was advised", "Water, no sauna today.")),
    )
    page = SessionPage(
        patient=_who(case, PATIENT, "3 of 8"),
        about=_about(),
        notices=(),
        **_of_case(case, dict.fromkeys(case.planned, "planned")),
        notes=(),
        records=(record,),
        events=(),
        signatures=(SignatureLine("Practitioner: Perry Peters"),),
    )
    return Unstored("session.html", TITLE, LETTERHEAD, page)


def worst() -> Unstored:
    """Return the record of a session that was struck out, corrected twice, outside of every range, and went wrong."""
    case = the_worst_case("body-myostimulation", "session")
    facts = (
        ("Programme", HOSTILE[:120]),
        ("Intensity", ", ".join(f"{name} 30 mA" for name in told_of(case).planned)),
        *((label, f"120 {unit}".strip()) for label, unit in NUMBERS.values()),
        *((label, "No") for label in DONE.values()),
    )
    records = tuple(
        PrintedRecord(
            written=WHEN,
            counts=number == 0,
            facts=facts,
            outside=tuple((one.words, HOSTILE[:150]) for one in RANGES),
            words=tuple((label, HOSTILE) for label in WORDS.values()),
        )
        for number in range(3)
    )
    event = PrintedEvent(
        "Severe: needed a doctor, 24 November 2026, 10:20 GMT",
        (("What happened", HOSTILE), ("What was done", "Current off at once."), ("A doctor was told", "Yes")),
    )
    page = SessionPage(
        patient=_who(case, LONG_PATIENT, "12 of 12"),
        about=_about(),
        notices=(Notice("Struck out: this session does not count", f"Started for another person by mistake. {WHEN}."),),
        **_of_case(case, dict.fromkeys(case.planned, "barred") | {"abdomen": "planned"}),
        notes=(("How do you feel today?", HOSTILE),),
        records=records,
        events=(event, event),
        signatures=(SignatureLine("Practitioner: Perry Peters"),),
    )
    return Unstored("session.html", TITLE, LONG_LETTERHEAD, page)


def _of_case(case: Screened, states: dict[str, str]) -> dict[str, Any]:
    told = told_of(case)
    return {
        "told": headed(told),
        "groups": printed_groups(case, told, ()),
        "map": body_map_of(case.rule_set, states),
    }


def _who(case: Screened, patient: tuple[tuple[str, str], ...], number: str) -> tuple[tuple[str, str], ...]:
    return (
        *patient,
        ("Treatment", told_of(case).treatment),
        ("Session", number),
        ("Started", f"{WHEN}, Europe/London"),
        ("Checked", "24 November 2026, 09:50 GMT"),
    )


def _about() -> tuple[tuple[str, str], ...]:
    return (
        ("Device", "Invented Works Suit One"),
        ("Rests on", "the decision of Perry Peters (practitioner), 20 November 2026, 10:20 GMT"),
        ("Consent", "signed by Nora Novak on 20 November 2026, on the clinic’s tablet, version 1"),
    )
