"""Whose self-check it is, as somebody of the staff says it."""

from typing import Any

from django import forms

from clinic.people.duplicates import in_common, likely_duplicates
from clinic.people.forms import helper
from clinic.people.patients import Patient
from clinic.people.search import search
from clinic.people.widgets import Radios
from clinic.screenings.models import Sending

NEW = "new"


class MatchForm(forms.Form):
    """One of those who are shown: the likely ones, those found with `typed`, or a new patient."""

    typed = forms.CharField(required=False, max_length=200, label="Find a patient")
    patient = forms.ChoiceField(
        widget=Radios,
        label="Whose self-check is it?",
        error_messages={"required": "Choose whose self-check it is.", "invalid_choice": "Choose one of these people."},
    )

    def __init__(self, *args: Any, sending: Sending, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sending = sending
        facts = {name: getattr(sending, name) for name in ("name", "born", "phone", "email")}
        self.likely = likely_duplicates(sending.clinic, **facts)
        shown = {each.pk for each in self.likely}
        typed = self.data.get("typed", "")[:200]
        self.found = [each for each in search(sending.clinic, typed) if each.pk not in shown]
        people = [(str(each.pk), str(each)) for each in (*self.likely, *self.found)]
        self.fields["patient"].choices = [*people, (NEW, "A new patient")]  # type: ignore[attr-defined]

    def people(self) -> list[tuple[Patient, list[str], bool, bool]]:
        """Return who is shown: patient, what they have in common with the sender, whether likely, whether chosen."""
        picked, sent = self["patient"].value(), self.sending
        return [
            (each, in_common(each, sent.born, sent.phone, sent.email), each in self.likely, str(each.pk) == picked)
            for each in (*self.likely, *self.found)
        ]

    def chosen(self) -> Patient | None:
        """Return the patient of a valid form; none: a new one is to be added."""
        by_key = {str(each.pk): each for each in (*self.likely, *self.found)}
        return by_key.get(self.cleaned_data["patient"])


class UnmatchForm(forms.Form):
    """Why a self-check is not whose staff said it is."""

    why = forms.CharField(
        label="Why?",
        help_text="Such as: the telephone number is that of another person of this name.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why, in a few words."},
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(action, "Take it off this patient")
