"""The staff's pages of photographs."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
