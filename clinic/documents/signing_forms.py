"""What staff say to open a consent, and what each person signs with."""

from typing import Any
from unicodedata import category, normalize

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic.consultations.consent_shown import ShownConsent
from clinic.consultations.models import Consent
from clinic.consultations.signing import Asked, Party, Signing
from clinic.consultations.signing_models import DECIDING
from clinic.consultations.signing_strokes import StrokesError, read_strokes
from clinic.people.forms import helper
from clinic.people.widgets import Radios

YES, NO = "yes", "no"
# The name of the form's own button.
OWN = "asked"
# Signs that nobody sees either, and that names in Arabic letters are written with.
JOINERS = "\u200c\u200d"


class OpenForm(forms.Form):
    """Who signs, whether somebody interprets, and where it is signed."""

    signer = forms.ChoiceField(
        label="Who decides about the treatment?",
        choices=[(Party.PATIENT, "The patient"), (Party.GUARDIAN, "A guardian, for the patient")],
        widget=Radios,
        error_messages={"required": "Choose who decides."},
    )
    interpreter = forms.ChoiceField(
        label="Does somebody interpret?",
        help_text="An interpreter signs too.",
        choices=[(NO, "No"), (YES, "Yes")],
        widget=Radios,
        error_messages={"required": "Choose yes or no."},
    )
    door = forms.ChoiceField(
        label="Where do they sign?",
        choices=[
            (Consent.How.TABLET, "Here, on this device: hand it over"),
            (Consent.How.LINK, "On their own phone, by a link"),
        ],
        widget=Radios,
        error_messages={"required": "Choose where they sign."},
    )

    def __init__(self, data: Any, *, action: str) -> None:
        # Buttons elsewhere lead here by POST too, and say nothing yet.
        super().__init__(data if data and {"signer", "interpreter", "door", OWN} & set(data) else None)
        self.helper = helper(action, "Open the consent")
        self.helper.inputs[0].name = OWN

    def asked(self) -> Asked:
        """Return what a valid form says."""
        given = self.cleaned_data
        return Asked(given["signer"], given["interpreter"] == YES, given["door"])


class SignForm(forms.Form):
    """One person's signature: a typed name, and a drawing where they like; the choices of who decides."""

    use_required_attribute = False

    def __init__(self, data: Any, *, shown: ShownConsent, party: str, name: str = "") -> None:
        super().__init__(data)
        self.party, self.must_be = party, name
        self.choices = shown.choices if party in DECIDING else ()
        for one in self.choices:
            self.fields[f"choice-{one.code}"] = forms.ChoiceField(
                label=one.question,
                help_text=one.words,
                choices=[(YES, one.yes), (NO, one.no)],
                widget=Radios,
                error_messages={"required": _("%(question)s Choose one of the two.") % {"question": one.question}},
            )
        self.fields["name"] = forms.CharField(
            label=_("Your full name"),
            help_text=_("Typing your name is a signature. You can draw one, too."),
            max_length=200,
            initial=name,
            widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
            error_messages={"required": _("Type your full name.")},
        )
        self.fields["strokes"] = forms.CharField(required=False, widget=forms.HiddenInput, max_length=100_000)
        self.fields["agreed"] = forms.BooleanField(
            label=shown.statement_of(party),
            error_messages={"required": _("Tick this if it is so. If it is not, do not sign.")},
        )

    def clean_name(self) -> str:
        """Give the name in single blanks; staff sign with the name of their account."""
        name = _as_seen(self.cleaned_data["name"])
        if not any(character.isalpha() for character in name):
            raise ValidationError(_("Type your full name in letters."))
        if self.must_be and name.casefold() != _as_seen(self.must_be).casefold():
            words = _("Type your name as it stands in your account: %(name)s.")
            raise ValidationError(words, params={"name": self.must_be})
        return name

    def clean(self) -> dict[str, Any]:
        """Read the drawing; a faulty one is told at the name, beside which it stands."""
        given: dict[str, Any] = super().clean() or {}
        if self.errors.pop("strokes", None):
            self.add_error("name", _("The drawing is too large. Clear it and draw again, or type your name alone."))
            return given
        try:
            given["strokes"] = read_strokes(given["strokes"])
        except StrokesError as fault:
            self.add_error("name", str(fault))
        return given

    def signing(self) -> Signing:
        """Return what a valid form signs with."""
        given = self.cleaned_data
        choices = {one.code: given[f"choice-{one.code}"] == YES for one in self.choices}
        return Signing(self.party, given["name"], given["strokes"], choices)


def _as_seen(name: str) -> str:
    """Return a name in single blanks, without what nobody sees: such a sign could turn the words around it about."""
    seen = "".join(sign for sign in normalize("NFC", name) if sign in JOINERS or category(sign) != "Cf")
    return " ".join(seen.split())
