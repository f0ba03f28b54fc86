from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import path

from clinic.people.views import SignIn, start
from clinic.views import admin_sign_in, home

urlpatterns = [
    path("", home, name="home"),
    path("staff/", start, name="staff"),
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("admin/login/", admin_sign_in),
    path("admin/logout/", LogoutView.as_view()),
    path("admin/", admin.site.urls),
]
