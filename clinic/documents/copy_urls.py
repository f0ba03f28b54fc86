"""The staff's pages of the patient's copy."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
