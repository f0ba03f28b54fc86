"""Where a person is on the way: what was answered, what is still to be put, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from clinic.people.clinics import Clinic
from clinic.self_check.state import SelfCheck
from screening.engine.answer_reading import read_answer
from screening.engine.answers import Answer, Plan
from screening.engine.evaluate import evaluate
from screening.engine.faults import Faults
from screening.engine.flow import Asked, ask, plannable
from screening.engine.outcome import Finding, Outcome
from screening.engine.pages import Page, open_questions, pages_asked
from screening.engine.rule_set import RuleSet, Treatment


@dataclass(frozen=True)
class Journey:
    """One self-check with the rules it is made by. `at`: now, on the clinic's clock, aware of its offset."""

    clinic: Clinic
    rule_set: RuleSet
    check: SelfCheck
    at: datetime

    @cached_property
    def treatments(self) -> tuple[Treatment, ...]:
        """The treatments that the clinic offers and the rules cover, in the clinic's order."""
        known = self.rule_set.treatments
        offered = [known[code] for code in self.clinic.treatments if code in known]
        return tuple(treatment for treatment in offered if treatment.plan != "not-offered")

    @cached_property
    def treatment(self) -> Treatment | None:
        """The chosen treatment, while the clinic still offers it."""
        return next((entry for entry in self.treatments if entry.code == self.check.treatment), None)

    @cached_property
    def plan(self) -> Plan:
        """The plan; for a fixed one `sites` are what the clinic's suit drives besides."""
        if self.treatment is None:
            raise LookupError("No treatment was chosen.")
        allowed = plannable(self.rule_set, self.treatment)
        chosen = self.clinic.suit_sites if self.plan_is_fixed else self.check.sites
        sites = tuple(site for site in chosen if site in allowed)
        return Plan(self.treatment.code, sites, "consultation", tuple(self.check.goals))

    @cached_property
    def answers(self) -> Mapping[str, Answer]:
        """The answers so far as typed values; one that these rules cannot read counts as not given."""
        found = ((code, self._read(code, value)) for code, value in self.check.answers.items())
        return {code: answer for code, answer in found if answer is not None}

    def _read(self, code: str, value: Any) -> Answer | None:
        question, faults = self.rule_set.questions.get(code), Faults()
        answer = read_answer(self.rule_set, question, value, None, faults) if question else None
        return None if faults.lines else answer

    @cached_property
    def _asked(self) -> Asked:
        return ask(self.rule_set, self.answers, self.plan, self.at)

    @cached_property
    def outcome(self) -> Outcome:
        """The outcome of what was answered so far; what was not asked yet is missing in it."""
        return evaluate(self.rule_set, self.answers, self.plan, self.at)

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Every page of questions of this person's way, given the answers so far."""
        return pages_asked(self.rule_set, self.plan, self.answers, self.at)

    @cached_property
    def next_page(self) -> int | None:
        """The number, from 1, of the first page with a question still to be put; None when there is none."""
        waiting = open_questions(self.pages, self._asked, self.check.left)
        return next((n for n, page in enumerate(self.pages, 1) if not waiting.isdisjoint(page.codes)), None)

    @property
    def plan_is_fixed(self) -> bool:
        """Whether the places follow from the treatment, as with the suit."""
        return self.treatment is not None and self.treatment.plan == "fixed"

    @property
    def has_place(self) -> bool:
        """Whether it is known where: places were chosen, or the plan is a fixed one."""
        return self.treatment is not None and (self.plan_is_fixed or bool(self.plan.sites))

    @property
    def everything_was_put(self) -> bool:
        """Whether nothing is left to be asked: a result may be shown."""
        return self.has_place and self.next_page is None and self.check.goals_put and self.check.looked_over

    @property
    def may_show_result(self) -> bool:
        """Whether a result may be shown and sent: everything was put, or the person chose to stop."""
        return self.everything_was_put or (self.check.stopped and self.has_place)

    def pruned(self) -> "Journey":
        """Return it without the answers that are no longer asked for, so that none comes back later unasked."""
        asked = {code for page in self.pages for code in page.codes}
        stale = {*self._asked.ignored}
        stale |= {code for code in (*self.check.answers, *self.check.left) if code not in asked}
        return replace(self, check=self.check.without(stale)) if stale else self

    def telling_now(self) -> "Journey":
        """Return it with what must be said at once: findings met, and contraindicated or urgent, and not told yet.

        What no longer holds is forgotten, and with it a wish to stop because of it.
        """
        grave = [finding.rule for finding in self.outcome.findings if _is_grave(finding)]
        fresh = tuple(rule for rule in dict.fromkeys(grave) if rule not in self.check.told)
        telling = tuple(rule for rule in self.check.telling if rule in grave) + fresh
        told = tuple(rule for rule in self.check.told if rule in grave) + fresh
        return replace(
            self, check=replace(self.check, told=told, telling=telling, stopped=self.check.stopped and bool(grave))
        )


def _is_grave(finding: Finding) -> bool:
    return finding.status == "met" and (finding.grade == "contraindicated" or finding.urgency == "urgent")
