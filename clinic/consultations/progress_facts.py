"""What is known of many people at once, each for a treatment: loaded with as many queries for one as for a page."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, Subquery

from clinic.consultations import gate_facts
from clinic.consultations.models import (
    Consent,
    Decision,
    Intake,
    ReferralStep,
    Session,
    SessionRecord,
    Settlement,
    Stop,
)
from clinic.consultations.signing_models import DECIDING, ConsentSheet, ConsentSignature
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.screenings.models import AwaitingReview
from clinic.screenings.standing_screening import Pair, standing_screenings


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands of one person for one treatment.

    `gate`: what the gate rests on; `awaiting`: their most urgent self-check that
    nobody has reviewed. `stops`: of this treatment, newest first. `session`: the newest not voided, with `is_recorded`.
    `sheet`: the key of the consent that is being signed; `is_signed_for`: the patient, or their guardian, has.
    """

    gate: gate_facts.Facts
    intake: Intake | None
    awaiting: AwaitingReview | None
    stops: tuple[Stop, ...]
    session: Session | None
    sheet: int | None
    is_signed_for: bool


def facts_of(clinic: Clinic, pairs: Collection[Pair], now: datetime) -> Mapping[Pair, Facts]:
    """Return what is known of each pair of patient and treatment; thirteen queries, however many there are."""
    patients = Patient.objects.filter(clinic=clinic).in_bulk({patient_id for patient_id, _ in pairs})
    # Asked by patient alone: with the clinic beside it, SQLite walks through all rows of the clinic.
    theirs = {"patient__in": set(patients)}
    standing = standing_screenings(clinic, patients, now)
    waiting = AwaitingReview.objects.filter(**theirs).select_related("sending__screening")
    awaiting = {one.patient_id: one for one in reversed(waiting)}
    intakes = _by_pair(Intake.objects.filter(**theirs))
    decisions = _by_pair(_decisions(theirs))
    consents = _by_pair(_newest(Consent.objects.filter(**theirs)).select_related(*gate_facts.OF_CONSENT))
    newest, counting = _by_pair(_newest(Session.objects.filter(**theirs))), _by_pair(_counting(theirs))
    stops, kept = list(_stops(theirs, now)), list(_kept(theirs))

    def one_of(patient_id: int, treatment: str) -> Facts:
        pair = patient_id, treatment
        own = tuple(stop for stop in stops if (stop.patient_id, stop.treatment) == pair)
        weighty = (stop for stop in stops if stop.patient_id == patient_id and (stop.needs_screening or stop in own))
        decision = decisions.get(pair)
        gate = gate_facts.Facts(
            clinic=clinic,
            patient=patients[patient_id],
            treatment=treatment,
            standing=standing[pair],
            decision=decision,
            settlements=tuple(decision.settlements.all()) if decision else (),
            consent=consents.get(pair),
            kept=frozenset(step.referral.rule for step in kept if decision and _is_since(step, decision)),
            stops=tuple(stop for stop in weighty if stop.reopens or stop.needs_screening),
            session=newest.get(pair),
            is_harmed=bool(decision and decision.is_harmed),
        )
        sheet, is_signed_for = (decision.open_sheet, decision.is_signed_for) if decision else (None, False)
        return Facts(gate, intakes.get(pair), awaiting.get(patient_id), own, counting.get(pair), sheet, is_signed_for)

    return {pair: one_of(*pair) for pair in pairs if pair[0] in patients}


def _by_pair(rows: Iterable[Any]) -> dict[Pair, Any]:
    return {(row.patient_id, row.treatment): row for row in rows}


def _newest(rows: Any) -> Any:
    """Return of `rows` the newest for each patient and treatment."""
    newest = rows.order_by().values("patient", "treatment").annotate(newest=Max("pk"))
    return rows.filter(pk__in=newest.values("newest"))


def _decisions(theirs: Mapping[str, Any]) -> Any:
    joined = _newest(Decision.objects.filter(**theirs)).select_related("voided", "countersign", "device", "by")
    sheets = ConsentSheet.objects.filter(decision=OuterRef("pk"), signed=None, closed=None).order_by("-pk")
    joined = joined.annotate(open_sheet=Subquery(sheets.values("pk")[:1])).annotate(
        is_signed_for=Exists(ConsentSignature.objects.filter(sheet=OuterRef("open_sheet"), party__in=DECIDING))
    )
    settlements = Settlement.objects.select_related("statement__screening__voided", "referral__screening__voided")
    return gate_facts.with_harm(joined).prefetch_related(Prefetch("settlements", settlements))


def _kept(theirs: Mapping[str, Any]) -> Any:
    """Return the doctors' answers by which a finding holds."""
    return ReferralStep.objects.filter(**theirs, result=ReferralStep.Result.KEEPS).select_related("referral")


def _is_since(step: ReferralStep, decision: Decision) -> bool:
    return step.patient_id == decision.patient_id and step.at > decision.at


def _counting(theirs: Mapping[str, Any]) -> Any:
    recorded = Exists(SessionRecord.objects.filter(session=OuterRef("pk")))
    return _newest(Session.objects.filter(**theirs, voided=None)).annotate(is_recorded=recorded)


def _stops(theirs: Mapping[str, Any], now: datetime) -> Any:
    """Return the stops that a decision or a screening has to be newer than, and those of the last day, newest first."""
    lately = now - timedelta(days=2)
    weighty = Q(reopens=True) | Q(needs_screening=True) | Q(at__gte=lately)
    return Stop.objects.filter(weighty, **theirs).order_by("-id")
