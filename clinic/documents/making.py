"""What can be made of a patient's record now: papers, photographs and the evidence pack, by treatment."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from clinic.consultations.deciding_proposal import PROCEEDING
from clinic.consultations.models import Decision, Referral, ReferralStep, Session
from clinic.people.offered import offered, treatment_names
from clinic.people.patients import Patient
from clinic.screenings.models import Screening


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper that can be made now. `is_post`: pressing it makes it; else it leads to a page."""

    label: str
    address: str
    is_post: bool


@dataclass(frozen=True, slots=True)
class OfTreatment:
    """What can be made for one treatment. `offers`: of what is recorded; `always`: whether or not anything is."""

    name: str
    offers: tuple[Offer, ...]
    always: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest rows of a patient that count and that papers are about, by treatment."""

    screenings: dict[str, Screening]
    decisions: dict[str, Decision]
    sessions: dict[str, Session]
    referrals: dict[str, Referral]


def to_make(patient: Patient) -> list[OfTreatment]:
    """Return what can be made now, for each treatment that the clinic offers or that has a row."""
    newest, names = _newest(patient), treatment_names()
    used = [*newest.screenings, *newest.decisions, *newest.sessions]
    codes = dict.fromkeys([*(code for code, _ in offered(patient.clinic, names)), *used])
    return [
        OfTreatment(names.get(code, code), tuple(_offers(newest, code)), tuple(_always(patient, code)))
        for code in codes
    ]


def _offers(newest: Newest, code: str) -> Iterator[Offer]:
    decision = newest.decisions.get(code)
    if decision:
        yield from _offer("Consultation summary", "staff-summary", decision.pk)
    if decision and decision.kind in PROCEEDING:
        yield from _offer("Consent on a screen", "staff-consent-open", decision.pk)
        yield from _offer("Consent on paper", "staff-consent-paper", decision.pk)
    if session := newest.sessions.get(code):
        yield from _offer("Session record", "staff-session-paper", session.pk)
    if screening := newest.screenings.get(code):
        yield from _offer("Patient’s copy", "staff-copy", screening.pk)
    if referral := newest.referrals.get(code):
        yield from _offer("Letter to the doctor", "staff-referral-letter", referral.pk)
    if decision:
        yield from _offer("Photographs", "staff-photographs", decision.pk, is_post=False)


def _always(patient: Patient, code: str) -> Iterator[Offer]:
    yield from _offer("Blank form", "staff-blank-form", code, is_post=False)
    yield from _offer("Evidence pack", "staff-pack", patient.pk, code)


def _offer(label: str, name: str, *args: Any, is_post: bool = True) -> Iterator[Offer]:
    try:
        yield Offer(label, reverse(name, args=args), is_post)
    except NoReverseMatch:  # until every paper is laid
        return


def _newest(patient: Patient) -> Newest:
    withdrawn = ReferralStep.objects.filter(patient=patient, kind=ReferralStep.Kind.WITHDRAWN).values("referral")
    screenings = patient.screenings.filter(stage="consultation", voided=None, corrections=None)
    referrals = patient.referrals.exclude(pk__in=withdrawn).filter(screening__voided=None).select_related("screening")
    return Newest(
        screenings=_by_treatment(screenings.only("treatment")),
        decisions=_by_treatment(patient.decisions.filter(voided=None).only("treatment", "kind")),
        sessions=_by_treatment(patient.sessions.filter(voided=None).only("treatment")),
        referrals={row.screening.treatment: row for row in referrals.only("screening__treatment").order_by("pk")},
    )


def _by_treatment(rows: Any) -> dict[str, Any]:
    return {row.treatment: row for row in rows.order_by("pk")}
