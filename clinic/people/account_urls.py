"""How staff get in and out. allauth's own names stand beside ours where its code asks for them."""

from allauth.account import views
from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

urlpatterns = [
    path("sign-in/", views.login, name="sign-in"),
    path("sign-in/", views.login, name="account_login"),
    path("sign-in/", views.login, name="account_signup"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("password/forgotten/", views.password_reset, name="account_reset_password"),
    path("password/forgotten/sent/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/saved/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("password/change/", views.password_change, name="account_change_password"),
]
