"""What happened to the large clinic's invented patients: screenings, self-checks, decisions, consents, sessions."""

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from clinic.consultations.models import Consent, Decision, Session
from clinic.people.clinics import Clinic, Device, Membership
from clinic.people.diary import Visit
from clinic.people.patients import Patient
from clinic.screenings.models import AwaitingReview, Door, Match, Review, Screening, Sending
from clinic.screenings.store import store, urgency_of
from screening.engine.flow import plannable, questions_asked
from screening.engine.request import Request, read_document
from screening.engine.rule_set import RuleSet

# What is said besides a plain no to everything; the first is by far the most frequent.
SAID: tuple[dict[str, Any], ...] = (
    {},
    {"hernia": "yes"},
    {"fever": "yes"},
    {"heart-device": "yes"},
    {"heart-disease": "unsure"},
    {"material-allergy": "yes"},
    {"cancer": "yes"},
    {"pregnant": "yes"},
)
SAID_SO_OFTEN = (70, 6, 3, 2, 6, 6, 3, 4)
SCREENED, DECIDED, SENT, STRANGERS = 0.3, 0.6, 0.05, 0.3
VISITS_A_DAY = 40
DAYS_BEFORE, DAYS_AFTER = 30, 30
REVIEWED_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where it happens: the clinic, its rules, who works there, with what, and the time now."""

    clinic: Clinic
    rule_set: RuleSet
    practitioner: Any
    device: Device
    now: datetime
    chance: random.Random

    @classmethod
    def of(cls, clinic: Clinic, rule_set: RuleSet, chance: random.Random) -> "Scene":
        """Return the scene of a clinic now."""
        staff = clinic.memberships.filter(role=Membership.Role.PRACTITIONER).select_related("user")
        device = clinic.devices.all()[:1].get()
        return cls(clinic, rule_set, staff[0].user, device, clinic.now().replace(microsecond=0), chance)

    def ago(self, least: float, most: float) -> datetime:
        """Return a moment between so many days ago, by daylight."""
        day = self.now - timedelta(days=self.chance.uniform(least, most))
        return min(day.replace(hour=self.chance.randrange(8, 18), minute=self.chance.randrange(60)), self.now)


def case(scene: Scene, treatment: str, at: datetime, said: Mapping[str, Any], stage: str = "consultation") -> Request:
    """Return a case in which every question with choices is answered, quietly unless `said` otherwise."""
    rules = scene.rule_set
    document: dict[str, Any] = {"treatment": treatment, "stage": stage, "at": at.isoformat()}
    if rules.treatments[treatment].plan == "free":
        places = [each for each in plannable(rules, rules.treatments[treatment]) if rules.sites[each].region != "neck"]
        document["sites"] = places[:2]
    answers: dict[str, Any] = {}
    while True:
        read = read_document(rules, document | {"answers": answers}, lambda: at)
        asked = questions_asked(rules, read.plan, read.answers, at)
        more = {
            question.code: said.get(question.code, (*question.safe_answers, *question.choice_codes)[0])
            for question in asked
            if question.code not in answers and question.kind in {"choice", "moment"} and question.choice_codes
        }
        if not more:
            return read
        answers |= more


def screen(
    scene: Scene, patient: Patient | None, found: Request, door: str, after: Screening | None = None
) -> Screening:
    """Store the screening of a case, and return it."""
    by = {} if door == Door.ANONYMOUS else {"by": scene.practitioner, "role": "practitioner"}
    return store(
        clinic=scene.clinic,
        patient=patient,
        rule_set=scene.rule_set,
        plan=found.plan,
        answers=found.answers,
        at=found.at,
        door=door,
        based_on=after,
        **by,
    )


def add_history(scene: Scene, patients: Sequence[Patient]) -> None:
    """Add what happened to these patients: to most of them nothing yet."""
    add_self_checks(scene, [each for each in patients if scene.chance.random() < SENT])
    add_consultations(scene, [each for each in patients if scene.chance.random() < SCREENED])


def add_consultations(scene: Scene, patients: Sequence[Patient]) -> None:
    """Add a screening by staff for each, and where nothing was found for most a decision, consent and sessions."""
    screenings = [
        screen(scene, patient, case(scene, a_treatment(scene), scene.ago(2, 200), said(scene)), Door.INTAKE)
        for patient in patients
    ]
    clear = [each for each in screenings if each.outcome["outcome"] == "clear"]
    decided = [each for each in clear if scene.chance.random() < DECIDED]
    # For volume only, past the one door: everything else makes decisions and sessions by their services.
    decisions = QuerySet[Decision](Decision).bulk_create([decision(scene, each) for each in decided])
    consents = Consent.objects.bulk_create(consent(scene, each) for each in decisions)
    add_sessions(scene, list(zip(decisions, consents, strict=True)))


def decision(scene: Scene, screening: Screening) -> Decision:
    """Return a decision to proceed on all that was planned, not stored yet."""
    return Decision(
        clinic=scene.clinic,
        patient=screening.patient,
        by=scene.practitioner,
        role="practitioner",
        at=screening.answered_at + timedelta(minutes=20),
        screening=screening,
        treatment=screening.treatment,
        kind=Decision.Kind.PROCEED,
        device=scene.device,
        sites=screening.outcome["allowed_sites"],
        course={"sessions": 8, "interval_days": 7, "then": ""},
        expectations=True,
        words="Invented: nothing speaks against it.",
    )


def consent(scene: Scene, decided: Decision) -> Consent:
    """Return the paper consent to a decision, not stored yet."""
    return Consent(
        **whose(decided),
        at=decided.at + timedelta(minutes=5),
        decision=decided,
        treatment=decided.treatment,
        sites=decided.sites,
        text_version=scene.clinic.consent_version,
        signed_on=decided.at.astimezone(scene.clinic.zone).date(),
        signed_by=decided.patient.name,
    )


def whose(row: Decision) -> dict[str, Any]:
    """Return what every row that follows from a decision has of it."""
    return {"clinic": row.clinic, "patient": row.patient, "by": row.by, "role": row.role}


def add_sessions(scene: Scene, agreed: Sequence[tuple[Decision, Consent]]) -> None:
    """Add a session a week since each decision, three at most, each with its own check."""
    due = [
        (decided, agreement, at)
        for decided, agreement in agreed
        for at in [decided.at + timedelta(weeks=week, hours=1) for week in range(scene.chance.randrange(4))]
        if at < scene.now
    ]
    checks = [
        screen(scene, each.patient, case(scene, each.treatment, at, {}, "session"), Door.SESSION, after=each.screening)
        for each, _, at in due
    ]
    QuerySet[Session](Session).bulk_create(
        Session(
            **whose(decided),
            at=at,
            treatment=decided.treatment,
            decision=decided,
            consent=agreement,
            check_screening=check,
            device=scene.device,
            sites=decided.sites,
        )
        for (decided, agreement, at), check in zip(due, checks, strict=True)
    )


def add_self_checks(scene: Scene, patients: Sequence[Patient]) -> None:
    """Add a self-check of each: some are strangers' still; what came lately waits for a review."""
    moments = [scene.ago(0, 60) for _ in patients]
    screenings = [
        screen(scene, None, case(scene, a_treatment(scene), at, said(scene)), Door.ANONYMOUS) for at in moments
    ]
    sendings = Sending.objects.bulk_create(
        Sending(
            clinic=scene.clinic,
            screening=screening,
            key=uuid.UUID(int=scene.chance.getrandbits(128), version=4),
            answered_for="me",
            name=patient.name,
            born=patient.born,
            email=patient.email,
            phone=patient.phone,
            keeping_agreed="Large Clinic may keep my answers.",
            sent_at=screening.answered_at,
        )
        for patient, screening in zip(patients, screenings, strict=True)
    )
    by = {"clinic": scene.clinic, "by": scene.practitioner}
    known = [pair for pair in zip(sendings, patients, strict=True) if scene.chance.random() >= STRANGERS]
    Match.objects.bulk_create(Match(sending=each, patient=patient, is_new=True, **by) for each, patient in known)
    owners = {sending.pk: patient for sending, patient in known}
    late = [each for each in sendings if scene.now - each.sent_at < REVIEWED_AFTER]
    AwaitingReview.objects.bulk_create(waiting(each, owners.get(each.pk)) for each in late)
    lately = {each.pk for each in late}
    Review.objects.bulk_create(
        Review(sending=each, set_aside="Invented: came in person.", at=each.sent_at + timedelta(hours=2), **by)
        for each in sendings
        if each.pk not in lately
    )


