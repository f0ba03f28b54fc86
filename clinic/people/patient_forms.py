"""The patient's own facts, as staff type them."""

from datetime import date
from typing import Any

from django import forms

from clinic.people.clinics import Membership
from clinic.people.duplicates import likely_duplicates
from clinic.people.forms import E_MAIL_ERRORS, helper
from clinic.people.patients import Patient

FIRST_YEAR = 1900
FOR_CLINICAL_STAFF = ("alerts", "notes")


class PatientForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is known of one patient of one clinic; notes and alerts only for those who may see answers about health."""

    class Meta:
        model = Patient
        fields = ["name", "goes_by", "born", "email", "phone", "doctor", *FOR_CLINICAL_STAFF]
        labels = {
            "name": "Name",
            "goes_by": "Goes by",
            "email": "E-mail",
            "phone": "Phone",
            "doctor": "Their doctor",
            "alerts": "Alert",
            "notes": "Notes",
        }
        help_texts = {
            "goes_by": "What they like to be called, if it is not their first name.",
            "born": "The person types it too, before their answers are shown to them.",
            "email": "For the link to a self-check. It can stay empty.",
            "phone": "It can stay empty.",
            "doctor": "Name and practice, so that a letter can be written. It can stay empty.",
            "alerts": "A few words that stand wherever this person is shown to clinical staff.",
            "notes": "For clinical staff. Reception does not see them.",
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "goes_by": forms.TextInput(attrs={"autocomplete": "off"}),
            "born": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "doctor": forms.TextInput(attrs={"autocomplete": "off"}),
            "alerts": forms.TextInput(attrs={"autocomplete": "off"}),
            "notes": forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        }
        error_messages = {
            "name": {"required": "Enter the patient’s name."},
            "born": {
                "required": "Enter the date of birth.",
                "invalid": "Enter the date of birth as day, month and year.",
            },
            "email": E_MAIL_ERRORS,
        }

    def __init__(self, *args: Any, membership: Membership, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = membership.clinic
        self.instance.clinic = self.clinic
        if not membership.is_clinical:
            for name in FOR_CLINICAL_STAFF:
                del self.fields[name]
        self.helper = helper(action, "Save")
        self.helper.form_id = "patient"

    def clean_born(self) -> date:
        """Give the date of birth; refused before 1900 and after today on the clinic's clock."""
        born: date = self.cleaned_data["born"]
        if born > self.clinic.now().date():
            raise forms.ValidationError("This date of birth is in the future. Check the year.")
        if born.year < FIRST_YEAR:
            raise forms.ValidationError("This date of birth is more than a lifetime ago. Check the year.")
        return born

    def duplicates(self) -> list[Patient]:
        """Return who may be this person already, once the form is valid; asked only where name or birth is new."""
        if not {"name", "born"} & set(self.changed_data):
            return []
        facts = {name: self.cleaned_data[name] for name in ("name", "born", "phone", "email")}
        return [each for each in likely_duplicates(self.clinic, **facts) if each.pk != self.instance.pk]
