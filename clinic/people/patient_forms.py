"""The patient's own facts, as staff type them."""

from datetime import date
from typing import Any

from django import forms

from clinic.people.clinics import Clinic
from clinic.people.forms import E_MAIL_ERRORS, helper
from clinic.people.patients import Patient

FIRST_YEAR = 1900


class PatientForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, date of birth and contact of one patient of one clinic."""

    class Meta:
        model = Patient
        fields = ["name", "born", "email", "phone"]
        labels = {"name": "Name", "email": "E-mail", "phone": "Phone"}
        help_texts = {
            "born": "The person types it too, before their answers are shown to them.",
            "email": "For the link to a self-check. It can stay empty.",
            "phone": "It can stay empty.",
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "born": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }
        error_messages = {
            "name": {"required": "Enter the patient’s name."},
            "born": {
                "required": "Enter the date of birth.",
                "invalid": "Enter the date of birth as day, month and year.",
            },
            "email": E_MAIL_ERRORS,
        }

    def __init__(self, *args: Any, clinic: Clinic, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        self.instance.clinic = clinic
        self.helper = helper(action, "Save")

    def clean_born(self) -> date:
        """Give the date of birth; refused before 1900 and after today on the clinic's clock."""
        born: date = self.cleaned_data["born"]
        if born > self.clinic.now().date():
            raise forms.ValidationError("This date of birth is in the future. Check the year.")
        if born.year < FIRST_YEAR:
            raise forms.ValidationError("This date of birth is more than a lifetime ago. Check the year.")
        return born

    def clean(self) -> dict[str, Any]:
        """Refuse a patient who is there already: two rows would split one person's history."""
        values: dict[str, Any] = super().clean() or {}
        if "name" in values and "born" in values:
            same = self.clinic.patients.filter(name__iexact=values["name"], born=values["born"])
            if same.exclude(pk=self.instance.pk).exists():
                self.add_error("name", "A patient with this name and date of birth is here already.")
        return values
