"""What an owner looks for in the trail."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse

from clinic.people.clinics import Membership
from clinic.people.forms import helper
from clinic.people.patients import Patient
from clinic.privacy.trail import Wanted
from clinic.privacy.trail_kinds import KINDS

DAY = "Enter the day as day, month and year."


class TrailForm(forms.Form):
    """A person, a patient, a kind of action and two days; each may stay empty."""

    person = forms.TypedChoiceField(label="Person", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label="What was done", required=False)
    first = forms.DateField(label="From", required=False, error_messages={"invalid": DAY})
    last = forms.DateField(label="To", required=False, error_messages={"invalid": DAY})
    patient = forms.ModelChoiceField(Patient.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, membership: Membership, members: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(one.user_id, one.user.name) for one in members]
        choices: dict[str, Any] = {
            "person": [("", "Everybody"), *people],
            "kind": [("", "Everything"), *((code, label) for code, (label, _) in KINDS.items())],
        }
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = offered
        for name in ("first", "last"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"})
        self.helper = helper(reverse("staff-trail"), "Show")
        self.helper.form_method = "get"
        self.helper.form_class = "trail-form"
        patients: Any = self.fields["patient"]
        patients.queryset = membership.clinic.patients.only("pk", "name", "clinic")

    def clean(self) -> dict[str, Any]:
        """Check that the days are in order."""
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and first > last:
            self.add_error("last", "Enter a day that is not before the first one.")
        return given

    def wanted(self) -> Wanted:
        """Return what is looked for; what was typed wrongly is not."""
        given = self.cleaned_data
        patient = given.get("patient")
        return Wanted(
            person=given.get("person"),
            patient=patient.pk if patient else None,
            kind=given.get("kind", ""),
            first=given.get("first"),
            last=given.get("last"),
        )
