"""The staff's pages of the blank form."""

from django.urls import path

from clinic.documents.form_views import blank

urlpatterns = [path("treatments/<slug:treatment>/blank-form/", blank, name="staff-blank-form")]
