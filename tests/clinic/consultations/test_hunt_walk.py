"""Random histories of a patient: whenever the gate makes a session, a second reading of the issue agrees with it.

The second reading (`against`) is written from the issue's text and the catalogue. It reads rows and the engine's
outcome, and nothing of the gate, of `settling` or of what stands.
"""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from clinic.consultations import gate
from clinic.consultations.consents import record_consent, withdraw
from clinic.consultations.correcting import correct, enter_paper
from clinic.consultations.countersigning import CountersignRefused, countersign
from clinic.consultations.deciding import DecisionRefused, decide
from clinic.consultations.deciding_case import screened
from clinic.consultations.deciding_proposal import Entry, Proposal
from clinic.consultations.gate import Wanted
from clinic.consultations.intake import IntakeError, complete, drop, open_intake, save_answers
from clinic.consultations.letters import keep_letter
from clinic.consultations.models import AdverseEvent, Consent, Countersign, Decision, Intake, Referral, Session, Stop
from clinic.consultations.referrals import NewStep, StepRefused, add_step, ask
from clinic.consultations.statements import Said, StatementRefused, record_statement
from clinic.consultations.voiding import void
from clinic.people.clinics import Device, Membership
from clinic.screenings.matching import match
from clinic.screenings.models import AwaitingReview, Door, Screening
from clinic.screenings.reviews import review
from screening.engine.evaluate import evaluate
from screening.engine.request import read_document
from screening.engine.written import written_case
from screening.rulesets import published
from tests.clinic.consultations.decided import PDF
from tests.clinic.consultations.intakes import a_request as a_web_request
from tests.clinic.screenings.invented import a_clinic, a_link, a_member, a_patient, a_sending
from tests.screening.case_files import base_answers

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
START = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
PLANS = {
    "body-myostimulation": {"treatment": "body-myostimulation", "sites": ["abdomen", "forearm-left"]},
    "body-microcurrent": {"treatment": "body-microcurrent", "sites": ["forearm-left", "breast-left"]},
    "ems-training": {"treatment": "ems-training"},
}
# What a person may say besides nothing, and how often; some of it is settled by a decision, some never.
TROUBLES: list[dict[str, Any]] = [
    {"chronic-disease": "yes"},
    {"chronic-disease": "yes", "chronic-disease-details": "asthma"},
    {"chronic-disease": "unsure"},
    {"heart-disease": "yes"},
    {"recent-procedure": "yes"},
    {"fever": "yes"},
    {"pregnant": "yes"},
    {"epilepsy": "unsure"},
    {"hypertension": "yes", "hypertension-controlled": "yes"},
    {"skin-problem": "yes", "skin-problem-sites": ["abdomen"]},
    {"broken-bone": "yes", "broken-bone-sites": ["hand-left"]},
    {"recent-surgery": "yes", "surgeries": [{"date": "2026-01", "sites": ["forearm-left"]}]},
    {"viral-illness": "yes"},
    {"hernia": "yes", "hernia-kind": ["disc"]},
]
TODAY: list[dict[str, Any]] = [
    *TROUBLES, {"health-changed": "yes"}, {"metal-removed": "no"}, {"metal-removed": "unsure"},
    {"blood-pressure": {"systolic": 170, "diastolic": 90}}, {"blood-pressure": {"systolic": 130, "diastolic": 80}},
    {"temperature": 38.4},
]  # fmt: skip


