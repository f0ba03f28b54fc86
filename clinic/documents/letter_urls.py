"""The staff's pages of the letter to the doctor."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
