"""What the gate of a session rests on, loaded in one place: rows only, nothing is judged here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from clinic.consultations.models import AdverseEvent, Consent, Decision, ReferralStep, Session, Settlement, Stop
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.screenings.models import Screening
from clinic.screenings.standing_screening import Standing, standing_screenings

# What passed by itself reopens nothing.
HARMFUL = (AdverseEvent.Severity.MODERATE, AdverseEvent.Severity.SEVERE)
# What ended a consent, loaded with it.
OF_CONSENT = ("withdrawal", "decision__voided", "decision__screening__voided")


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands of a patient for a treatment. Of decisions and consents the newest, whatever became of it.

    `kept`: the rules about which a doctor has said since the decision that they hold.
    `stops`: newest first, those of this treatment that reopen its decision, and those of any that want a new screening.
    `session`: the newest, voided or not. `is_harmed`: something went wrong in a session since the decision.
    """

    clinic: Clinic
    patient: Patient
    treatment: str
    standing: Standing
    decision: Decision | None
    settlements: tuple[Settlement, ...]
    consent: Consent | None
    kept: frozenset[str]
    stops: tuple[Stop, ...]
    session: Session | None
    is_harmed: bool


def load(clinic: Clinic, patient: Patient, treatment: str, now: datetime) -> Facts:
    """Return what the gate rests on; at most eleven queries."""
    of_both = {"clinic": clinic, "patient": patient, "treatment": treatment}
    decisions = Decision.objects.filter(**of_both).select_related("voided", "countersign", "device", "by")
    decision = with_harm(decisions).order_by("-id").first()
    return Facts(
        clinic=clinic,
        patient=patient,
        treatment=treatment,
        standing=standing_screenings(clinic, [patient.pk], now)[patient.pk, treatment],
        decision=decision,
        settlements=tuple(_settlements(decision)) if decision else (),
        consent=Consent.objects.filter(**of_both).select_related(*OF_CONSENT).order_by("-id").first(),
        kept=frozenset(_kept(decision)) if decision else frozenset(),
        stops=tuple(_stops(of_both)),
        session=Session.objects.filter(**of_both).order_by("-id").first(),
        is_harmed=bool(decision and decision.is_harmed),
    )


def with_harm(decisions: Any) -> Any:
    """Return decisions that each know, as `is_harmed`, whether something went wrong since."""
    return decisions.annotate(is_harmed=Exists(harm_since(OuterRef("pk"), OuterRef("patient"), OuterRef("at"))))


def harm_since(decision: Any, patient: Any, at: Any) -> Any:
    """Return what went wrong with a patient since a decision that was made `at` then."""
    # In a session that rests on it, it went wrong after it, whatever the clock said.
    return harm(patient).filter(Q(at__gte=at) | Q(session__decision=decision))


def harm(patient: Any) -> Any:
    """Return what went wrong with a patient, in a session of whatever treatment that was not struck out.

    What is reported after that is said of this patient all the same, and counts.
    """
    counts = Q(session__voided=None) | Q(at__gte=F("session__voided__at"))
    return AdverseEvent.objects.filter(counts, patient=patient, severity__in=HARMFUL)


def newest_harm(patient_id: int | None) -> int:
    """Return the key of what went wrong last with a patient; 0: nothing did."""
    return _newest_key(harm(patient_id))


def newest_kept(patient_id: int | None) -> int:
    """Return the key of the newest answer of a doctor that keeps a finding of a patient; 0: there is none."""
    return _newest_key(ReferralStep.objects.filter(patient=patient_id, result=ReferralStep.Result.KEEPS))


def _newest_key(rows: Any) -> int:
    newest: int | None = rows.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def lock(clinic: Clinic, patient: Patient, treatment: str) -> bool:
    """Hold a patient's rows until the transaction ends: what may stop a session cannot be written meanwhile.

    Return whether there is such a patient still: their record may just have been erased.

    A row that points at a held one has to wait: a voiding, a withdrawal, a new screening, a received self-check.
    """
    found = list(Patient.objects.select_for_update(of=("self",)).filter(pk=patient.pk))
    for model, which in (
        (Screening, {"stage": "consultation"}),
        (Decision, {"treatment": treatment}),
        (Consent, {"treatment": treatment}),
    ):
        rows: Any = model._base_manager.select_for_update(of=("self",))
        list(rows.filter(clinic=clinic, patient=patient, **which).values_list("pk", flat=True))
    return bool(found)


def _settlements(decision: Decision) -> Any:
    rests_on = ("statement__screening__voided", "referral__screening__voided")
    return decision.settlements.select_related(*rests_on)


def _kept(decision: Decision) -> Any:
    """Return the rules that a doctor has kept since a decision."""
    answers = ReferralStep.objects.filter(clinic=decision.clinic_id, patient=decision.patient_id, at__gt=decision.at)
    return answers.filter(result=ReferralStep.Result.KEEPS).values_list("referral__rule", flat=True)


def _stops(of_both: Mapping[str, Any]) -> Any:
    weighty = Stop.objects.filter(clinic=of_both["clinic"], patient=of_both["patient"])
    return weighty.filter(Q(treatment=of_both["treatment"], reopens=True) | Q(needs_screening=True)).order_by("-id")
