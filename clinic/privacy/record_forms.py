"""The forms of an erasure, and of how long each kind of record is kept."""

from datetime import date
from typing import Any

from django import forms

from clinic.people.clinics import Clinic
from clinic.people.forms import helper
from clinic.privacy.retention import KINDS, longest, months_of

CONFIRMED = "ERASE"
REST, ALL = "rest", "all"
KEPT_WORDS = "The law has the clinic keep health records."


class EraseForm(forms.Form):
    """What of a record is erased, why, and that it is meant. `until`: the day until which the clinic keeps it."""

    scope = forms.ChoiceField(
        label="What is erased?", widget=forms.RadioSelect, error_messages={"required": "Choose what is erased."}
    )
    law = forms.CharField(
        label="Why does the health record stay?",
        required=False,
        max_length=300,
        initial=KEPT_WORDS,
        help_text="Only where it stays. Such as the law that says so.",
    )
    why = forms.CharField(
        label="Why is it erased?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="These words stay for good. Name nobody, and say nothing about health.",
        error_messages={"required": "Say why, in a few words."},
    )
    confirm = forms.CharField(
        label=f"Type {CONFIRMED} to confirm",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": f"Type {CONFIRMED} in capital letters."},
    )

    def __init__(self, *args: Any, until: date, today: date, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = f"{until:%-d %B %Y}"
        choices = [(ALL, "Everything, the health record too")]
        if until > today:
            rest = f"All but the health record, which stays until {day} (contact details, photographs, visits, drafts)"
            choices = [(REST, rest), (ALL, f"Everything, although the clinic keeps health records until {day}")]
        else:
            del self.fields["law"]
        self.fields["scope"].choices = choices  # type: ignore[attr-defined]
        self.helper = helper(action, "Erase it for good")

    def clean_confirm(self) -> str:
        """Give the word; refused where it is another."""
        typed: str = self.cleaned_data["confirm"]
        if typed.strip() != CONFIRMED:
            raise forms.ValidationError(f"Type {CONFIRMED} in capital letters.")
        return typed

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where something stays."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("scope") == REST and not values.get("law", "").strip():
            self.add_error("law", "Say why it stays, in a few words.")
        return values


class RetentionForm(forms.Form):
    """For how many months each kind is kept, but for the health record: its time is among the rules of the house."""

    def __init__(self, *args: Any, clinic: Clinic, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, most = months_of(clinic), longest(clinic)
        for kind in KINDS:
            if not kind.follows:
                self.fields[kind.code] = forms.IntegerField(
                    label=f"{kind.name}, in months",
                    min_value=1,
                    max_value=most,
                    initial=self.now[kind.code],
                    help_text=f"Counted {kind.since}. {kind.law}",
                    error_messages={
                        "required": "Enter a number of months.",
                        "invalid": "Enter a whole number of months.",
                        "min_value": "One month is the least.",
                        "max_value": f"{most} months is the most: patients are told so.",
                    },
                )
        self.helper = helper(action)

    def changed(self) -> dict[str, int]:
        """Return the months of a valid form by kind, where they are other than now."""
        return {code: months for code, months in self.cleaned_data.items() if months != self.now[code]}
