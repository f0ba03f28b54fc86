"""The staff's pages of the evidence pack."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
