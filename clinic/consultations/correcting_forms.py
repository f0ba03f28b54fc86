"""What staff fill in to correct, void or set aside something, or to enter a form from paper."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms

from clinic.people.clinics import LONGEST_VALIDITY, Clinic
from clinic.people.forms import helper
from clinic.people.offered import offered, treatment_names
from screening.engine.calendar import add_months

LONGEST_WORDS = 1000
OTHER = "other"


class WhyForm(forms.Form):
    """A reason, in staff's own words. `hint`: an example of one."""

    why = forms.CharField(
        label="Why?",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why, in a few words."},
    )

    def __init__(self, *args: Any, action: str, button: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].help_text = hint
        self.helper = helper(action, button)


class SetAsideForm(forms.Form):
    """Why a self-check is set aside without a screening."""

    REASONS = (
        ("twice", "Sent twice: the other one is reviewed"),
        ("unknown", "Nobody knows whose it is"),
        ("joke", "Not meant seriously"),
        (OTHER, "Another reason"),
    )

    reason = forms.ChoiceField(
        label="Why is nothing made of it?",
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason."},
    )
    words = forms.CharField(
        label="In your own words",
        help_text="Needed for another reason only.",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(action, "Set aside")

    def clean(self) -> dict[str, Any]:
        """Want words where no reason of the list fits."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("reason") == OTHER and not values.get("words"):
            self.add_error("words", "Say why, in a few words.")
        return values

    @property
    def why(self) -> str:
        """The reason as it is kept."""
        label = "" if self.cleaned_data["reason"] == OTHER else dict(self.REASONS)[self.cleaned_data["reason"]]
        return ". ".join(filter(None, (label, self.cleaned_data["words"].strip())))


class PaperForm(forms.Form):
    """Which treatment a paper form is for, and when it was filled in: in the past, and not too long ago to be valid."""

    treatment = forms.ChoiceField(
        label="Treatment", widget=forms.RadioSelect, error_messages={"required": "Choose the treatment."}
    )
    day = forms.DateField(
        label="Day it was filled in",
        help_text="As it stands on the form. The screening is valid from this day on.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Enter the day.", "invalid": "Enter the day as day, month and year."},
    )
    clock = forms.TimeField(
        label="Time",
        help_text="Roughly is enough.",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={
            "required": "Enter the time.",
            "invalid": "Enter the time like 14:30.",
        },
    )

    def __init__(self, *args: Any, clinic: Clinic, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        self.fields["treatment"].choices = offered(clinic, treatment_names())  # type: ignore[attr-defined]
        self.helper = helper(action, "Enter the answers")

    def clean_day(self) -> date:
        """Give the day; refused in the future and where a screening of that day is no longer valid."""
        day: date = self.cleaned_data["day"]
        today, months = self.clinic.now().date(), min(self.clinic.validity_months, LONGEST_VALIDITY)
        if day > today:
            raise forms.ValidationError("This day is in the future. Check the year.")
        if add_months(day, months) - timedelta(days=1) < today:
            raise forms.ValidationError("Answers of that day are too old to be valid. Ask them anew in an intake.")
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse a time that has not come yet."""
        values: dict[str, Any] = super().clean() or {}
        if "day" in values and "clock" in values and self.answered_at > self.clinic.now():
            self.add_error("clock", "This time has not come yet.")
        return values

    @property
    def answered_at(self) -> datetime:
        """When the form was filled in, on the clinic's clock."""
        day, clock = self.cleaned_data["day"], self.cleaned_data["clock"]
        return datetime.combine(day, time(clock.hour, clock.minute), tzinfo=self.clinic.zone)
