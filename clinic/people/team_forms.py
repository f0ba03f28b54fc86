"""The forms of the team: who is invited, with which role."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clinic.people.clinics import Membership
from clinic.people.forms import E_MAIL_ERRORS, helper
from clinic.people.models import User
from clinic.people.widgets import Radios

WHAT_ROLES_DO = {
    Membership.Role.OWNER: "screens and decides, and looks after the settings and the team",
    Membership.Role.SUPERVISOR: "screens and decides, and countersigns what others decided",
    Membership.Role.PRACTITIONER: "screens, decides and treats",
    Membership.Role.RECEPTION: "sees names and times, never an answer about health",
}
ROLES = [(role.value, f"{role.label}: {words}") for role, words in WHAT_ROLES_DO.items()]


class NewcomerForm(forms.Form):
    """Who comes. A person who is known by their e-mail keeps the name they have."""

    name = forms.CharField(
        label="Name",
        max_length=200,
        error_messages={"required": "Enter their name."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="E-mail",
        help_text="They sign in with it.",
        error_messages=E_MAIL_ERRORS | {"required": "Enter their e-mail."},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, action: str, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(action, button)

    def clean_email(self) -> str:
        """Give the e-mail as it is kept; refuses one that is too long for it."""
        email = str(self.cleaned_data["email"]).lower()
        if len(email) > (User._meta.get_field("email").max_length or 0):
            raise ValidationError("This e-mail is too long.")
        return email


class InviteForm(NewcomerForm):
    """Who comes, and for which role; nobody gets one unasked."""

    role = forms.ChoiceField(
        label="Role", choices=ROLES, widget=Radios, error_messages={"required": "Choose a role for them."}
    )


class RoleForm(forms.Form):
    """Which role a person has."""

    role = forms.ChoiceField(
        label="What they may do", choices=ROLES, widget=Radios, error_messages={"required": "Choose a role for them."}
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(action, "Save the role")
