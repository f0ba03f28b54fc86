"""The patients' pages of a consent that a patient signs, by link or on the tablet."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
