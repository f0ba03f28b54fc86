from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from clinic.people.views import logo
from clinic.views import admin_sign_in, home

urlpatterns = [
    path("", home, name="home"),
    path("", include("clinic.people.account_urls")),
    path("staff/", include("clinic.people.urls")),
    path("c/<slug:slug>/logo/", logo, name="clinic-logo"),
    path("admin/login/", admin_sign_in),
    path("admin/logout/", LogoutView.as_view()),
    path("admin/", admin.site.urls),
]
