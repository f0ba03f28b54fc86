"""A consent as it was signed on paper, and its withdrawal."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest

from clinic.consultations.consent_texts import current
from clinic.consultations.consents import known_of
from clinic.consultations.decision_fields import until_today
from clinic.consultations.letters_form import LetterForm
from clinic.consultations.models import Decision
from clinic.people.forms import helper
from clinic.people.widgets import Radios


class ConsentForm(LetterForm):
    """When and by whom the paper was signed, which version of it, and the paper as a file."""

    field_order = ("signed_on", "signed_by", "which_form", "is_this_version", "file", "letter")
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
    which_form = forms.ChoiceField(
        label="Which form was signed?", widget=Radios, error_messages={"required": "Choose which form was signed."}
    )
    is_this_version = forms.BooleanField(
        label="It is this version, and names this treatment and these places.",
        error_messages={"required": "Tick this if the paper names this version. Another one does not count."},
    )

    known = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, decision: Decision, action: str, **kwargs: Any) -> None:
        self.decision = decision
        self.clinic = decision.clinic
        self.today = self.clinic.now().date()
        initial = {"signed_on": self.today, "signed_by": decision.patient.name, "known": known_of(decision)}
        super().__init__(*args, initial=initial, patient=decision.patient, **kwargs)
        self.fields["file"].label = "The signed form"
        self.fields["file"].help_text = "A PDF, PNG or JPEG file of up to 5 MB. It can stay empty."
        text = current()
        version: Any = self.fields["is_this_version"]
        which: Any = self.fields["which_form"]
        version.legend = "What it says"
        which.choices = [
            (self.clinic.consent_version, f"Our own form, version {self.clinic.consent_version}"),
            (text.version, f"The form printed from here, {text.version}"),
        ]
        for one in text.choices:
            self.fields[f"choice-{one.code}"] = forms.ChoiceField(
                label=one.question,
                help_text="As it stands on the paper. Leave it open where the paper does not say.",
                choices=[("yes", one.yes), ("no", one.no)],
                required=False,
                widget=Radios,
            )
        self.order_fields([*self.field_order[:4], *(f"choice-{one.code}" for one in text.choices)])
        self.helper = helper(action, "Record the consent")

    def clean_signed_on(self) -> date:
        """Give the day; refused when it is still to come."""
        return until_today(self.cleaned_data["signed_on"], self.today)

    def stay(self, request: HttpRequest) -> None:
        """Keep the scan for the next try, and let that one know what is there by now."""
        super().stay(request)
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["known"] = known_of(self.decision)
        self.data = data

    def given(self) -> dict[str, Any]:
        """Return what a valid form says, but for the file, as `record_consent` takes it."""
        signed = {name: self.cleaned_data[name] for name in ("signed_on", "signed_by", "known")}
        said = {one.code: self.cleaned_data[f"choice-{one.code}"] for one in current().choices}
        choices = {code: answer == "yes" for code, answer in said.items() if answer}
        return signed | {"text_version": self.cleaned_data["which_form"], "choices": choices}


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
