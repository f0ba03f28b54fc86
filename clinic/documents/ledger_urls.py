"""The staff's pages of an issued document: read it, withdraw it, erase it."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
