from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.urls import reverse


class SignInForm(AuthenticationForm):
    """E-mail and password; a wrong pair gets one answer, whichever of the two is wrong."""

    username = forms.EmailField(
        label="E-mail",
        error_messages={
            "required": "Enter your e-mail.",
            "invalid": "Enter an e-mail with an @, such as name@clinic.example.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        error_messages={"required": "Enter your password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": "That e-mail and password do not go together. Check both and try again.",
        "inactive": "That e-mail and password do not go together. Check both and try again.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = self.action()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("", "Sign in"))

    def action(self) -> str:
        """Give the address to post to: written out, because the browser else keeps a summary link's #part."""
        address = reverse("sign-in")
        wanted = self.request.GET if self.request else None
        return f"{address}?{wanted.urlencode()}" if wanted else address
