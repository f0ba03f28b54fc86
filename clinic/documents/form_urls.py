"""The staff's pages of the blank form."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
