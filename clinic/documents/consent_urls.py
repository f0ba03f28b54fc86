"""The staff's pages of a consent that is signed."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
