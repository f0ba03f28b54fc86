"""The page where anybody can check a paper; clinic/urls.py puts it under /verify/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
