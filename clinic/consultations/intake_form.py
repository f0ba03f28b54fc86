"""The parts of an intake besides its questions as a form: planned places, goals, and a note for each question."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property

from clinic.consultations.intake import GOALS, NOTE, SITES, Case
from clinic.consultations.models import Intake
from screening import body_map
from screening.engine.flow import plannable, planned_sites
from screening.engine.planning import barred_for_good, goals_for
from screening.forms import site_groups

LONGEST_NOTE = 1000


class PartsForm(forms.Form):
    """Places, goals and notes. Its fields are named as the parts of a draft are.

    `noted`: the codes of the questions that a note can be written to. A fixed plan has no places to choose.
    """

    use_required_attribute = False

    def __init__(self, data: Any, *, case: Case, intake: Intake, noted: Iterable[str]) -> None:
        notes = {NOTE + code: intake.notes.get(code, "") for code in noted}
        super().__init__(data, initial={SITES: list(case.plan.sites), GOALS: list(case.plan.goals)} | notes)
        self.case, rule_set = case, case.rule_set
        if self.chooses_places:
            self.fields[SITES] = forms.MultipleChoiceField(
                choices=[(code, rule_set.sites[code].name) for code in self.places if code not in self.barred],
                required=False,
                error_messages={"invalid_choice": "One of those places cannot be chosen here. Choose from the list."},
            )
        self.fields[GOALS] = forms.MultipleChoiceField(
            choices=[(goal.code, goal.name) for goal in rule_set.goals.values()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "One of those goals is not in the list. Choose from the list."},
        )
        for name in notes:
            self.fields[name] = forms.CharField(
                required=False,
                max_length=LONGEST_NOTE,
                widget=forms.Textarea,
                error_messages={"max_length": f"Make the note shorter: {LONGEST_NOTE} characters at most."},
            )

    @property
    def chooses_places(self) -> bool:
        """Whether the places are chosen, and do not follow from the treatment."""
        return self.case.rule_set.treatments[self.case.plan.treatment].plan == "free"

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The places of the treatment."""
        return tuple(plannable(self.case.rule_set, self.case.rule_set.treatments[self.case.plan.treatment]))

    @cached_property
    def barred(self) -> Mapping[str, str]:
        """The places that no answer opens, each with the reason."""
        found = barred_for_good(self.case.rule_set, self.case.plan.treatment, self.places, self.case.at)
        return {site: finding.message for site, finding in found.items()}

    def offered_goals(self) -> list[Any]:
        """Return the boxes of the goals that go with the planned part of the body, those chosen, and those for any."""
        rule_set, plan = self.case.rule_set, self.case.plan
        codes = {goal.code for goal in goals_for(rule_set, planned_sites(rule_set, plan) or self.places)}
        return [box for box in self[GOALS] if box.data["selected"] or box.data["value"] in codes]

    def views(self) -> Any:
        """Return the map of the places."""
        return body_map.views(self.case.rule_set, self.places, barred=self.barred, name=SITES)

    def groups(self) -> Any:
        """Return the places under their headings."""
        return site_groups(self.case.rule_set, self.places, self[SITES].value() or (), barred=self.barred)

    def first_place(self) -> str:
        """Return the id of the first box that can be ticked."""
        places = (place for _heading, group in self.groups() for place in group if not place.barred_reason)
        return f"id_{SITES}-{next(places).code}"

    def given(self) -> dict[str, Any]:
        """Return the parts that could be read, as a draft keeps them; needs `is_valid` to have been asked."""
        found = {name: value for name, value in self.cleaned_data.items() if name not in self.errors}
        if SITES in found:
            found[SITES] = [code for code in self.places if code in found[SITES]]
        return {name: value.replace("\r\n", "\n") if isinstance(value, str) else value for name, value in found.items()}
