"""What is signed, as one value with one digest; and whether it still is what it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clinic.consultations.models import Consent
from clinic.consultations.signing_models import ConsentSheet, ConsentSignature, SignedConsent
from clinic.screenings.models import Screening
from screening.engine.canonical import canonical, digest_of


@dataclass(frozen=True, slots=True)
class SignedCheck:
    """What became of a signed consent since: `digest` as it was kept; `faults`: what differs now, in sentences."""

    digest: str
    faults: tuple[str, ...]


def signed_content(sheet: ConsentSheet, consent: Consent) -> dict[str, Any]:
    """Return what the digest covers, as JSON values: text, choices, the screening, names and signatures as shown."""
    return {
        "sheet": {
            "number": sheet.pk,
            "text_version": sheet.text_version,
            "shown": sheet.shown,
            "needs": sheet.needs,
            "treatment": sheet.treatment,
            "sites": sheet.sites,
            "decision": sheet.decision_id,
        },
        "consent": {
            "treatment": consent.treatment,
            "sites": consent.sites,
            "text_version": consent.text_version,
            "signed_on": consent.signed_on.isoformat(),
            "signed_by": consent.signed_by,
            "how": consent.how,
            "choices": consent.choices,
        },
        "screening": _screening(sheet.decision.screening),
        "signatures": [_signature(one) for one in sheet.signatures.all()],
    }


def check(consent: Consent) -> SignedCheck | None:
    """Return whether a consent is as it was signed, computed anew; None for one on paper. Four queries."""
    signed: SignedConsent | None = getattr(consent, "signed", None)
    if signed is None:
        return None
    return SignedCheck(signed.digest, tuple(_faults(signed, consent)))


def _faults(signed: SignedConsent, consent: Consent) -> Iterator[str]:
    if digest_of(canonical(signed.signed)) != signed.digest:
        yield "What was signed does not fit its digest any more."
    now = signed_content(signed.sheet, consent)
    words = {
        "sheet": "The text that was shown is another than the one that was signed.",
        "consent": "The consent says something else than what was signed.",
        "screening": "The screening is another than the one that was signed.",
        "signatures": "The signatures are others than those that were given.",
    }
    for part, sentence in words.items():
        if now[part] != signed.signed.get(part):
            yield sentence


def _screening(screening: Screening) -> dict[str, Any]:
    """Return what names a screening and everything in it, without repeating it."""
    said = {"plan": screening.plan, "answers": screening.answers, "outcome": screening.outcome}
    digests = {f"{name}_sha256": digest_of(canonical(_exact(value))) for name, value in said.items()}
    return {"number": screening.pk, "answered_at": screening.answered_at.isoformat(), **digests}


def _signature(signature: ConsentSignature) -> dict[str, Any]:
    names = ("party", "name", "how", "strokes", "choices", "by_id")
    return {name: getattr(signature, name) for name in names} | {"at": signature.at.isoformat()}


def _exact(value: Any) -> Any:
    """Return JSON values with each float as its text: a canonical text has none."""
    if isinstance(value, dict):
        return {key: _exact(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_exact(entry) for entry in value]
    return repr(value) if isinstance(value, float) else value
