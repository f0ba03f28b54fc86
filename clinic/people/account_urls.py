"""How staff get in and out. allauth's own names stand beside ours where its code asks for them."""

from allauth.account import views
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from clinic.leaving import SignOut
from clinic.people.second_factor_views import sign_in_code

urlpatterns = [
    path("sign-in/", views.login, name="sign-in"),
    path("sign-in/", views.login, name="account_login"),
    path("sign-in/", views.login, name="account_signup"),
    path("sign-in/code/", sign_in_code, name="mfa_authenticate"),
    path("sign-in/again/", views.reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/code/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("sign-out/", SignOut.as_view(), name="sign-out"),
    path("password/forgotten/", views.password_reset, name="account_reset_password"),
    # Where somebody who has no password yet is led from the page that changes it: by mail to a first one.
    path("password/forgotten/", views.password_reset, name="account_set_password"),
    path("password/forgotten/sent/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/saved/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/set-up/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-factor/give-up/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
]
