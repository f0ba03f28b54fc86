"""The parts of today's check besides its questions: places or channels, and whether what was settled is the same."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms

from clinic.consultations.gate_findings import NEW, SAME
from screening import body_map
from screening.engine.rule_set import RuleSet
from screening.fields.answer import posted_list
from screening.forms import site_groups

SITES, OFF = "sites", "off"
SAMENESS = "same."
# By which rules, and on which day, the page was drawn.
DRAWN_BY, DRAWN_ON = "rules", "day"
NOT_DECIDED = "Not decided for treatment."


class PlacesForm(forms.Form):
    """Where the current is to go today: of a free plan the places, in the suit the channels that stay off.

    `decided`: the places of the decision; `planned`: every place of a suit, none of a free plan.
    """

    use_required_attribute = False

    def __init__(self, data: Any, *, rule_set: RuleSet, decided: Collection[str], planned: Collection[str]) -> None:
        super().__init__(data, initial={SITES: list(decided), OFF: []})
        self.rule_set, self.is_suit = rule_set, bool(planned)
        self.shown = [code for code in rule_set.sites if code in (planned or decided)]
        self.barred = {code: NOT_DECIDED for code in self.shown if code not in decided}
        self.name = OFF if self.is_suit else SITES
        self.fields[self.name] = forms.MultipleChoiceField(
            choices=[(code, rule_set.sites[code].name) for code in self.shown if code not in self.barred],
            required=not self.is_suit,
            error_messages={
                "required": "Choose at least one place.",
                "invalid_choice": "One of those places was not decided on. Choose from the list.",
            },
        )

    @property
    def chosen(self) -> list[str]:
        """What is ticked: places to treat or channels to switch off, as far as they can be chosen."""
        ticked = self[self.name].value() or ()
        return [code for code in self.shown if code in ticked and code not in self.barred]

    @property
    def sites(self) -> list[str]:
        """The places that the current reaches."""
        return [code for code in self.shown if code not in self.channels_off] if self.is_suit else self.chosen

    @property
    def channels_off(self) -> list[str]:
        """The channels that stay off: those that the decision leaves out, and those ticked."""
        return [code for code in self.shown if code in self.barred or code in self.chosen] if self.is_suit else []

    def views(self) -> Any:
        """Return the map of the places."""
        return body_map.views(self.rule_set, self.shown, barred=self.barred, name=self.name)

    def groups(self) -> Any:
        """Return the places under their headings."""
        return site_groups(self.rule_set, self.shown, self.chosen, barred=self.barred)

    @property
    def first_target(self) -> str:
        """The id of the first box that can be ticked."""
        return f"id_{self.name}-{next(code for code in self.shown if code not in self.barred)}"


def read_sameness(data: Mapping[str, Any] | None, rules: Iterable[str]) -> dict[str, Any]:
    """Return, by rule, what was ticked: the same as when it was decided, or something new."""
    said = {rule: posted_list(data, SAMENESS + rule) for rule in rules} if data else {}
    return {rule: values[0] for rule, values in said.items() if values in ([SAME], [NEW])}
