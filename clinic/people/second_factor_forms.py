"""The forms of the second factor, in our words."""

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP
from cryptography.fernet import InvalidToken
from django import forms

from clinic.people.second_factor import seal, unseal


def code(field: forms.Field, help_text: str) -> None:
    """Word a field for a code as we do."""
    field.label = "Code"
    field.help_text = help_text
    field.error_messages |= {"required": "Type the code."}
    field.widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none", "autofocus": ""}
    )


class SetUpForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new phone, which proves that it has the secret. Between the pages that is kept sealed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code(self.fields["code"], "The six digits that the app shows now.")
        self.fields["code"].widget.attrs.pop("autofocus")
        if self.is_bound:
            self.secret = self._kept()
        context.request.session[SECRET_SESSION_KEY] = seal(self.secret)

    def _kept(self) -> str:
        try:
            return unseal(self.secret)
        except InvalidToken:
            # The session held none, so allauth made a new one just now.
            return str(self.secret)

    def clean_code(self) -> str:
        """Take the code as spent: allauth would let the same one sign in once more."""
        given: str = super().clean_code()
        TOTP(Authenticator(user=self.user))._mark_code_used(given)
        return given

    @property
    def spaced(self) -> str:
        """The secret in groups of four, to be typed."""
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))


class SignInCodeForm(AuthenticateForm):  # type: ignore[misc]
    """The code that follows the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code(self.fields["code"], "The six digits that your authenticator app shows now, or a recovery code.")


class AgainCodeForm(ReauthenticateForm):  # type: ignore[misc]
    """The code once more, before something that only the person themself may change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code(self.fields["code"], "The six digits that your authenticator app shows now, or a recovery code.")
