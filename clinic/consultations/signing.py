"""The consent that is signed on a screen: opened by staff, signed by each party in turn, and then a consent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from clinic.consultations import gate_facts
from clinic.consultations.consent_shown import shown_for
from clinic.consultations.keeping import keep, whose
from clinic.consultations.models import Consent, Decision
from clinic.consultations.signing_closing import close_open
from clinic.consultations.signing_content import signed_content
from clinic.consultations.signing_faults import faults_of
from clinic.consultations.signing_models import DECIDING, ConsentSheet, ConsentSignature, SignedConsent
from clinic.consultations.signing_strokes import Strokes
from clinic.events import record
from clinic.people.clinics import Membership
from clinic.screenings import invitations
from clinic.screenings.models import Invitation
from screening.engine.canonical import canonical, digest_of

Party = ConsentSignature.Party


class NotSignable(Exception):
    """It cannot be signed now. `lines`: why, in sentences for staff."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked to sign: `signer`: patient or guardian; `door`: on the tablet or by a link."""

    signer: str
    interpreter: bool
    door: str


@dataclass(frozen=True, slots=True)
class Signing:
    """What one person signs with. `strokes`: a drawn signature; without any, the typed name is the signature."""

    party: str
    name: str
    strokes: Strokes = field(default_factory=list)
    choices: Mapping[str, bool] = field(default_factory=dict)


@transaction.atomic
def open_sheet(
    decision: Decision, asked: Asked, *, membership: Membership, request: HttpRequest
) -> tuple[Invitation, str]:
    """Fix what somebody is asked to sign; return the invitation to it and, where it is a link, the link's secret.

    What was open for this patient and treatment is closed. Raises NotSignable, NotReadable or NoTextError, and keeps
    nothing then.
    """
    gate_facts.lock(membership.clinic, decision.patient, decision.treatment)
    shown, about = shown_for(decision), whose(decision.patient, membership)
    close_open(decision.patient, decision.treatment, "It was opened anew.", membership, request)
    invitation, secret = invitations.invite(
        clinic=membership.clinic,
        patient=decision.patient,
        door=asked.door,
        by=membership.user,
        purpose=Invitation.Purpose.CONSENT,
        request=request,
    )
    sheet = ConsentSheet(
        **about,
        decision=decision,
        treatment=decision.treatment,
        sites=decision.sites,
        text_version=shown.version,
        shown=shown.to_json(),
        needs=[asked.signer, *([Party.INTERPRETER.value] if asked.interpreter else []), Party.PRACTITIONER.value],
        invitation=invitation,
    )
    keep(sheet, "consent opened", request)
    if lines := faults_of(sheet):
        raise NotSignable(lines)
    return invitation, secret


def next_party(sheet: ConsentSheet) -> str:
    """Return who signs next; empty when everybody has."""
    signed = {one.party for one in sheet.signatures.all()}
    return next((party for party in sheet.needs if party not in signed), "")


@transaction.atomic
def sign(
    sheet: ConsentSheet, signing: Signing, *, membership: Membership | None, request: HttpRequest
) -> Consent | None:
    """Add a signature; with the last one the consent comes into being, and is returned.

    `membership`: the practitioner who signs; none where patient, guardian or interpreter do. Raises NotSignable.
    """
    gate_facts.lock(sheet.clinic, sheet.patient, sheet.treatment)
    row: ConsentSheet = ConsentSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if lines := _refused(row, signing, membership):
        raise NotSignable(lines)
    signature = ConsentSignature(
        sheet=row,
        party=signing.party,
        name=signing.name,
        how=ConsentSignature.How.DRAWN if signing.strokes else ConsentSignature.How.TYPED,
        strokes=signing.strokes,
        choices=dict(signing.choices),
        by=membership.user if membership else None,
        at=timezone.now().astimezone(UTC),
    )
    with ConsentSignature.door():
        signature.save(force_insert=True)
    known: dict[str, Any] = {"clinic": row.clinic, "patient": row.patient, "actor": signature.by}
    record(f"consent signed by {signing.party}", about=row, request=request, **known)
    return _made(row, membership, request) if membership and not next_party(row) else None


def _refused(sheet: ConsentSheet, signing: Signing, membership: Membership | None) -> tuple[str, ...]:
    if lines := faults_of(sheet):
        return lines
    if next_party(sheet) != signing.party:
        return ("Somebody has signed here since this page was opened. Look at it once more.",)
    if (signing.party == Party.PRACTITIONER) != (membership is not None and _may_sign(sheet, membership)):
        return ("Only a practitioner, signed in, signs for the clinic.",)
    codes = {one["code"] for one in sheet.shown["choices"]} if signing.party in DECIDING else set()
    return () if set(signing.choices) == codes else ("Each choice needs a yes or a no.",)


def _may_sign(sheet: ConsentSheet, membership: Membership) -> bool:
    return membership.is_clinical and not membership.suspended and membership.clinic_id == sheet.clinic_id


def _made(sheet: ConsentSheet, membership: Membership, request: HttpRequest) -> Consent:
    deciding = sheet.signatures.get(party__in=DECIDING)
    is_guardian = deciding.party == Party.GUARDIAN
    consent = Consent(
        **whose(sheet.patient, membership),
        decision=sheet.decision,
        treatment=sheet.treatment,
        sites=sheet.sites,
        text_version=sheet.text_version,
        signed_on=deciding.at.astimezone(sheet.clinic.zone).date(),
        signed_by=f"{deciding.name[:180]} (guardian)" if is_guardian else deciding.name,
        how=sheet.invitation.door if sheet.invitation else Consent.How.PAPER,
        choices=deciding.choices,
    )
    keep(consent, "consent recorded", request)
    content = signed_content(sheet, consent)
    SignedConsent(sheet=sheet, consent=consent, signed=content, digest=digest_of(canonical(content))).save()
    if sheet.invitation:
        invitations.close(sheet.invitation, request)
    return consent
