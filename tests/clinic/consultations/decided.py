"""A screening that somebody decides on, and what they propose; everything right, so that a test may spoil one thing."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from clinic.consultations.deciding import decide
from clinic.consultations.deciding_case import screened
from clinic.consultations.deciding_proposal import Proposal
from clinic.consultations.letters import keep_letter
from clinic.consultations.referrals import NewStep, add_step, ask
from clinic.consultations.statements import Said, record_statement
from clinic.people.clinics import Device, Membership
from clinic.screenings.standing_screening import last_valid_day
from screening.engine.request import read_document
from screening.rulesets import published
from tests.clinic.consultations.stored import a_screening
from tests.clinic.screenings.invented import a_clinic, a_member, a_patient
from tests.screening.case_files import base_answers

BODY = {"treatment": "body-myostimulation", "sites": ["abdomen", "forearm-left"]}
FACE = {"treatment": "facial-ems", "sites": ["cheek-left", "cheek-right"]}
SUIT = {"treatment": "ems-training"}
TREATMENTS = ["body-myostimulation", "facial-ems", "facial-microcurrent", "ems-training", "emface"]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\n%%EOF\n"


@dataclass
class Consultation:
    """A patient who was screened just now, and who decides on it."""

    plan: dict = field(default_factory=lambda: dict(BODY))
    answers: dict = field(default_factory=dict)
    without: tuple = ()
    clinic: Any = None
    patient: Any = None

    def __post_init__(self):
        self.clinic = self.clinic or a_clinic()
        self.clinic.treatments = TREATMENTS
        self.clinic.save()
        self.by = a_member(self.clinic, "practitioner", name=f"perry{self.clinic.pk}")
        self.membership = Membership.objects.get(user=self.by)
        self.patient = self.patient or a_patient(self.clinic)
        self.device = Device.objects.create(clinic=self.clinic, make="Invented", model="One")
        self.screening = self.screen(**self.answers)

    def screen(self, at=None, without=None, **answers):
        now = at or self.clinic.now()
        request = {**self.plan, "at": now.isoformat()}
        given = base_answers(request) | {code.replace("_", "-"): answer for code, answer in answers.items()}
        leave_out = self.without if without is None else without
        request["answers"] = {code: answer for code, answer in given.items() if code not in leave_out}
        case = read_document(published(), request, lambda: now)
        return a_screening(self.patient, by=self.by, at=now, case=case)

    @property
    def case(self):
        return screened(self.screening)

    @property
    def today(self):
        return self.clinic.now().date()

    def position(self, rule, grade=None):
        found = self.case.outcome.findings
        return next(at for at, one in enumerate(found) if one.rule == rule and grade in (None, one.grade))

    def demand(self, rule, grade=None):
        wanted = self.case.demands(self.case.planned, self.today)
        return next(
            one for one in wanted if one.finding and one.finding.rule == rule and grade in (None, one.finding.grade)
        )

    def proposal(self, kind="proceed", **changed):
        sites = changed.get("sites", self.case.planned)
        return replace(
            Proposal(
                kind=kind,
                words="As talked through.",
                device=self.device,
                sites=tuple(sites),
                course={"sessions": 8, "interval_days": 4},
                goals=("sport",),
                expectations=True,
                ends_on=last_valid_day(self.clinic, self.screening),
                findings={"protocol": "Gently."},
                qualification="Physiotherapist",
            ),
            **changed,
        )

    def decide(self, kind="proceed", **changed):
        return decide(self.screening, self.proposal(kind, **changed), membership=self.membership)

    def letter(self, content=PDF, content_type="application/pdf", patient=None):
        return keep_letter((content, content_type), patient=patient or self.patient, membership=self.membership)

    def says(self, rule, grade=None, **given):
        """A statement about a finding, with its letter."""
        letter = given.pop("letter", None) or self.letter()
        said = Said(**{"said_by": "Dr Example", "said_on": self.today, "letter": letter, **given})
        return record_statement(self.case, self.demand(rule, grade), said, membership=self.membership)

    def asks(self, rule, result=""):
        """A referral about a finding; `result`: what a doctor has answered."""
        made = ask(
            self.case, position=self.position(rule), to="Dr Example", question="May we?", membership=self.membership
        )
        if result:
            step = NewStep("answered", self.today, result, "So be it.")
            add_step(made, step, membership=self.membership)
        return made

    def supervisor(self, role="supervisor", name="sol"):
        return Membership.objects.get(user=a_member(self.clinic, role, name=name))

    def tomorrow(self):
        return self.today + timedelta(days=1)


def a_picture(kind="JPEG", size=(20, 30), mode="RGB", **options):
    made = BytesIO()
    Image.new(mode, size).save(made, kind, **options)
    return made.getvalue()
