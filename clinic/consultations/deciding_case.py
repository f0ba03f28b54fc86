"""A stored screening as a decision reads it: with the rules that it was made by, and what speaks against the plan."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import takewhile
from typing import Any, cast

from clinic.consultations.models import Referral, ReferralStep, Statement
from clinic.consultations.settling import Demand, Reason, deciding_answers, demands
from clinic.people.patients import Patient
from clinic.screenings.models import Screening
from clinic.screenings.said import set_of
from clinic.screenings.store import kept_case
from screening.engine.answers import Answers, Plan
from screening.engine.outcome import Finding, Outcome
from screening.engine.rule_set import RuleSet
from screening.engine.written import says_the_same

# What kind of statement each reason rests on.
STATEMENT_FOR: Mapping[str, str] = {
    Reason.CLEARANCE: Statement.Kind.CLEARANCE,
    Reason.AGREEMENT: Statement.Kind.AGREEMENT,
    Reason.ENDED: Statement.Kind.ENDED,
}


class NotReadable(Exception):
    """The rules that a screening was made by are not as they were published: nothing is decided on it."""


@dataclass(frozen=True)
class Screened:
    """A stored screening, read. Its outcome is the stored one: nothing is screened again."""

    screening: Screening
    rule_set: RuleSet
    plan: Plan
    answers: Answers
    outcome: Outcome

    @property
    def patient(self) -> Patient:
        """The patient, whom every consultation screening that is decided on has."""
        return cast(Patient, self.screening.patient)

    @property
    def planned(self) -> tuple[str, ...]:
        """The places that were screened, in catalogue order."""
        return self.outcome.planned_sites

    @property
    def is_suit(self) -> bool:
        """Whether a place is left out by switching off its channel."""
        return self.rule_set.treatments[self.plan.treatment].plan == "fixed"

    @property
    def is_facial(self) -> bool:
        """Whether the face is looked at."""
        return "face" in self.rule_set.treatments[self.plan.treatment].regions

    @cached_property
    def statements(self) -> list[Statement]:
        """What was said about the patient; what was recorded on a voided screening counts no more."""
        rows = self.patient.statements.filter(clinic=self.screening.clinic_id, screening__voided=None)
        return list(rows.select_related("screening", "letter", "by").defer("letter__content"))

    @cached_property
    def referrals(self) -> list[Referral]:
        """What doctors were asked about the patient, with what became of it; likewise."""
        rows = self.patient.referrals.filter(clinic=self.screening.clinic_id, screening__voided=None)
        return list(rows.select_related("screening").prefetch_related("steps"))

    def demands(self, treated: Collection[str], today: date) -> tuple[Demand, ...]:
        """Return what has to be settled before these of its places are treated; the others are left out."""
        return demands(
            self.rule_set,
            self.plan,
            self.outcome,
            self.answers,
            treated=treated,
            channels_off=self.left_out(treated) if self.is_suit else (),
            today=today,
        )

    def left_out(self, treated: Collection[str]) -> tuple[str, ...]:
        """Return the planned places that are not among `treated`."""
        return tuple(site for site in self.planned if site not in treated)

    def deciding(self, finding: Finding) -> dict[str, Any]:
        """Return the answers that a finding rests on."""
        return deciding_answers(self.rule_set, finding, self.answers)

    def position(self, finding: Finding) -> int:
        """Return where a finding stands in the outcome, which names it on pages and in forms."""
        return self.outcome.findings.index(finding)


def screened(screening: Screening) -> Screened:
    """Return a stored screening with the rules that it was made by. Raises NotReadable."""
    rule_set = set_of(screening)
    if rule_set is None:
        raise NotReadable
    case = kept_case(rule_set, screening)
    return Screened(screening, rule_set, case.plan, case.answers, Outcome.from_json(screening.outcome))


def statements_for(case: Screened, demand: Demand, today: date) -> list[Statement]:
    """Return the statements about a finding that hold today, the newest first: of this patient, for these answers.

    For which places a clearance is, is not looked at.
    """
    kinds = [STATEMENT_FOR[way] for way in demand.ways if way in STATEMENT_FOR]
    if demand.finding is None or not kinds:
        return []
    return [
        row
        for row in case.statements
        if row.kind in kinds and _is_for(case, demand.finding, demand, row) and _holds(row, today)
    ]


def closed_for(case: Screened, demand: Demand) -> list[Referral]:
    """Return the referrals about a finding that a doctor's answer closed: of this patient, for these answers."""
    if demand.finding is None or Reason.ANSWERED not in demand.ways:
        return []
    answered = [row for row in case.referrals if _is_for(case, demand.finding, demand, row) and _answer(row)]
    answered.sort(key=lambda row: _answer(row).pk, reverse=True)
    # The last word of a doctor counts: what was answered before somebody kept the finding closes nothing.
    return list(takewhile(lambda row: _answer(row).result == ReferralStep.Result.CLOSES, answered))


def _answer(referral: Referral) -> Any:
    """Return the step that is a doctor's answer; none where there is none."""
    return next((step for step in referral.steps.all() if step.kind == ReferralStep.Kind.ANSWERED), None)


def _is_for(case: Screened, finding: Finding, demand: Demand, row: Statement | Referral) -> bool:
    """Return whether a row was given for the answers of now, with the same remarks beside them.

    A yes that may change from one day to the next, said again in a newer screening, may be about something new. A
    doctor who agreed to one treatment, or was asked about it, has said nothing about another.
    """
    if _is_about_treatment(row) and row.screening.treatment != case.screening.treatment:
        return False
    questions, screening = case.rule_set.questions, case.screening
    is_of_then = row.screening_id not in (screening.pk, screening.corrects_id)
    if is_of_then and any(questions[code].afresh for code in demand.answers):
        return False
    then, now = row.screening.answers, case.screening.answers
    remarks = _remarks(case.rule_set, finding)
    is_about_it = row.rule == finding.rule and says_the_same(row.answers, demand.answers)
    return is_about_it and all(then.get(code) == now.get(code) for code in remarks)


def _is_about_treatment(row: Statement | Referral) -> bool:
    return isinstance(row, Referral) or row.kind == Statement.Kind.AGREEMENT


def _holds(row: Statement, today: date) -> bool:
    has_letter = row.letter_id is not None or row.kind == Statement.Kind.ENDED
    return has_letter and row.said_on <= today and (row.ends_on is None or today <= row.ends_on)


def _remarks(rule_set: RuleSet, finding: Finding) -> Iterator[str]:
    """Yield the questions in which a person says more about what met a rule, such as which illness."""
    for question in rule_set.questions.values():
        asked_about: list[Any] = [one.question for group in question.when for one in group]
        if question.shown_only and set(asked_about) & set(finding.answers):
            yield question.code
