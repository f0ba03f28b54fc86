"""The forms by which staff get in."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePassword
from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticate
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

E_MAIL_ERRORS = {
    "required": "Enter your e-mail.",
    "invalid": "Enter an e-mail with an @, such as name@clinic.example.",
}
NEW_PASSWORD_HELP = "At least 12 characters. A few words in a row are easy to remember."  # noqa: S105 - not one


def posted(request: HttpRequest) -> QueryDict | None:
    """Take a request, give what was posted; none where the form is only opened. An empty post is a post too."""
    return request.POST if request.method == "POST" else None


def helper(action: str, button: str = "Save") -> FormHelper:
    """Take where a form posts to and the words on its button, give how it is drawn.

    The address is written out, because the browser else keeps a summary link's #part in it.
    """
    drawn = FormHelper()
    drawn.form_action = action
    drawn.attrs = {"novalidate": ""}
    drawn.field_template = "people/field.html"
    drawn.add_input(Submit("", button))
    return drawn


def e_mail(field: forms.Field, autocomplete: str) -> None:
    """Word an e-mail field as we do."""
    field.label = "E-mail"
    field.error_messages |= E_MAIL_ERRORS
    field.widget = forms.EmailInput(
        attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
    )


def password(field: forms.Field, label: str, required: str, help_text: str = "") -> None:
    """Word a password field as we do."""
    field.label = label
    field.help_text = help_text
    field.error_messages |= {"required": required}
    field.widget.attrs.pop("placeholder", None)


def new_password(fields: dict[str, forms.Field]) -> None:
    """Word the two fields in which a new password is typed."""
    password(fields["password1"], "New password", "Enter a new password.", NEW_PASSWORD_HELP)
    password(fields["password2"], "The same password again", "Enter the new password a second time.")


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail and password; a wrong pair gets one answer, whichever of the two is wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        e_mail(self.fields["login"], "username")
        password(self.fields["password"], "Password", "Enter your password.")
        self.helper = helper(where_to(self.request), "Sign in")


def where_to(request: HttpRequest) -> str:
    """Take a request for the sign-in page, give its address with where the person was going."""
    wanted = request.POST.get("next") or request.GET.get("next")
    return f"{reverse('sign-in')}?{urlencode({'next': wanted})}" if wanted else reverse("sign-in")


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    """The e-mail that a new password is asked for; the answer is the same whether or not anybody has it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        e_mail(self.fields["email"], "username")
        self.helper = helper(reverse("account_reset_password"), "Send me a link")


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, by the link from the e-mail. The page gives the address to post to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new_password(self.fields)
        self.helper = helper("", "Save the password")


class ChangePasswordForm(AllauthChangePassword):  # type: ignore[misc]
    """A new password for a signed-in person, who shows the one of now first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password(self.fields["oldpassword"], "Your password now", "Enter the password you have now.")
        new_password(self.fields)
        self.helper = helper(reverse("account_change_password"), "Save the new password")


class AgainPasswordForm(AllauthReauthenticate):  # type: ignore[misc]
    """The password once more, before something that only the person themself may change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password(self.fields["password"], "Password", "Enter your password.")