class Walk:
    """One patient's history. Each step is a public service, as a page would call it."""

    def __init__(self, seed):
        self.any = random.Random(seed)
        self.clock = START
        self.clinic = a_clinic(consent_months=4)
        self.clinic.treatments = list(PLANS)
        self.clinic.save()
        self.people = [
            Membership.objects.get(user=a_member(self.clinic, role, name=name))
            for role, name in (("practitioner", "perry"), ("supervisor", "sol"))
        ]
        self.patient = a_patient(self.clinic)
        self.device, self.other = (
            Device.objects.create(clinic=self.clinic, make="Invented", model=model) for model in ("One", "Two")
        )
        self.mostly = self.any.choice(list(PLANS))
        self.usual = self.any.choice([{}, {}, {"chronic-disease": "yes"}, {"recent-procedure": "yes"}])

    @property
    def by(self):
        return self.any.choice(self.people)

    def plan(self):
        """The plan of the treatment that this person mostly comes for, or now and then of another."""
        return PLANS[self.any.choice(list(PLANS)) if self.any.random() < 0.12 else self.mostly]

    def said(self, often=0.2):
        trouble = self.any.choice(TROUBLES) if self.any.random() < often else {}
        return self.usual | trouble

    def case(self, plan, answers, stage="consultation", without=()):
        now = self.clinic.now()
        document = {**plan, "stage": stage, "at": now.isoformat()}
        given = base_answers(document) | answers
        if stage == "session" and given.get("hypertension") == "yes":
            given.setdefault("blood-pressure", {"systolic": 130, "diastolic": 80})
        if "blood-pressure" in given:
            given.pop("hypertension-controlled", None)
        document["answers"] = {code: answer for code, answer in given.items() if code not in without}
        return read_document(published(), document, lambda: now)

    def fill(self, draft, answers=None):
        case = self.case(PLANS[draft.treatment], self.said() if answers is None else answers)
        written = written_case(case.plan, case.answers, case.at)
        person = self.by
        sites = [] if draft.treatment == "ems-training" else list(case.plan.sites)
        save_answers(draft, {"plan.sites": sites, **written["answers"]}, by=person.user, now=self.clinic.now())
        return complete(draft, membership=person, request=a_web_request(person.user))

    # The steps.

    def intake(self):
        try:
            draft = open_intake(
                clinic=self.clinic, patient=self.patient, treatment=self.plan()["treatment"], by=self.by.user
            )
            if self.any.random() < 0.9:
                self.fill(draft)
        except IntakeError:
            pass

    def draft_is_dropped(self):
        if draft := Intake.objects.first():
            drop(draft, a_web_request(self.by.user))

    def paper(self):
        then = self.clinic.now() - timedelta(days=self.any.choice([1, 20, 90]))
        try:
            draft = enter_paper(self.patient, self.plan()["treatment"], then, by=self.by.user)
            self.fill(draft)
        except IntakeError:
            pass

    def self_check(self):
        stranger = self.any.random() < 0.3
        invitation = None if stranger else a_link(self.clinic, patient=self.patient)[0]
        case = self.case(self.plan(), self.said(0.5))
        a_sending(clinic=self.clinic, invitation=invitation, case=case)

    def waiting(self):
        return AwaitingReview.objects.select_related("sending__screening").first()

    def matched(self):
        if (row := self.waiting()) and row.patient is None:
            match(row.sending, self.patient, by=self.by.user)

    def reviewed(self):
        row = self.waiting()
        if row is None or row.patient is None:
            return
        if self.any.random() < 0.3:
            review(row.sending, by=self.by.user, set_aside="Sent twice.")
            return
        try:
            draft = open_intake(
                clinic=self.clinic, patient=self.patient, treatment=row.sending.screening.treatment,
                by=self.by.user, door=Door.REVIEW, sending=row.sending,
            )  # fmt: skip
            self.fill(draft)
        except IntakeError:
            pass

    def correction(self):
        kept = list(Screening.objects.filter(stage="consultation", by__isnull=False, voided=None))
        if not kept:
            return
        try:
            draft = correct(self.any.choice(kept), "Misheard.", by=self.by.user)
            if self.any.random() < 0.5:
                complete(draft, membership=(one := self.by), request=a_web_request(one.user))
            else:
                self.fill(draft)
        except IntakeError:
            pass

    def voiding(self):
        model = self.any.choice([Screening, Decision, Session])
        rows = model.objects.filter(stage="consultation", by__isnull=False) if model is Screening else model.objects
        if row := rows.order_by("-pk").first():
            void(row, "Another person.", self.by.user)

    def decision(self):
        rows = Screening.objects.filter(stage="consultation", by__isnull=False)
        row = rows.order_by("-pk").first()
        if row is None:
            return
        case, person, today = screened(row), self.by, self.clinic.now().date()
        out = self.any.random() < 0.2
        sites = [site for place, site in enumerate(case.planned) if not (out and place == 0)]
        kinds = ["proceed-sites" if out else "proceed"] * 8 + ["defer", "decline", "refer"]
        ends = today + timedelta(days=self.any.choice([0, 3, 30, 100, 150]))
        proposal = Proposal(
            kind=self.any.choice(kinds), words="As talked through.", device=self.device, sites=tuple(sites),
            entries=dict(self.entries(case, sites, today, ends, person)),
            course={"sessions": 8, "reason": "It is enough."}, expectations=True,
            until=today + timedelta(days=300), ends_on=ends, findings={"protocol": "Gently."},
            qualification="Physiotherapist",
        )  # fmt: skip
        try:
            decide(row, proposal, membership=person)
        except DecisionRefused:
            return

    def entries(self, case, sites, today, ends, person):
        for demand in case.demands(sites, today):
            if demand.finding is None or not demand.ways:
                continue
            at, way = case.position(demand.finding), self.any.choice(demand.ways)
            statement = referral = None
            try:
                if way in ("clearance", "agreement", "ended"):
                    letter = keep_letter((PDF, "application/pdf"), patient=self.patient, membership=person)
                    said = Said("Dr Example", today, letter, tuple(demand.sites))
                    statement = record_statement(case, demand, said, membership=person)
                elif way == "answered":
                    referral = ask(case, position=at, to="Dr Example", question="May we?", membership=person)
                    result = self.any.choice(["closes", "closes", "keeps"])
                    add_step(referral, NewStep("answered", today, result, "So be it."), membership=person)
            except (StatementRefused, StepRefused):
                continue
            yield at, Entry(way, "My reason.", statement, referral, min(ends, today + timedelta(days=60)))

    def doctor_keeps(self):
        kept = Referral.objects.filter(steps=None).first()
        row = Decision.objects.order_by("-pk").first()
        if kept is None and row and (found := screened(row.screening)).outcome.findings:
            kept = ask(found, position=0, to="Dr Example", question="Still?", membership=self.by)
        if kept:
            add_step(kept, NewStep("answered", self.clinic.now().date(), "keeps", "No."), membership=self.by)

    def countersigned(self):
        if row := Decision.objects.order_by("-pk").first():
            try:
                countersign(row, "I agree.", membership=self.by)
            except CountersignRefused:
                return

    def consent(self):
        if row := Decision.objects.filter(kind__startswith="proceed").order_by("-pk").first():
            person = self.by
            record_consent(
                membership=person, decision=row, signed_on=self.clinic.now().date(), signed_by="Nora Novak",
                text_version=self.clinic.consent_version, scan=None, request=a_web_request(person.user),
            )  # fmt: skip

    def withdrawal(self):
        if row := Consent.objects.order_by("-pk").first():
            person = self.by
            withdraw(row, membership=person, why="Changed her mind.", request=a_web_request(person.user))

    def form_changes(self):
        self.clinic.consent_version = str(int(self.clinic.consent_version) + 1)
        self.clinic.save()

    def device_out(self):
        self.device.in_use = not self.device.in_use
        self.device.save()

    def time_passes(self):
        days = self.any.choice([0, 1, 1, 3, 3, 10, 40, 130, 190])
        self.clock += timedelta(days=days, hours=self.any.randint(1, 20))

    def session(self):
        """Ask for a session; whatever is made of it has to be right by the second reading."""
        plan = self.plan()
        newest = Decision.objects.filter(treatment=plan["treatment"]).order_by("-pk").first()
        sites = list(newest.sites) if newest and newest.sites else list(plan.get("sites", ["abdomen"]))
        off = list(newest.channels_off) if newest else []
        if self.any.random() < 0.1 and len(sites) > 1:
            sites.pop()
        trouble = self.any.choice(TODAY) if self.any.random() < 0.25 else {}
        asked = {**plan, "sites": [*sites]} if "sites" in plan else plan
        without = self.any.sample(["fever", "metal-removed", "pregnant"], int(self.any.random() < 0.1))
        case = self.case(asked, self.usual | trouble, "session", without)
        said = {"recent-procedure": self.any.choice(["same", "same", "new"])}
        said |= {rule: "same" for rule in ("unhealed-fracture", "breast") if self.any.random() < 0.8}
        device = self.device if self.any.random() < 0.95 else self.other
        person = self.by
        wanted = Wanted(
            membership=person, patient=self.patient, treatment=plan["treatment"], device=device, sites=sites,
            channels_off=off, answers=case.answers, now=self.clinic.now(),
            sameness={rule: word for rule, word in said.items() if self.any.random() < 0.9},
        )  # fmt: skip
        before = set(Stop.objects.values_list("pk", flat=True))
        ended = gate.start(wanted)
        if ended.session:
            stops = [stop for stop in Stop.objects.all() if stop.pk in before]
            assert list(against(ended.session, wanted, stops)) == []
            return "started"
        return "stopped"

    def harm(self):
        """Something goes wrong in the last session, or only stings for a moment."""
        if session := Session.objects.order_by("-pk").first():
            severity = self.any.choice(["mild", "moderate", "severe"])
            whose = {"clinic": self.clinic, "patient": self.patient, "by": self.by.user, "role": "practitioner"}
            told = {"happened_at": self.clinic.now(), "what": "A burn.", "done": "Cooled.", "doctor_told": False}
            AdverseEvent(session=session, severity=severity, **told, **whose).save()

    def course(self):
        """What has to be there before a session, in its order; each of it may fail."""
        self.draft_is_dropped()
        for _ in range(2):
            self.matched()
            self.reviewed()
        if not self.device.in_use:
            self.device_out()
        for step in (self.intake, self.decision, self.countersigned, self.consent):
            self.clock += timedelta(minutes=self.any.choice([1, 10, 300]))
            with time_machine.travel(self.clock, tick=False):
                step()

    STEPS = (
        ("intake", 6), ("decision", 10), ("consent", 8), ("time_passes", 20), ("self_check", 5), ("matched", 5),
        ("reviewed", 7), ("correction", 7), ("voiding", 5), ("countersigned", 4), ("withdrawal", 3),
        ("form_changes", 2), ("device_out", 2), ("paper", 6), ("doctor_keeps", 3), ("draft_is_dropped", 3),
        ("harm", 3),
    )  # fmt: skip

    def walk(self, rounds):
        """Make ready, disturb, and ask for sessions; give how many were started and how many stopped."""
        came = {"started": 0, "stopped": 0}
        names, weights = zip(*self.STEPS, strict=True)
        for _ in range(rounds):
            steps = ["course"] if self.any.random() < 0.7 else []
            steps += self.any.choices(names, weights, k=self.any.choice([0, 0, 1, 1, 2, 4]))
            for name in [*steps, "session", "session"]:
                self.clock += timedelta(minutes=7)
                with time_machine.travel(self.clock, tick=False):
                    if (what := getattr(self, name)()) in came:
                        came[what] += 1
        return came


