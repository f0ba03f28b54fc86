"""The staff's pages of the evidence pack."""

from django.urls import path

from clinic.documents.pack_views import pack

urlpatterns = [path("patients/<int:patient_id>/pack/<slug:treatment>/", pack, name="staff-pack")]
