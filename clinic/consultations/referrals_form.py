"""A question to a doctor, and what became of it, as forms."""

from typing import Any

from django import forms

from clinic.consultations.decision_fields import a_day, some_words
from clinic.consultations.letters_form import LetterForm
from clinic.consultations.models import Letter, Referral, ReferralStep
from clinic.consultations.referrals import NewStep, next_kinds
from clinic.people.forms import helper
from clinic.people.widgets import Radios

KINDS = {
    ReferralStep.Kind.SENT: "It was sent",
    ReferralStep.Kind.ANSWERED: "The doctor answered",
    ReferralStep.Kind.WITHDRAWN: "It is withdrawn",
}


class ReferralForm(forms.Form):
    """Whom somebody asks about one finding, and what."""

    use_required_attribute = False
    to = forms.CharField(
        label="Which doctor do you ask?",
        max_length=300,
        help_text="Name and practice.",
        error_messages={"required": "Enter the doctor you ask."},
    )
    question = some_words(
        "What do you ask?",
        "The treatment, the finding, and what you need to know.",
        rows=5,
        error_messages={"required": "Enter what you ask."},
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(action, "Record the referral")


class StepForm(LetterForm):
    """What became of a referral."""

    field_order = ("kind", "on", "result", "words", "file", "letter")
    kind = forms.ChoiceField(
        label="What happened?", widget=Radios, error_messages={"required": "Choose what became of it."}
    )
    on = a_day("On which day?")
    result = forms.ChoiceField(
        label="What does the answer do?",
        help_text="Only where the doctor answered.",
        choices=ReferralStep.Result.choices,
        required=False,
        widget=Radios,
    )
    words = some_words("In your own words", "What the doctor says, or why it is withdrawn.", rows=3, required=False)

    def __init__(self, *args: Any, referral: Referral, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind, KINDS[ReferralStep.Kind(kind)]) for kind in next_kinds(referral)
        ]
        self.fields["on"].initial = self.membership.clinic.now().date()
        self.fields["file"].help_text = "It can stay empty. A PDF, PNG or JPEG file of up to 5 MB."
        self.helper = helper(action, "Record it")

    def step(self, letter: Letter | None) -> NewStep:
        """Return what a valid form says, with its letter."""
        given = self.cleaned_data
        return NewStep(given["kind"], given["on"], given["result"], given["words"], letter)
