"""A photograph as it is added: the file, what it shows, and when it was taken."""

from datetime import date
from typing import Any

from django import forms

from clinic.consultations.decision_fields import RefusableForm, a_day, until_today
from clinic.documents.models import Photograph
from clinic.documents.pictures import read_photograph
from clinic.people.forms import helper
from clinic.people.widgets import Radios

AGAIN = "Choose the file again: browsers forget it when a form comes back."


class PhotographForm(RefusableForm):
    """One photograph of one place of a decision, taken today unless it says otherwise."""

    file = forms.FileField(
        label="The photograph",
        help_text="A JPEG, PNG or WebP file of up to 15 MB. Where and with what it was taken is not kept.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": "Choose the photograph.",
            "empty": "This file is empty. Choose another one.",
            "invalid": "Choose the photograph.",
        },
    )
    site = forms.ChoiceField(label="Place", widget=Radios, error_messages={"required": "Choose the place it shows."})
    moment = forms.ChoiceField(
        label="Before or after the treatment",
        choices=Photograph.Moment.choices,
        widget=Radios,
        error_messages={"required": "Choose before or after."},
    )
    taken_on = a_day("Taken on")

    def __init__(self, *args: Any, today: date, sites: list[tuple[str, str]], action: str, **kwargs: Any) -> None:
        self.today = today
        only = {"site": sites[0][0]} if len(sites) == 1 else {}
        super().__init__(*args, **{"initial": {"taken_on": today, **only}} | kwargs)
        self.fields["site"].choices = sites  # type: ignore[attr-defined]
        self.helper = helper(action, "Keep the photograph")

    def clean_file(self) -> bytes:
        """Give the photograph as it will be kept."""
        sent: Any = self.cleaned_data["file"]
        return read_photograph(sent)

    def clean_taken_on(self) -> date:
        """Give the day; refused when it is still to come."""
        return until_today(self.cleaned_data["taken_on"], self.today)

    def clean(self) -> dict[str, Any]:
        """Say that the file has to be chosen again where it was right and something else is not."""
        values: dict[str, Any] = super().clean() or {}
        if self.errors and "file" not in self.errors:
            self.add_error("file", AGAIN)
        return values

    def given(self) -> dict[str, Any]:
        """Return what a valid form says of the photograph, as `keep_photograph` takes it."""
        return {name: self.cleaned_data[name] for name in ("site", "moment", "taken_on")}
