"""The patients' pages of what a patient takes along: the copy and the letter."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
