"""The staff's pages of the consultation summary and the session record."""

from django.urls import path

from clinic.documents import summary_views as views

urlpatterns = [
    path("decisions/<int:decision_id>/summary/", views.summary, name="staff-summary"),
    path("sessions/<int:session_id>/paper/", views.session_paper, name="staff-session-paper"),
]
