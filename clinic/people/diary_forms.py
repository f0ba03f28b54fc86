"""A visit, as staff type it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from crispy_forms.layout import Layout
from django import forms

from clinic.people.clinics import CLINICAL, Clinic
from clinic.people.diary import Visit
from clinic.people.forms import helper
from clinic.people.models import User
from clinic.people.offered import offered, treatment_names

# Further away, a year was mistyped.
FURTHEST = timedelta(days=3 * 366)


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among people by their names."""

    def label_from_instance(self, person: User) -> str:
        """Give the name of a person."""
        return person.name


class VisitForm(forms.ModelForm):  # type: ignore[type-arg]
    """Day, time, treatment and practitioner of one visit; `clinic` says what there is to choose from."""

    day = forms.DateField(
        label="Date",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
        error_messages={"required": "Enter the date.", "invalid": "Enter the date as day, month and year."},
    )
    time = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "autocomplete": "off"}),
        error_messages={
            "required": "Enter the time.",
            "invalid": "Enter hours and minutes, such as 14:30.",
        },
    )
    treatment = forms.ChoiceField(
        label="Treatment",
        error_messages={
            "required": "Choose the treatment.",
            "invalid_choice": "Choose a treatment that your clinic offers.",
        },
    )

    practitioner = PersonField(
        User.objects.none(),
        label="Practitioner",
        required=False,
        empty_label="Not fixed yet",
        error_messages={"invalid_choice": "Choose somebody who works at your clinic."},
    )

    class Meta:
        model = Visit
        fields = ["treatment", "practitioner"]

    def __init__(self, *args: Any, clinic: Clinic, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        fields: dict[str, Any] = self.fields
        fields["treatment"].choices = [("", "Choose one"), *self._treatments()]
        at_work = clinic.memberships.filter(suspended=False, role__in=CLINICAL)
        fields["practitioner"].queryset = User.objects.filter(memberships__in=at_work).order_by("name")
        if self.instance.starts_at and not self.is_bound:
            starts = self.instance.starts_at.astimezone(clinic.zone)
            self.initial.update(day=starts.date(), time=starts.time())
        self.helper = helper(action, "Save")
        self.helper.layout = Layout("day", "time", "treatment", "practitioner")

    def _treatments(self) -> list[tuple[str, str]]:
        """Give what can be chosen: what the clinic offers, and what the visit was made for."""
        names = treatment_names()
        chosen = self.instance.treatment
        known = offered(self.clinic, names)
        is_extra = chosen and chosen not in dict(known)
        return [*known, (chosen, names.get(chosen, chosen))] if is_extra else known

    def clean_day(self) -> date:
        """Give the date; refused where its year cannot be meant."""
        day: date = self.cleaned_data["day"]
        if abs(day - self.clinic.now().date()) > FURTHEST:
            raise forms.ValidationError("This date is years away. Check the year.")
        return day

    def clean(self) -> dict[str, Any]:
        """Put date and time together on the clinic's clock; refused where the clocks skip that hour."""
        values: dict[str, Any] = super().clean() or {}
        if "day" in values and "time" in values:
            starts = datetime.combine(values["day"], values["time"], self.clinic.zone)
            if starts.astimezone(UTC).astimezone(self.clinic.zone).replace(tzinfo=None) != starts.replace(tzinfo=None):
                self.add_error("time", "The clocks go forward then, and this time is left out. Choose another.")
            self.instance.starts_at = starts
        return values
