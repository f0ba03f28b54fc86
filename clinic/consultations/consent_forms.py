"""A consent as it was signed on paper, and its withdrawal."""

from datetime import date
from typing import Any

from django import forms

from clinic.consultations.letters_form import LetterForm
from clinic.consultations.models import Decision
from clinic.people.forms import helper


class ConsentForm(LetterForm):
    """When and by whom the paper was signed, which version of it, and the paper as a file."""

    field_order = ("signed_on", "signed_by", "is_this_version", "file", "letter")
    signed_on = forms.DateField(
        label="Signed on",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Enter the day on which it was signed.", "invalid": "Enter a day that exists."},
    )
    signed_by = forms.CharField(
        label="Signed by",
        max_length=200,
        help_text="The patient, or whoever may sign for them.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter who signed it."},
    )
    is_this_version = forms.BooleanField(
        error_messages={"required": "Tick this if the paper names this version. Another one does not count."}
    )

    def __init__(self, *args: Any, decision: Decision, action: str, **kwargs: Any) -> None:
        self.clinic = decision.clinic
        self.today = self.clinic.now().date()
        initial = {"signed_on": self.today, "signed_by": decision.patient.name}
        super().__init__(*args, initial=initial, patient=decision.patient, **kwargs)
        self.fields["file"].label = "The signed form"
        self.fields["file"].help_text = "A PDF, PNG or JPEG file of up to 5 MB. It can stay empty."
        version: Any = self.fields["is_this_version"]
        of_paper = f"The paper is version {self.clinic.consent_version} of our form"
        version.label, version.legend = f"{of_paper}, and names this treatment and these places.", "What it says"
        self.helper = helper(action, "Record the consent")

    def clean_signed_on(self) -> date:
        """Give the day; refused when it is still to come."""
        day: date = self.cleaned_data["signed_on"]
        if day > self.today:
            raise forms.ValidationError("This day is still to come. Check the date.")
        return day

    def given(self) -> dict[str, Any]:
        """Return what a valid form says, but for the file, as `record_consent` takes it."""
        signed = {name: self.cleaned_data[name] for name in ("signed_on", "signed_by")}
        return signed | {"text_version": self.clinic.consent_version}


class WithdrawForm(forms.Form):
    """Why a consent is withdrawn; a person need not say why."""

    why = forms.CharField(
        label="What the person said",
        required=False,
        max_length=2000,
        help_text="It can stay empty: nobody has to give a reason.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, *, action: str) -> None:
        super().__init__(data)
        self.helper = helper(action, "Withdraw the consent")
