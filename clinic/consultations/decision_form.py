"""The decision as a form: how each finding is settled, what was seen, the plan, and the words."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict

from clinic.consultations.assessment import entries_for, last_qualification
from clinic.consultations.deciding import newest_decision
from clinic.consultations.deciding_case import Screened, statements_for
from clinic.consultations.deciding_plan import COURSES, course_words
from clinic.consultations.deciding_proposal import Entry, Proposal, Refusal
from clinic.consultations.decision_fields import (
    ClosableRadios,
    Places,
    RefusableForm,
    a_day,
    barred_places,
    some_words,
    ways_in_words,
)
from clinic.consultations.gate_facts import newest_harm, newest_kept
from clinic.consultations.models import Decision
from clinic.consultations.settling import Demand, Reason
from clinic.people.clinics import Device, Membership
from clinic.people.widgets import Boxes, Radios
from clinic.screenings.standing_screening import last_valid_day
from screening import body_map
from screening.engine.planning import goals_for
from screening.forms import site_groups

Kind = Decision.Kind
KINDS = {
    Kind.PROCEED: "Proceed: treat every planned place",
    Kind.PROCEED_SITES: "Proceed on the allowed sites: leave places out",
    Kind.DEFER: "Defer until a day",
    Kind.REFER: "Refer: ask a doctor first",
    Kind.DECLINE: "Decline",
}


class DecisionForm(RefusableForm):
    """What somebody decides on one screening. What the service refuses comes back to its field by `refuse`."""

    def __init__(self, data: Any = None, *, case: Screened, membership: Membership) -> None:
        super().__init__(data)
        self.case, self.membership = case, membership
        self.today = membership.clinic.now().date()
        self.last = last_valid_day(membership.clinic, case.screening)
        self.barred = barred_places(case, self.today)
        self.demanded = case.demands(case.planned, self.today)
        patient = case.screening.patient_id
        # What the page knows of: the key of the newest of each. Whatever came since is said before anything is stored.
        self.known: dict[str, Callable[[], int]] = {
            "after": self._newest,
            "harm": partial(newest_harm, patient),
            "kept": partial(newest_kept, patient),
        }
        for name, newest in self.known.items():
            self.fields[name] = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=newest)
        for demand in self.demanded:
            self._add_finding(demand)
        self._add_decision()
        self._add_assessment()
        self._add_plan()

    def _add_finding(self, demand: Demand) -> None:
        if demand.finding is None or demand.is_hopeless:
            return
        name = f"finding-{self.case.position(demand.finding)}"
        if choices := ways_in_words(self.case, demand, self.today):
            self.fields[name] = forms.ChoiceField(label="Settled by", choices=choices, required=False, widget=Radios)
            if any(way in (Reason.ASSESSED, Reason.OTHER) for way in demand.ways):
                self.fields[f"{name}-words"] = some_words("Your reason", required=False)
            ends = [row.ends_on for row in statements_for(self.case, demand, self.today) if row.ends_on]
            self.fields[f"{name}-ends_on"] = a_day("Until", required=False, initial=min([self.last, *ends]))

    def _add_decision(self) -> None:
        self.fields["kind"] = forms.ChoiceField(
            label="What do you decide?",
            choices=[(kind, KINDS[kind]) for kind in Kind],
            required=False,
            widget=ClosableRadios,
        )
        self.fields["until"] = a_day("Deferred until", "The first day on which you would look again.", required=False)
        findings = self.case.outcome.findings
        titles = [(str(at), self.case.rule_set.rules[found.rule].title) for at, found in enumerate(findings)]
        self.fields["about"] = forms.ChoiceField(label="About which finding", choices=titles, required=False)
        self.fields["to"] = forms.CharField(
            label="Which doctor do you ask?", max_length=300, required=False, initial=self.case.patient.doctor
        )
        self.fields["question"] = some_words("What do you ask?", rows=3, required=False)
        self.fields["words"] = some_words("The decision in your own words", rows=4, required=False)

    def _add_assessment(self) -> None:
        for code, (label, hint) in entries_for(is_facial=self.case.is_facial, is_suit=self.case.is_suit).items():
            self.fields[f"saw-{code}"] = some_words(label, hint, required=False)
        self.fields["qualification"] = forms.CharField(
            label="Your qualification", max_length=200, required=False, initial=last_qualification(self.membership)
        )

    def _add_plan(self) -> None:
        rule_set, planned = self.case.rule_set, self.case.planned
        choices = [(site, rule_set.sites[site].name) for site in planned]
        allowed = [site for site in planned if site not in self.barred]
        self.fields["sites"] = forms.MultipleChoiceField(
            label="Places to treat", choices=choices, required=False, widget=Places, initial=allowed
        )
        self.fields["sites"].widget.first = next(iter(planned), "")
        devices = Device.objects.filter(clinic=self.membership.clinic, in_use=True)
        self.fields["device"] = forms.ModelChoiceField(
            devices,
            label="Device",
            required=False,
            empty_label="Choose one",
            initial=devices[0] if len(devices) == 1 else None,
        )
        self._add_course()
        self._add_goals()
        self.fields["ends_on"] = a_day(
            "The decision counts until", "At most as long as the screening.", required=False, initial=self.last
        )

    def _add_course(self) -> None:
        rule_set, treatment = self.case.rule_set, self.case.plan.treatment
        self.fields["sessions"] = forms.IntegerField(
            label="Sessions", help_text=course_words(rule_set, treatment), required=False
        )
        self.fields["interval_days"] = forms.IntegerField(
            label="Days between sessions, at least", help_text="It can stay empty.", required=False
        )
        self.fields["then"] = forms.CharField(label="And then", max_length=200, required=False)
        if treatment in COURSES:
            self.fields["course_reason"] = some_words("Why another number of sessions", required=False)

    def _add_goals(self) -> None:
        rule_set = self.case.rule_set
        fitting = {goal.code for goal in goals_for(rule_set, self.case.planned)}.union(self.case.plan.goals)
        goals = [(goal.code, goal.name) for goal in rule_set.goals.values() if goal.code in fitting]
        self.fields["goals"] = forms.MultipleChoiceField(
            label="Goals", choices=goals, required=False, widget=Boxes, initial=list(self.case.plan.goals)
        )
        self.fields["expectations"] = forms.BooleanField(
            label="We talked through what to expect, and that no result is promised", required=False
        )
        self.fields["expectations"].legend = "Expectations"  # type: ignore[attr-defined]

    def proposal(self) -> Proposal:
        """Return what a valid form proposes."""
        given = self.cleaned_data
        return Proposal(
            kind=given["kind"],
            words=given["words"],
            device=given["device"],
            sites=tuple(given["sites"]),
            entries=dict(self._entries()),
            course={
                "sessions": given["sessions"],
                "interval_days": given["interval_days"],
                "then": given["then"],
                "reason": given.get("course_reason", ""),
            },
            goals=tuple(given["goals"]),
            expectations=given["expectations"],
            until=given["until"],
            ends_on=given["ends_on"],
            findings={name[4:]: given[name] for name in self.fields if name.startswith("saw-")},
            qualification=given["qualification"],
            ask=self._ask(),
            after=given["after"],
            harm=given["harm"],
            kept=given["kept"],
        )

    def refuse(self, refused: Iterable[Refusal]) -> None:
        """Show what was refused; the next press knows what was decided, answered, and what went wrong, by now."""
        super().refuse(refused)
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name, newest in self.known.items():
            data[name] = newest()
        self.data = data

    def _newest(self) -> int:
        newest = newest_decision(self.case.screening)
        return newest.pk if newest else 0

    def _entries(self) -> Iterator[tuple[int, Entry]]:
        for demand in self.demanded:
            if demand.finding is None or f"finding-{self.case.position(demand.finding)}" not in self.fields:
                continue
            name = f"finding-{self.case.position(demand.finding)}"
            reason, _, number = self.cleaned_data[name].partition(":")
            yield (
                self.case.position(demand.finding),
                Entry(
                    reason=reason,
                    words=self.cleaned_data.get(f"{name}-words", ""),
                    statement=self._row(self.case.statements, number) if reason != Reason.ANSWERED else None,
                    referral=self._row(self.case.referrals, number) if reason == Reason.ANSWERED else None,
                    ends_on=self.cleaned_data[f"{name}-ends_on"],
                ),
            )

    def _row(self, rows: Iterable[Any], number: str) -> Any:
        return next((row for row in rows if str(row.pk) == number), None)

    def _ask(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        if given["kind"] != Kind.REFER or not (given["question"].strip() or given["about"]):
            return None
        return {"position": int(given["about"] or -1), "to": given["to"], "question": given["question"]}

    def resume(self, typed: QueryDict) -> None:
        """Show again what was typed before something else was recorded first."""
        for name, field in self.fields.items():
            if not field.widget.value_omitted_from_data(typed, {}, name):
                field.initial = field.widget.value_from_datadict(typed, {}, name)

    def close(self, kinds: Iterable[str], why: str = "") -> None:
        """Show kinds of decision as not possible; the service refuses them besides."""
        self.fields["kind"].widget.closed = frozenset(kinds)
        self.fields["kind"].help_text = why

    @property
    def chosen(self) -> list[str]:
        """The places that are chosen now."""
        return [str(site) for site in self["sites"].value() or ()]

    @property
    def views(self) -> list[body_map.View]:
        """The body map of the planned places, the barred ones barred."""
        return body_map.views(self.case.rule_set, self.case.planned, barred=self.barred, name="sites")

    @property
    def groups(self) -> Any:
        """The same places as a list."""
        return site_groups(self.case.rule_set, self.case.planned, self.chosen, barred=self.barred)

    @property
    def assessment(self) -> list[Any]:
        """The fields of the assessment."""
        return [self[name] for name in self.fields if name.startswith("saw-")]

    def of_finding(self, position: int) -> list[Any]:
        """Return the fields that settle one finding."""
        name = f"finding-{position}"
        return [self[one] for one in (name, f"{name}-words", f"{name}-ends_on") if one in self.fields]
