"""The staff's pages of the consultation summary and the session record."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
