"""The pages of stored screenings, and what is made of a received self-check besides an intake."""

from django.urls import path

from clinic.consultations import review_views, screening_views

urlpatterns = [
    path("screenings/<int:screening_id>/", screening_views.show, name="staff-screening"),
    path("screenings/<int:screening_id>/correct/", screening_views.correct_it, name="staff-screening-correct"),
    path("screenings/<int:screening_id>/void/", screening_views.void_it, name="staff-screening-void"),
    path("received/<int:sending_id>/set-aside/", review_views.set_aside, name="staff-set-aside"),
    path("patients/<int:patient_id>/paper/", review_views.paper, name="staff-paper"),
]
