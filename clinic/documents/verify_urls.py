"""The page where anybody can check a paper; clinic/urls.py puts it under /verify/."""

from django.urls import path

from clinic.documents.verify_views import verify

urlpatterns = [path("", verify, name="verify")]
