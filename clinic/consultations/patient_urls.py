"""Today's list and a patient's page; clinic/urls.py puts them under /staff/."""

from django.urls import path

from clinic.consultations import patient_page, today_views

urlpatterns = [
    path("", today_views.today, name="staff"),
    path("day/", today_views.go_to_day, name="staff-day-chosen"),
    path("day/<slug:day>/", today_views.any_day, name="staff-day"),
    path("patients/<int:patient_id>/", patient_page.patient_page, name="staff-patient"),
]
