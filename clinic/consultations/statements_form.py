"""What a doctor, or the person, said about one finding, as a form."""

from typing import Any

from django import forms

from clinic.consultations.deciding_case import Screened
from clinic.consultations.decision_fields import a_day, some_words
from clinic.consultations.letters_form import LetterForm
from clinic.consultations.models import Letter, Statement
from clinic.consultations.settling import Demand
from clinic.consultations.statements import Said
from clinic.people.forms import helper
from clinic.people.widgets import Boxes

Kind = Statement.Kind
HEADINGS = {
    Kind.CLEARANCE: "A doctor’s clearance",
    Kind.AGREEMENT: "A doctor’s written agreement",
    Kind.ENDED: "It has ended",
}


class StatementForm(LetterForm):
    """Who said it, when, for which places and until when, with the letter."""

    field_order = ("said_by", "said_on", "sites", "file", "letter", "ends_on", "words")
    said_by = forms.CharField(
        label="Who said it?",
        max_length=200,
        help_text="The doctor’s name and practice.",
        error_messages={"required": "Enter who said it."},
    )
    said_on = a_day("On which day?")
    ends_on = a_day("Until", "The last day on which it holds, where it names one.", required=False)
    words = some_words("What was said", "In a sentence. The letter stays beside it.", rows=3, required=False)

    def __init__(self, *args: Any, case: Screened, demand: Demand, kind: str, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == Kind.CLEARANCE:
            names = case.rule_set.sites
            self.fields["sites"] = forms.MultipleChoiceField(
                label="For which places?",
                choices=[(site, names[site].name) for site in demand.sites],
                widget=Boxes,
                initial=list(demand.sites),
                error_messages={"required": "Choose the places that the clearance is for."},
            )
        if kind == Kind.ENDED:
            self.fields["said_by"].help_text = "The person, or who looked at it."
            self.fields["said_on"].label = "Ended on which day?"
            self.fields["file"].help_text = "It can stay empty. A PDF, PNG or JPEG file of up to 5 MB."
            del self.fields["ends_on"]
        self.order_fields(self.field_order)
        self.helper = helper(action, "Record it")

    def said(self, letter: Letter | None) -> Said:
        """Return what a valid form says, with its letter."""
        given = self.cleaned_data
        return Said(
            said_by=given["said_by"],
            said_on=given["said_on"],
            letter=letter,
            sites=tuple(given.get("sites", ())),
            words=given["words"],
            ends_on=given.get("ends_on"),
        )
