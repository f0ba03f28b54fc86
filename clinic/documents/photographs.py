"""Photographs before and after: whether they are allowed, kept, shown side by side, erased."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from clinic.consultations.consents import consent_end, is_of_struck_out
from clinic.consultations.gate_facts import OF_CONSENT
from clinic.consultations.keeping import whose
from clinic.consultations.models import Consent, Decision, Session
from clinic.documents.models import ErasedPhotograph, Photograph, PhotographContent
from clinic.events import record
from clinic.people.clinics import Membership
from screening.rulesets import NotScreenable, published

# The code of a consent's choice.
PHOTOGRAPHS = "photographs"
# A photograph of more than one place of it.
WHOLE_FACE = "face"
MOMENTS = Photograph.Moment


class PhotographRefused(ValueError):
    """Why a photograph is not kept, in a sentence."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether photographs may be added for a decision. `consent`: the one that allows it; `why_not`: else a reason."""

    consent: Consent | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The photographs of one place. `before`: from the first day on; `after`: from the last day back."""

    name: str
    before: tuple[Photograph, ...]
    after: tuple[Photograph, ...]


def permission(decision: Decision) -> Permission:
    """Return whether photographs may be added for a decision now; only a consent that says so allows it."""
    if hasattr(decision, "voided"):
        return Permission(None, "This decision was struck out. No photographs are added to it.")
    consent = _consents(decision).select_related(*OF_CONSENT).order_by("-id").first()
    today = decision.clinic.now().date()
    end = consent_end(decision.clinic, consent, treatment=decision.treatment, sites=decision.sites, today=today)
    if end:
        return Permission(None, end.words)
    if is_of_struck_out(consent):
        return Permission(None, "The consent was signed for what was struck out.")
    chosen = consent.choices.get(PHOTOGRAPHS)
    if chosen is True:
        return Permission(consent)
    said_no = "The consent says no to photographs."
    return Permission(None, said_no if chosen is False else "The consent does not say that photographs may be taken.")


def sites_to_show(decision: Decision) -> list[tuple[str, str]]:
    """Return the places of a decision that can be photographed, as codes and names."""
    try:
        known = published().sites
    except NotScreenable:
        return [(code, code) for code in decision.sites]
    pairs = [(code, known[code].name if code in known else code) for code in decision.sites]
    has_face = any(code in known and known[code].region == "face" for code in decision.sites)
    return [(WHOLE_FACE, "the whole face"), *pairs] if has_face else pairs


@transaction.atomic
def keep_photograph(  # noqa: PLR0913
    decision: Decision,
    jpeg: bytes,
    *,
    moment: str,
    site: str,
    taken_on: date,
    membership: Membership,
    request: HttpRequest | None = None,
) -> Photograph:
    """Keep a photograph that `read_photograph` gave, and return its row. Raises PhotographRefused."""
    decision = _held(decision)
    allowed = permission(decision)
    if allowed.consent is None:
        raise PhotographRefused(allowed.why_not)
    if taken_on < allowed.consent.signed_on:
        raise PhotographRefused("The consent was signed after this day. It does not cover earlier photographs.")
    digest = hashlib.sha256(jpeg).hexdigest()
    rows = Photograph.objects.filter(decision=decision, sha256=digest, site=site, moment=moment, erased=None)
    if rows.exists():
        raise PhotographRefused("This photograph is here already, of the same place.")
    row = Photograph(
        **whose(decision.patient, membership),
        decision=decision,
        session=_session_of(decision, taken_on),
        consent=allowed.consent,
        moment=moment,
        site=site,
        taken_on=taken_on,
        sha256=digest,
        at=timezone.now(),
    )
    row.save(force_insert=True)
    PhotographContent.objects.create(photograph=row, jpeg=jpeg)
    record("photograph kept", clinic=row.clinic, patient=row.patient, about=row, request=request, actor=row.by)
    return row


@transaction.atomic
def erase_photographs(rows: Iterable[Photograph], why: str, *, by: Any, request: HttpRequest | None = None) -> int:
    """Remove the content of photographs for a reason, and return of how many; the rows stay, and say so.

    Raises ValueError without a reason, OnHold on a legal hold. One that is erased already stays as it is.
    """
    if not why.strip():
        raise ValueError("An erasure wants a reason.")
    numbers = [row.pk for row in rows]
    held = Photograph.objects.select_for_update(of=("self",)).filter(pk__in=numbers, erased=None)
    erased = list(held.select_related("clinic", "patient"))
    for row in erased:
        row.patient.refuse_on_hold()
        ErasedPhotograph(photograph=row, why=why.strip(), by=by).save(force_insert=True)
        PhotographContent.objects.filter(photograph=row).delete()
        record("photograph erased", clinic=row.clinic, patient=row.patient, about=row, request=request, actor=by)
    return len(erased)


def jpeg_of(row: Photograph) -> bytes | None:
    """Return the picture of a photograph that is not erased; None where its bytes are changed or gone."""
    jpeg = bytes(row.content.jpeg) if hasattr(row, "content") else b""
    return jpeg if hashlib.sha256(jpeg).hexdigest() == row.sha256 else None


def side_by_side(sites: Iterable[tuple[str, str]], rows: Sequence[Photograph]) -> list[Place]:
    """Return photographs by place, in the order of `sites_to_show`; none is left out where the rules know less now."""
    days = sorted(rows, key=lambda row: (row.taken_on, row.pk))
    known = dict(sites)
    others = {row.site: row.site for row in days if row.site not in known}
    parts = [(name, [row for row in days if row.site == code]) for code, name in (known | others).items()]
    return [Place(name, _of(MOMENTS.BEFORE, part), _of(MOMENTS.AFTER, part)[::-1]) for name, part in parts if part]


def _of(moment: str, rows: Iterable[Photograph]) -> tuple[Photograph, ...]:
    return tuple(row for row in rows if row.moment == moment)


def _consents(decision: Decision) -> Any:
    return Consent.objects.filter(clinic=decision.clinic, patient=decision.patient, treatment=decision.treatment)


def _held(decision: Decision) -> Decision:
    """Return a decision as it is now; until the transaction ends nobody strikes it out or withdraws the consent."""
    list(_consents(decision).select_for_update(of=("self",)))
    joined = ("clinic", "patient", "voided")
    held: Decision = (
        Decision.objects.select_for_update(of=("self",))
        .select_related(*joined)
        .defer("clinic__logo")
        .get(pk=decision.pk)
    )
    return held


def _session_of(decision: Decision, day: date) -> Session | None:
    """Return the decision's session on a day of the clinic's clock, the last where there are more."""
    sessions = Session.objects.filter(decision=decision, voided=None).order_by("-id")
    return next((one for one in sessions if one.at.astimezone(decision.clinic.zone).date() == day), None)
