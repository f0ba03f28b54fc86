"""A patient on the way to a session, as rows: screened, decided on, consented. For the tests of the gate."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from clinic.consultations.gate import Wanted
from clinic.consultations.models import (
    ConsentWithdrawal,
    Countersign,
    Referral,
    ReferralStep,
    Session,
    Statement,
)
from clinic.consultations.settling import demands
from clinic.people.clinics import Device, Membership
from clinic.screenings.models import Door, VoidedScreening
from clinic.screenings.store import kept_case
from screening.engine.outcome import Outcome
from screening.engine.request import read_document
from screening.rulesets import published
from tests.clinic.consultations import rows
from tests.clinic.consultations.stored import a_screening
from tests.clinic.screenings.invented import a_clinic, a_link, a_member, a_patient, a_sending
from tests.screening.case_files import base_answers

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PLAN = {"treatment": "body-myostimulation", "sites": ["abdomen", "forearm-left"]}
SUIT = {"treatment": "ems-training"}


def a_request(plan, at, answers, without=(), stage="consultation"):
    """A case of the plan, everything answered in the safe way but for `answers`."""
    request = {**plan, "stage": stage, "at": at.isoformat()}
    given = base_answers(request) | answers
    request["answers"] = {code: answer for code, answer in given.items() if code not in without}
    return read_document(published(), request, lambda: at)


@dataclass
class World:
    """Everything that a session rests on. Built of a case's parts (tests/cases/gate.json), each of which may differ."""

    plan: dict = field(default_factory=lambda: dict(PLAN))
    consultation: dict = field(default_factory=dict)
    without: tuple = ()
    days_ago: int = 7
    settles: dict = field(default_factory=dict)
    decision: Any = field(default_factory=dict)
    consent: Any = field(default_factory=dict)
    clinic_fields: dict = field(default_factory=dict)
    sending: Any = None
    now: datetime = NOW

    def __post_init__(self):
        self.clinic = a_clinic(**self.clinic_fields)
        self.clinic.treatments = ["body-myostimulation", "body-microcurrent", "ems-training"]
        self.clinic.save()
        self.by = a_member(self.clinic, "practitioner", name="perry")
        self.membership = Membership.objects.get(user=self.by)
        self.patient = a_patient(self.clinic)
        self.device = Device.objects.create(clinic=self.clinic, make="Invented", model="One")
        self.asked = self.now - timedelta(days=self.days_ago)
        self.screening = self.a_screening(self.consultation, self.without)
        self.decided = self.a_decision(**self.decision) if self.decision is not None else None
        self.consented = self.a_consent(**self.consent) if self.consent is not None and self.decided else None

    def a_screening(self, answers=(), without=(), *, at=None, plan=None, door=Door.INTAKE, **columns):
        case = a_request(plan or self.plan, at or self.asked, dict(answers), without)
        return a_screening(self.patient, by=self.by, at=at or self.asked, door=door, case=case, **columns)

    def a_decision(self, **fields):
        """The decision, with a settlement for each of `settles`: its rule, and by which reason."""
        case = kept_case(published(), self.screening)
        outcome = Outcome.from_json(self.screening.outcome)
        off = fields.get("channels_off", [])
        sites = fields.setdefault("sites", [site for site in outcome.planned_sites if site not in off])
        wanted = demands(
            published(), case.plan, outcome, case.answers, treated=sites, channels_off=off, today=self.asked.date()
        )
        settled = [
            {"rule": one.finding.rule, "grade": one.finding.grade, "answers": one.answers, "sites": list(one.sites)}
            | self._reason(one.finding.rule)
            for one in wanted
            if one.finding and one.finding.rule in self.settles
        ]
        given = {"device": self.device, "at": self.asked + timedelta(hours=1), "ends_on": None} | _dates(fields)
        return rows.a_decision(self.screening, by=self.by, settles=settled, **given)

    def _reason(self, rule):
        said = self.settles[rule]
        return _dates({"reason": said} if isinstance(said, str) else dict(said))

    def a_consent(self, **fields):
        given = {"signed_on": self.asked.date()} | _dates(fields)
        return rows.a_consent(self.decided, by=self.by, **given)

    def wanted(self, today=(), without=(), **changed):
        """The session that is asked for: as decided, everything answered in the safe way but for `today`."""
        now = changed.pop("now", self.now)
        plan = dict(self.plan)
        sites = list(self.decided.sites) if self.decided else list(plan.get("sites", ()))
        case = a_request(plan, now, dict(today), without, "session")
        given = {
            "membership": self.membership,
            "patient": self.patient,
            "treatment": self.plan["treatment"],
            "device": self.device,
            "sites": sites,
            "channels_off": list(self.decided.channels_off) if self.decided else [],
            "answers": case.answers,
            "now": now,
        }
        return Wanted(**(given | changed))

    def void(self, screening):
        VoidedScreening(screening=screening, why="Another person.", by=self.by).save()

    def a_statement(self, screening):
        """A doctor's word, recorded on `screening`."""
        statement = Statement(
            **rows.whose(self.patient, self.by),
            screening=screening,
            kind="clearance",
            rule="chronic-disease",
            answers={},
            said_by="Dr Example",
            said_on=self.asked.date(),
        )
        statement.save()
        return statement

    # What can happen after the decision and before the session; tests/cases/gate.json names these.

    def voids_decision(self):
        rows.void(self.decided, self.by)

    def voids_screening(self):
        self.void(self.screening)

    def screens_again(self):
        self.a_screening(self.consultation, at=self.now - timedelta(days=1))

    def enters_an_older_paper(self):
        self.a_screening({"heart-disease": "yes"}, at=self.asked - timedelta(days=30), door=Door.PAPER)

    def corrects(self):
        self.a_screening(corrects=self.screening, why="Misheard.")

    def screens_and_voids(self):
        newer = self.a_screening({"pregnant": "yes"}, at=self.now - timedelta(days=1))
        self.void(newer)

    def screens_for_another_treatment(self, **answers):
        plan = {"treatment": "body-microcurrent", "sites": ["forearm-left"]}
        self.a_screening(answers, at=self.now - timedelta(days=1), plan=plan)

    def says_otherwise_for_another_treatment(self):
        self.screens_for_another_treatment(**{"heart-disease": "yes"})

    def receives_a_self_check(self):
        invitation, _ = a_link(self.clinic, patient=self.patient)
        self.sending = a_sending(clinic=self.clinic, invitation=invitation)

    def sets_the_self_check_aside(self):
        from clinic.screenings.reviews import review

        self.receives_a_self_check()
        review(self.sending, by=self.by, set_aside="Sent twice.")

    def declines(self):
        self.a_decision(kind="decline", sites=[], at=self.now - timedelta(hours=2))

    def declines_and_voids_it(self):
        rows.void(self.a_decision(kind="decline", sites=[], at=self.now - timedelta(hours=2)), self.by)

    def decides_again(self):
        self.decided = self.a_decision(at=self.now - timedelta(minutes=5))

    def withdraws(self):
        ConsentWithdrawal(**rows.whose(self.patient, self.by), consent=self.consented).save()

    def consents_again(self):
        self.consented = self.a_consent()

    def changes_the_form(self):
        self.clinic.consent_version = "2"
        self.clinic.save()

    def stops(self, **fields):
        given = {"treatment": self.plan["treatment"], "at": self.now - timedelta(hours=3), **fields}
        rows.a_stop(self.patient, by=self.by, **given)

    def holds(self):
        self.stops(reasons=["prepare"])

    def reopens(self):
        self.stops(reopens=True)

    def wants_a_screening(self):
        self.stops(reopens=True, needs_screening=True)

    def wants_a_screening_for_another_treatment(self):
        self.stops(reopens=True, needs_screening=True, treatment="body-microcurrent")

    def is_harmed(self, severity="moderate", **fields):
        session = rows.a_session(self.consented, by=self.by, **fields)
        rows.harm(session, by=self.by, severity=severity, at=self.now - timedelta(hours=5))

    def is_harmed_by_another_treatment(self):
        self.is_harmed(severity="severe", treatment="body-microcurrent")

    def has_a_passing_reaction(self):
        self.is_harmed(severity="mild")

    def voids_the_session(self):
        rows.void(Session.objects.get(), self.by)

    def countersigns(self):
        other = a_member(self.clinic, "supervisor", name="sol")
        Countersign(
            clinic=self.clinic, patient=self.patient, by=other, role="supervisor", decision=self.decided, words="Yes."
        ).save()

    def countersigns_as_practitioner(self):
        other = a_member(self.clinic, "practitioner", name="pat")
        Countersign(**rows.whose(self.patient, other), decision=self.decided, words="Yes.").save()

    def countersigns_its_own(self):
        Countersign(
            clinic=self.clinic, patient=self.patient, by=self.by, role="supervisor", decision=self.decided, words="Yes."
        ).save()

    def suspends(self):
        self.membership.suspended = True

    def becomes_reception(self):
        self.membership.role = "reception"

    def puts_the_device_out_of_use(self):
        self.device.in_use = False

    def gives_the_treatment_up(self):
        self.clinic.treatments = ["body-microcurrent"]
        self.clinic.save()
        self.membership.clinic = self.clinic

    def adds_the_chest_to_the_suit(self):
        self.clinic.suit_sites = ["chest"]
        self.clinic.save()

    def hears_that_it_stays(self):
        asked = Referral(
            **rows.whose(self.patient, self.by),
            screening=self.screening,
            rule="chronic-disease",
            answers={},
            to="Dr Example",
            question="May we?",
        )
        asked.save()
        ReferralStep(
            **rows.whose(self.patient, self.by),
            referral=asked,
            kind="answered",
            result="keeps",
            on=date(2026, 11, 19),
            at=self.now - timedelta(hours=1),
        ).save()


def _dates(fields):
    """Read what a case writes as text."""
    days = ("ends_on", "signed_on", "until")
    return {name: date.fromisoformat(value) if name in days and value else value for name, value in fields.items()}