def waiting(sending: Sending, patient: Patient | None) -> AwaitingReview:
    """Return the row of a self-check that waits for a review, not stored yet."""
    facts = {"clinic": sending.clinic, "sending": sending, "sent_at": sending.sent_at}
    return AwaitingReview(patient=patient, urgency=urgency_of(sending.screening), **facts)


def add_visits(scene: Scene, patients: Sequence[int]) -> None:
    """Add the diary of some weeks around today, as many a day whatever the number of patients."""
    for days in range(-DAYS_BEFORE, DAYS_AFTER + 1):
        day = scene.now + timedelta(days=days)
        Visit.objects.bulk_create(
            Visit(
                clinic=scene.clinic,
                patient_id=patient,
                starts_at=day.replace(hour=8 + at // 4, minute=at % 4 * 15, second=0),
                treatment=a_treatment(scene),
                practitioner=scene.practitioner,
                made_by=scene.practitioner,
            )
            for at, patient in enumerate(scene.chance.sample(patients, min(VISITS_A_DAY, len(patients))))
        )


def a_treatment(scene: Scene) -> str:
    """Return one of the clinic's treatments."""
    return str(scene.chance.choice(scene.clinic.treatments))


def said(scene: Scene) -> dict[str, Any]:
    """Return what somebody says besides a plain no."""
    return scene.chance.choices(SAID, SAID_SO_OFTEN)[0]
