"""allauth's page for the code that follows the password, as far as ours differs."""

from typing import Any

from allauth.mfa.base.views import AuthenticateView


class SignInCode(AuthenticateView):  # type: ignore[misc]
    """A body without a code is one in which none was typed; allauth would take it for a security key's, and fail."""

    def _build_forms(self) -> Any:
        if self.request.method != "POST" or "code" in self.request.POST:
            return super()._build_forms()
        self.webauthn_form = None
        self.auth_form = self.get_form_class()(user=self.stage.login.user, data=self.request.POST)
        return self.auth_form


sign_in_code = SignInCode.as_view()
