"""The pages of what a clinic promises about its records; clinic/urls.py puts them under /staff/."""

from django.urls import path

from clinic.privacy import trail_views as trail

urlpatterns = [
    path("trail/", trail.trail, name="staff-trail"),
    path("trail/export/", trail.export_trail, name="staff-trail-export"),
    path("patients/<int:patient_id>/seen/", trail.patient_seen, name="staff-patient-seen"),
]
