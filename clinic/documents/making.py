"""What can be made of a patient's record now: papers, photographs and the evidence pack, by treatment."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.urls import reverse

from clinic.consultations.deciding_proposal import PROCEEDING
from clinic.consultations.models import ReferralStep
from clinic.people.clinics import Clinic
from clinic.people.offered import offered
from clinic.people.patients import Patient

# What each paper is made of, a field of `Newest`; its name; and the page that issues it.
PAPERS = (
    ("decisions", "Consultation summary", "staff-summary"),
    ("proceeding", "Consent on a screen", "staff-consent-open"),
    ("proceeding", "Consent form to print", "staff-consent-paper"),
    ("sessions", "Session record", "staff-session-paper"),
    ("screenings", "Patient’s copy", "staff-copy"),
    ("referrals", "Letter to the doctor", "staff-referral-letter"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper that can be made now. `is_post`: pressing it makes it; else it leads to a page."""

    label: str
    address: str
    is_post: bool


@dataclass(frozen=True, slots=True)
class OfTreatment:
    """What can be made of what is recorded for one treatment."""

    name: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest rows of a patient that count and that papers are about: keys by treatment."""

    screenings: dict[str, int]
    decisions: dict[str, int]
    proceeding: dict[str, int]
    sessions: dict[str, int]
    referrals: dict[str, int]


def to_make(patient: Patient, names: dict[str, str]) -> list[OfTreatment]:
    """Return what can be made now, for each treatment with a row that counts. `names`: of the treatments, by code."""
    newest = _newest(patient)
    used = {*newest.screenings, *newest.decisions, *newest.sessions, *newest.referrals}
    codes = [*(code for code in names if code in used), *sorted(used - names.keys())]
    return [OfTreatment(names.get(code, code), tuple(_offers(patient, newest, code))) for code in codes]


def blank_forms(clinic: Clinic, names: dict[str, str]) -> list[tuple[str, str]]:
    """Return the name of each treatment that a clinic offers, and where its blank form is."""
    return [(name, reverse("staff-blank-form", args=[code])) for code, name in offered(clinic, names)]


def _offers(patient: Patient, newest: Newest, code: str) -> Iterator[Offer]:
    for made_of, label, name in PAPERS:
        if key := getattr(newest, made_of).get(code):
            yield Offer(label, reverse(name, args=[key]), is_post=True)
    if code in newest.proceeding:
        signed = reverse("staff-consent-new", args=[newest.proceeding[code]]) + "#record"
        yield Offer("Record a signed form", signed, is_post=False)
    if code in newest.decisions:
        yield Offer("Photographs", reverse("staff-photographs", args=[newest.decisions[code]]), is_post=False)
    yield Offer("Evidence pack (ZIP)", reverse("staff-pack", args=[patient.pk, code]), is_post=True)


def _newest(patient: Patient) -> Newest:
    withdrawn = ReferralStep.objects.filter(patient=patient, kind=ReferralStep.Kind.WITHDRAWN).values("referral")
    decisions = patient.decisions.filter(voided=None).order_by("pk").values_list("treatment", "pk", "kind")
    kinds = {treatment: (key, kind) for treatment, key, kind in decisions}
    return Newest(
        screenings=_by_treatment(patient.screenings.filter(stage="consultation", voided=None, corrections=None)),
        decisions={treatment: key for treatment, (key, _) in kinds.items()},
        proceeding={treatment: key for treatment, (key, kind) in kinds.items() if kind in PROCEEDING},
        sessions=_by_treatment(patient.sessions.filter(voided=None)),
        referrals=_by_treatment(
            patient.referrals.filter(screening__voided=None).exclude(pk__in=withdrawn), "screening__treatment"
        ),
    )


def _by_treatment(rows: Any, treatment: str = "treatment") -> dict[str, int]:
    return dict(rows.order_by().values_list(treatment).annotate(Max("pk")))
