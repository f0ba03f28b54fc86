"""An invented consent: signed on the tablet; and the worst of one."""

from dataclasses import replace

from clinic.consultations.consent_shown import Against, ShownConsent, words_of
from clinic.consultations.consent_texts import current, text_for
from clinic.documents.consent import Chosen, ConsentPage, ToSign
from clinic.documents.paper import Letterhead, Unstored
from clinic.documents.samples import HOSTILE, LETTERHEAD, LONG_LETTERHEAD, LONG_NAME
from clinic.documents.signature_lines import SignatureLine

AT = "20 November 2026, 10:00 GMT"
DRAWN = (
    "M40 130L70 60L95 40L100 75L88 120L96 140L130 100L160 70L168 100L158 132L170 140L205 112L228 88L236 110L230 134"
    "L262 110L300 84L312 108L304 132L322 138L380 104L420 92L428 116L470 110L540 84"
)


def usual() -> Unstored:
    """Return a consent for the face, with one finding, signed by patient and practitioner."""
    said = (("Have you had a treatment of the skin in the last 12 months?", "Yes"),)
    against = Against(
        "Recent skin treatment",
        "Tell your practitioner what was done, and when. They decide whether it matters.",
        (),
        said,
        "Your practitioner has looked at it.",
    )
    shown = _shown("emface", "EMFACE", (against,))
    signatures = (("patient", "Nora Novak", "Drawn", DRAWN), ("practitioner", "Perry Practitioner", "Typed", ""))
    return _consent(shown, signatures, LETTERHEAD)


def worst() -> Unstored:
    """Return a consent with 30 findings, hostile words, and every party that can sign."""
    many = tuple(
        Against(
            f"Finding {number}",
            HOSTILE if number == 1 else "It bars the places below until a doctor has said that it has healed.",
            ("Left upper arm", "Right upper arm", "Lower back") if number % 3 == 0 else (),
            tuple(("Has a doctor told you that you have this, now or before?", "Not sure") for _ in range(number % 4)),
            "A doctor has agreed in writing. The letter is in your records.",
        )
        for number in range(1, 31)
    )
    places = tuple(f"{side} {place}" for place in ("upper arm", "thigh", "hip", "flank") for side in ("Left", "Right"))
    shown = replace(_shown("ems-training", "Training in an electrode suit", many), patient=LONG_NAME, places=places)
    parties = (
        ("guardian", LONG_NAME, "Drawn", DRAWN),
        ("interpreter", HOSTILE[:200], "Typed", ""),
        ("practitioner", LONG_NAME, "Typed", ""),
    )
    return _consent(replace(shown, left_out=("Abdomen",)), parties, LONG_LETTERHEAD)


def _shown(code: str, name: str, against: tuple[Against, ...]) -> ShownConsent:
    text, own = current(), text_for(code)
    if own is None:
        raise LookupError(code)
    return ShownConsent(
        clinic=LETTERHEAD.name,
        patient="Nora Novak",
        born="7 March 1980",
        treatment=name,
        device="Invented One, serial number 4711",
        places=("Left cheek", "Right cheek", "Forehead"),
        left_out=(),
        course="8 sessions, at least 5 days apart",
        against=against,
        expectations=("What you hope for: a firmer face.", "What can be expected was talked through with you."),
        answered="18 November 2026",
        rules="set 1",
        rules_digest="4be1" * 16,
        engine="1",
        **words_of(text, own),
    )


def _consent(shown: ShownConsent, parties: tuple[tuple[str, str, str, str], ...], letterhead: Letterhead) -> Unstored:
    chosen = tuple(Chosen(one.question, one.words, one.yes, one.no, one.no) for one in shown.choices)
    statements = tuple(
        ToSign(shown.statement_of(party), (SignatureLine(party.title(), name, how, AT, path),))
        for party, name, how, path in parties
    )
    page = ConsentPage(shown, chosen, statements, how="Signed on the clinic’s tablet.", digest="90af" * 16)
    return Unstored("consent.html", "Consent", letterhead, page)
