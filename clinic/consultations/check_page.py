"""Today's check as its page shows it: what to ask, where, what was settled, and what speaks against the start."""

import json
from datetime import datetime
from functools import cached_property
from typing import Any

from clinic.consultations import gate_facts, gate_findings, gate_reasons
from clinic.consultations.check import Check, begin
from clinic.consultations.check_forms import DRAWN_BY, DRAWN_ON, SAMENESS, PlacesForm, read_sameness
from clinic.consultations.check_slots import Settled, Slot, told_then
from clinic.consultations.gate import Judged, Wanted, judge
from clinic.consultations.gate_reasons import Reason
from clinic.consultations.intake import read_answers
from clinic.consultations.times import Course, course_of
from clinic.people.clinics import Membership
from clinic.people.diary import Visit
from clinic.people.patients import Patient
from screening.engine.answers import Answer
from screening.engine.flow import plannable, questions_of
from screening.engine.rule_set import Question, RuleSet
from screening.engine.written import written_answer
from screening.fields.answer import counted
from screening.forms import QuestionsForm
from screening.pins import pin_of, reworded

KEPT = "-kept"


class CheckPage:
    """The check of one patient for one treatment at `now`. `data`: what was posted; `insists`: gaps are errors.

    Raises NotScreenable where no rules are published.
    """

    def __init__(  # noqa: PLR0913
        self,
        membership: Membership,
        patient: Patient,
        rule_set: RuleSet,
        treatment: str,
        now: datetime,
        *,
        data: Any = None,
        visit: Visit | None = None,
        insists: bool = False,
    ) -> None:
        self.membership, self.patient, self.treatment = membership, patient, rule_set.treatments[treatment]
        self.rule_set, self.now, self.data, self.insists, self.visit = rule_set, now, data, insists, visit
        self.facts = gate_facts.load(membership.clinic, patient, treatment, now)
        self.missing_before = gate_reasons.before(self.facts, now.date())

    @property
    def is_suit(self) -> bool:
        """Whether the places follow from the treatment."""
        return self.treatment.plan == "fixed"

    @cached_property
    def _base(self) -> Check:
        """The check before anything was answered, of every place that could be treated."""
        return begin(
            clinic=self.membership.clinic,
            standing=self.facts.standing.screening,
            rule_set=self.rule_set,
            treatment=self.treatment.code,
            sites=plannable(self.rule_set, self.treatment),
            todays={},
            at=self.now,
        )

    @cached_property
    def _possible(self) -> tuple[Question, ...]:
        """Every question that some answers of today could bring up."""
        return tuple(
            question
            for question in questions_of(self.rule_set, self._base.plan, any_sites=True)
            if question.code not in self._base.carried and self._base.is_put(question)
        )

    @cached_property
    def _kept(self) -> dict[str, Answer]:
        """The lists of operations as the page posted them again."""
        lists = [question.code for question in self._still_asked if question.kind == "operations"]
        posted = {code: _read_json(self.data.get(code + KEPT, "")) for code in lists} if self.data else {}
        return read_answers(self.rule_set, posted)

    @cached_property
    def _reworded(self) -> frozenset[str]:
        if self.data is None:
            return frozenset()
        possible = frozenset(question.code for question in self._possible)
        if self.data.get(DRAWN_ON) != self.drawn_on:
            return possible
        return possible & reworded(self.data.get(DRAWN_BY, ""), self.rule_set)

    @property
    def is_moved(self) -> bool:
        """Whether the posted page is of another day or of other rules, so that something is asked again."""
        return bool(self._reworded)

    @property
    def drawn_by(self) -> str:
        """The rules that the page is drawn by, as it posts them."""
        return " ".join(pin_of(self.rule_set))

    @property
    def drawn_on(self) -> str:
        """The day that the page asks about, as it posts it: yesterday's answers are not today's."""
        return self.now.date().isoformat()

    @property
    def _still_asked(self) -> list[Question]:
        return [question for question in self._possible if question.code not in self._reworded]

    @cached_property
    def _read(self) -> QuestionsForm:
        return self._form(self._still_asked, self.data, self._kept)

    def _form(self, questions: Any, data: Any, answers: Any, entry: int | None = None) -> QuestionsForm:
        return QuestionsForm(
            data, rule_set=self.rule_set, questions=questions, answers=answers, at=self.now, entry=entry
        )

    @cached_property
    def given(self) -> dict[str, Answer]:
        """What was answered today, as far as it can be read."""
        return self._read.given() if self.data is not None else {}

    @cached_property
    def places(self) -> PlacesForm:
        """The places, or the channels."""
        decided = self.facts.decision.sites if self.facts.decision else ()
        planned = self._base.planned if self.is_suit else ()
        return PlacesForm(self.data, rule_set=self.rule_set, decided=decided, planned=planned)

    @cached_property
    def wanted(self) -> Wanted:
        """The session that the page asks for."""
        settled = [one.rule for one in self.facts.settlements]
        decision = self.facts.decision
        return Wanted(
            membership=self.membership,
            patient=self.patient,
            treatment=self.treatment.code,
            device=decision.device if decision else None,
            sites=self.places.sites,
            channels_off=self.places.channels_off,
            answers=self.given,
            now=self.now,
            visit=self.visit,
            sameness=read_sameness(self.data, settled),
            after=(counted(self.data.get("after", "")) or 0) if self.data else None,
        )

    @cached_property
    def judged(self) -> Judged:
        """What the gate says of it now."""
        return judge(self.wanted, self.facts)

    @property
    def check(self) -> Check:
        """The check with today's answers."""
        assert self.judged.check is not None  # noqa: S101 - a page is made only of what can be judged
        return self.judged.check

    @cached_property
    def form(self) -> QuestionsForm:
        """The questions that are asked now, as typed where gaps are errors, else as they were read."""
        if self.insists:
            return self._form(self.check.questions, self.data, self._kept)
        stay = self._read.stay if self.data is not None else None
        entry = counted(stay.partition("=")[2]) if stay else None
        return self._form(self.check.questions, None, self.given, entry)

    @property
    def stays(self) -> bool:
        """Whether a button only asked to add, change or remove an operation."""
        return self.data is not None and any(name.endswith("-do") for name in self.data) and not self._read.faulty()

    @cached_property
    def slots(self) -> list[Slot]:
        """The room of every question that could be asked."""
        asked = {question.code for question in self.check.questions}
        shown = self.data.getlist("shown") if self.data is not None else ()
        standing = self.facts.standing.screening
        then = read_answers(self.rule_set, standing.answers) if standing else {}
        return [
            Slot(
                question=question,
                field=self.form[question.code] if question.code in asked else None,  # type: ignore[arg-type]
                then=told_then(self.rule_set, question, then.get(question.code)),
                kept=self._written_kept(question),
                was_shown=question.code in shown,
            )
            for question in self._possible
        ]

    def _written_kept(self, question: Question) -> str:
        if question.kind != "operations":
            return ""
        return json.dumps(written_answer(self.given.get(question.code, ())))

    @cached_property
    def settled(self) -> list[Settled]:
        """The room of everything that the decision settled."""
        sites, off = self.wanted.sites, self.wanted.channels_off
        again = {one.rule: one for one in gate_findings.asked_again(self.facts, self.check, sites, off)}
        shown = self.data.getlist("shown-settled") if self.data is not None else ()
        said = self.wanted.sameness
        return [
            Settled(rule, again.get(rule), said.get(rule, ""), rule in shown, self.insists and rule not in said)
            for rule in dict.fromkeys(one.rule for one in self.facts.settlements)
        ]

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """What keeps the page from being judged: the id of the input, the question, and the cure."""
        found = [
            (target, bound.heading, str(problem.message))
            for bound in self.form.asked()
            for target, problem in bound.targets()
        ]
        if self.data is not None and not self.places.is_valid():
            found += [
                (self.places.first_target, "Places", str(error)) for error in self.places.errors[self.places.name]
            ]
        wrong = [one for one in self.settled if one.again and one.is_wrong]
        cure = "Say whether it is the same as when it was decided."
        return found + [(f"id_{SAMENESS}{one.rule}", one.again.title, cure) for one in wrong if one.again]

    @property
    def is_readable(self) -> bool:
        """Whether nothing of it was typed so that it cannot be read."""
        return not self._read.faulty() and self.places.is_valid()

    @property
    def against(self) -> list[Reason]:
        """What of today's answers, or of what is asked for, reopens the decision."""
        return [reason for reason in self.judged.reasons if reason.weight == "against"]

    @property
    def finds_against(self) -> bool:
        """Whether an answer of today is against the start."""
        return any(reason.rule for reason in self.against)

    @property
    def to_do(self) -> list[Reason]:
        """What can be put right now; open questions are counted instead."""
        counted_ones = ("missing", "unresolved")
        return [one for one in self.judged.reasons if one.weight == "hold" and one.code not in counted_ones]

    @property
    def open_count(self) -> int:
        """How many questions are still open."""
        return len(self.check.outcome.missing)

    @property
    def earliest(self) -> datetime | None:
        """From when on the current may start, where a meal holds it."""
        return gate_findings.earliest_start(self.check)

    @cached_property
    def course(self) -> Course | None:
        """How far the course is; the plan's interval is told and holds nothing."""
        return course_of(self.membership.clinic, self.facts.decision) if self.facts.decision else None

    @property
    def is_early(self) -> bool:
        """Whether today is before the next day that the plan names."""
        return bool(self.course and self.course.next_on and self.now.date() < self.course.next_on)

    @property
    def decision(self) -> int:
        """The decision that this page is drawn for."""
        return self.facts.decision.pk if self.facts.decision else 0

    @property
    def is_of_another_decision(self) -> bool:
        """Whether the posted page was drawn for another decision, whose places and device may be others."""
        drawn_for = self.data.get("decided", "") if self.data else ""
        return bool(drawn_for) and drawn_for != str(self.decision)

    @property
    def after(self) -> int:
        """The newest session that this page knows of."""
        return self.facts.session.pk if self.facts.session else 0


def _read_json(text: str) -> Any:
    try:
        return json.loads(text[:20_000]) if text else None
    except (ValueError, RecursionError):
        return None