def against(session, wanted, stops):
    """Yield what of the issue's conditions does not hold for a session that was made."""
    clinic, patient, now = session.clinic, session.patient, wanted.now
    today, treatment = now.astimezone(clinic.zone).date(), session.treatment
    screening, decision, consent = session.decision.screening, session.decision, session.consent
    yield from against_standing(screening, clinic, patient, treatment, today)
    yield from against_decision(session, decision, today, stops)
    yield from against_consent(consent, decision, clinic, patient, treatment, today)
    yield from against_today(session, screening, decision, wanted, today)


def whole(rows):
    return [row for row in rows if not hasattr(row, "voided")]


def oldest(screening):
    return min(screening.oldest_at or screening.answered_at, screening.answered_at)


def months_later(day: date, months: int) -> date:
    """The same day so many calendar months later; the first of the next month where there is none such."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    try:
        return date(year, month, day.day)
    except ValueError:
        return date(year + month // 12, month % 12 + 1, 1)


def against_standing(  # noqa: C901 - the issue's list
    screening, clinic, patient, treatment, today
):
    rows = list(Screening.objects.filter(patient=patient, stage="consultation").order_by("pk"))
    corrected = {row.corrects_id for row in rows}
    by_staff = [row for row in rows if row.by_id and row.door in ("intake", "review", "paper")]
    if hasattr(screening, "voided") or screening.pk in corrected or screening not in by_staff:
        yield "the screening does not count"
    if (screening.patient_id, screening.treatment, screening.clinic_id) != (patient.pk, treatment, clinic.pk):
        yield "the screening is another's"
    if screening.outcome["missing"]:
        yield "the screening is not complete"
    if today >= months_later(oldest(screening).astimezone(clinic.zone).date(), min(clinic.validity_months, 6)):
        yield "the screening is too old"
    for row in by_staff:
        if row.pk == screening.pk or row.pk in corrected:
            continue
        if row.treatment == treatment and row.pk > screening.pk and row.answered_at >= screening.answered_at:
            yield "a newer screening is there"
        is_later = row.pk > screening.pk or row.answered_at > oldest(screening)
        if is_later and not hasattr(row, "voided"):
            for code, answer in row.answers.items():
                if isinstance(answer, str) and screening.answers.get(code, answer) != answer:
                    yield f"a later screening says otherwise of {code}"
    if AwaitingReview.objects.filter(patient=patient).exists():
        yield "a self-check waits for its review"


def against_decision(session, decision, today, stops):  # noqa: C901 - likewise
    newest = Decision.objects.filter(patient=session.patient, treatment=session.treatment).order_by("-pk").first()
    if decision.pk != newest.pk or hasattr(newest, "voided"):
        yield "another decision is the newest, or it is voided"
    if decision.kind not in ("proceed", "proceed-sites"):
        yield "the decision does not say proceed"
    if decision.ends_on is None or today > decision.ends_on:
        yield "the decision has ended"
    if session.device_id != decision.device_id or not Device.objects.get(pk=session.device_id).in_use:
        yield "another device, or one that is out of use"
    if not session.sites or not set(session.sites) <= set(decision.sites):
        yield "the decision does not cover the places"
    for stop in stops:
        if stop.treatment == session.treatment and stop.reopens and stop.at >= decision.at:
            yield "a stop since then reopened the decision"
        if stop.needs_screening and oldest(decision.screening) <= stop.at:
            yield "a stop since then wants a new screening"
    for event in AdverseEvent.objects.filter(patient=session.patient).exclude(severity="mild"):
        if event.at > decision.at and not hasattr(event.session, "voided"):
            yield "something went wrong since then"
    if any(one.reason == "agreement" for one in decision.settlements.all()):
        words = Countersign.objects.filter(decision=decision).exclude(by=decision.by)
        if not words.filter(role__in=("owner", "supervisor")).exists():
            yield "nobody else has countersigned"


def against_consent(consent, decision, clinic, patient, treatment, today):
    newest = Consent.objects.filter(patient=patient, treatment=treatment).order_by("-pk").first()
    if consent.pk != newest.pk or hasattr(newest, "withdrawal"):
        yield "another consent is the newest, or it was withdrawn"
    if hasattr(consent.decision, "voided"):
        yield "the consent was signed for a decision that was voided"
    if consent.treatment != treatment or set(consent.sites) != set(decision.sites):
        yield "the consent is for something else"
    if consent.text_version != clinic.consent_version:
        yield "the consent is of another version"
    if today >= months_later(consent.signed_on, clinic.consent_months) or consent.signed_on > today:
        yield "the consent has ended"


NEVER_SETTLED = ("contraindicated", "prepare", "defer")
ALLOWED = {
    "not-advised": {"agreement"},
    "refer": {"answered", "assessed", "other", "clearance"},
    "site": {"clearance"},
}
ASKED_EACH_DAY = {
    "pregnant", "viral-illness", "fever", "bleeding", "bleeding-explained", "purulent-inflammation", "sepsis",
    "thrombophlebitis", "skin-problem", "broken-bone", "recent-surgery", "sore-vein", "recent-procedure",
    "breast-lumps", "breast-doctor", "health-changed", "metal-removed",
}  # fmt: skip


MEASURED = ("blood-pressure", "temperature", "surgeries", "recent-procedure-kind", "recent-procedure-date")


def against_today(session, screening, decision, wanted, today):  # noqa: C901 - likewise
    check = session.check_screening
    if (check.stage, check.door) != ("session", "session") or check.rule_set.status != "published":
        yield "no session screening by the rules of today"
    for code in ASKED_EACH_DAY:
        if check.answers.get(code) != written(wanted.answers.get(code)):
            yield f"{code} is not what was said today"
    for code, answer in check.answers.items():
        is_lasting = code not in ASKED_EACH_DAY and code in screening.answers and code not in MEASURED
        if is_lasting and answer != screening.answers[code]:
            yield f"{code} is not what stands"
    case = screened(check)
    outcome = evaluate(published(), case.answers, case.plan, wanted.now)
    if outcome.missing:
        yield "something is missing"
    for finding in outcome.findings:
        touches = not finding.sites or set(finding.sites) & set(session.sites)
        if finding.grade == "note" or (finding.grade == "site" and finding.status == "met" and not touches):
            continue
        if finding.status != "met" and (finding.grade != "site" or not finding.sites or touches):
            yield f"{finding.rule} is unresolved"
        elif finding.grade in NEVER_SETTLED or not settled(finding, check, decision, wanted, today):
            yield f"{finding.rule} stands against it"


def written(answer):
    return answer if isinstance(answer, str) or answer is None else str(answer)


def settled(finding, check, decision, wanted, today):
    rows = [
        row
        for row in decision.settlements.all()
        if row.rule == finding.rule and row.grade == finding.grade and row.reason in ALLOWED.get(finding.grade, ())
    ]
    then = decision.screening.answers
    asked = [code for code in finding.answers if code not in ("blood-pressure", "hypertension-controlled")]
    is_same = all(then.get(code) == check.answers.get(code) for code in asked)
    is_told = not ASKED_EACH_DAY.intersection(asked) or wanted.sameness.get(finding.rule) == "same"
    barred = set(finding.sites) & set(wanted.sites)
    rests = [
        row
        for row in rows
        if row.ends_on and today <= row.ends_on and barred <= set(row.sites or ())
        and not any(hasattr(one.screening, "voided") for one in (row.statement, row.referral) if one)
        and (row.reason not in ("agreement", "clearance") or (row.statement and row.statement.letter_id))
    ]  # fmt: skip
    since = Referral.objects.filter(patient=check.patient, rule=finding.rule, steps__result="keeps")
    is_kept = since.filter(steps__at__gt=decision.at).exists()
    return bool(rests) and is_same and is_told and not is_kept


@pytest.mark.hazard("H-13", "H-38")
@pytest.mark.parametrize("seed", [1, 4009])
def test_session_is_made_only_where_a_second_reading_agrees(seed):
    came = Walk(seed).walk(16)
    assert came["started"] * came["stopped"] > 0


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(1000, 1060))
def test_session_is_made_only_where_a_second_reading_agrees_many_times(seed):
    Walk(seed).walk(60)
