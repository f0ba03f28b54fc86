"""Why a sheet cannot be signed now: it is over, or what it was opened for has changed."""

from collections.abc import Iterator

from clinic.consultations import gate_facts, gate_reasons
from clinic.consultations.consent_shown import who
from clinic.consultations.consent_texts import current
from clinic.consultations.signing_closing import why_over
from clinic.consultations.signing_models import ConsentSheet

# A consent may be signed before another person has countersigned; the gate waits for both.
_OF_LATER = ("countersign", "no-consent")


def faults_of(sheet: ConsentSheet) -> tuple[str, ...]:
    """Return why a sheet cannot be signed now, in sentences; empty where it can. At most thirteen queries."""
    if over := why_over(sheet):
        return (over,)
    return tuple(_changed(sheet))


def _changed(sheet: ConsentSheet) -> Iterator[str]:
    text = current()
    if (sheet.text_version, sheet.shown["digest"]) != (text.version, text.digest):
        yield "The consent text has changed since this was opened. Open it anew."
    if (sheet.shown["patient"], sheet.shown["born"]) != who(sheet.patient):
        yield "The patient’s name or date of birth has changed since this was opened. Open it anew."
    now = sheet.clinic.now()
    facts = gate_facts.load(sheet.clinic, sheet.patient, sheet.treatment, now)
    if facts.decision is not None and facts.decision.pk != sheet.decision_id:
        yield "A newer decision was made since this was opened. Open the consent of that one."
    for reason in gate_reasons.before(facts, now.date()):
        if reason.code not in _OF_LATER and not reason.code.startswith("consent-"):
            yield reason.words
