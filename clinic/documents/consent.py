"""The consent on paper: as it was signed on a screen, or as a form to be signed by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from clinic.consultations.consent_shown import ShownConsent, shown_for
from clinic.consultations.models import Consent, Decision
from clinic.consultations.signing_models import ConsentSignature, SignedConsent
from clinic.consultations.signing_strokes import path_of
from clinic.documents.models import Document
from clinic.documents.moments import on_the_clock
from clinic.documents.paper import Letterhead, Paper
from clinic.documents.signature_lines import SignatureLine
from clinic.people.clinics import Clinic

Party = ConsentSignature.Party
# Who may sign by hand; lines that nobody needs stay empty.
BY_HAND = (
    "Patient",
    "Guardian, where somebody else decides for the patient",
    "Interpreter, where there was one",
    "Practitioner",
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One choice beside the treatment. `answer`: in words; empty on a form to be ticked by hand."""

    question: str
    words: str
    yes: str
    no: str
    answer: str


@dataclass(frozen=True, slots=True)
class ToSign:
    """What a party signs, and the signature."""

    words: str
    signatures: tuple[SignatureLine, ...]


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """The consent as a paper. `how`: where it was signed; `digest`: of what was signed; both empty on a form."""

    shown: ShownConsent
    chosen: tuple[Chosen, ...]
    statements: tuple[ToSign, ...]
    how: str
    digest: str


def signed_paper(signed: SignedConsent, clinic: Clinic) -> Paper:
    """Return the paper of a consent that was signed on a screen, from what was signed and nothing newer."""
    shown, consent = ShownConsent.from_json(signed.sheet.shown), signed.consent
    page = ConsentPage(
        shown=shown,
        chosen=_chosen(shown, consent),
        statements=tuple(_signed(shown, one, clinic) for one in signed.sheet.signatures.all()),
        how=f"Signed {consent.get_how_display()}.",
        digest=signed.digest,
    )
    return _paper("Consent", page, consent.decision, clinic, consent=consent)


def blank_paper(decision: Decision, clinic: Clinic) -> Paper:
    """Return a form to be signed by hand for what a decision says. Raises NotReadable, NoTextError."""
    shown = shown_for(decision)
    page = ConsentPage(shown, _chosen(shown, None), tuple(_by_hand(shown)), how="", digest="")
    return _paper("Consent form", page, decision, clinic)


def _paper(title: str, page: ConsentPage, decision: Decision, clinic: Clinic, consent: Consent | None = None) -> Paper:
    named = decision.screening.outcome["rule_set"]
    return Paper(
        kind=Document.Kind.CONSENT,
        template="consent.html",
        title=title,
        letterhead=Letterhead.of(clinic),
        page=page,
        clinic=clinic,
        patient=decision.patient,
        about={"consent": consent} if consent else {"decision": decision},
        rule_set=(named["code"], named["version"], named["digest"]),
        engine=page.shown.engine,
    )


def _chosen(shown: ShownConsent, consent: Consent | None) -> tuple[Chosen, ...]:
    def answer(code: str, yes: str, no: str) -> str:
        said = consent.choices.get(code) if consent else None
        return {True: yes, False: no}.get(said, "Not said" if consent else "")  # type: ignore[arg-type]

    return tuple(
        Chosen(one.question, one.words, one.yes, one.no, answer(one.code, one.yes, one.no)) for one in shown.choices
    )


def _signed(shown: ShownConsent, signature: ConsentSignature, clinic: Clinic) -> ToSign:
    line = SignatureLine(
        party=signature.get_party_display(),
        name=signature.name,
        how=signature.get_how_display(),
        at=on_the_clock(signature.at, clinic),
        path=path_of(signature.strokes),
    )
    return ToSign(shown.statement_of(signature.party), (line,))


def _by_hand(shown: ShownConsent) -> Sequence[ToSign]:
    words = (shown.statement, shown.guardian_statement, shown.interpreter_statement, shown.practitioner_statement)
    return [ToSign(said, (SignatureLine(party),)) for party, said in zip(BY_HAND, words, strict=True)]
