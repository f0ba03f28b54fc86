"""The pages of what a clinic promises about its records; clinic/urls.py puts them under /staff/."""

from django.urls import path

from clinic.privacy import record_views, retention_views
from clinic.privacy import trail_views as trail

urlpatterns = [
    path("trail/", trail.trail, name="staff-trail"),
    path("trail/export/", trail.export_trail, name="staff-trail-export"),
    path("patients/<int:patient_id>/seen/", trail.patient_seen, name="staff-patient-seen"),
    path("patients/<int:patient_id>/record/", record_views.record_page, name="staff-record"),
    path("patients/<int:patient_id>/record/export/", record_views.export_person, name="staff-access-export"),
    path("patients/<int:patient_id>/hold/", record_views.hold, name="staff-hold"),
    path("holds/<int:hold_id>/lift/", record_views.lift, name="staff-hold-lift"),
    path("patients/<int:patient_id>/erase/", record_views.erase, name="staff-erase"),
    path("retention/", retention_views.retention, name="staff-retention"),
    path("retention/change/", retention_views.change_retention, name="staff-retention-change"),
]
