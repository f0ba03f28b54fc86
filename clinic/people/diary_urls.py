"""The diary's own pages; clinic/urls.py puts them under /staff/."""

from django.urls import path

from clinic.people import diary_views as diary

urlpatterns = [
    path("visits/add/", diary.choose, name="staff-visit-new"),
    path("patients/<int:patient_id>/visits/add/", diary.add, name="staff-visit-add"),
    path("visits/<int:visit_id>/", diary.change, name="staff-visit"),
    path("visits/<int:visit_id>/cancel/", diary.cancel, name="staff-visit-cancel"),
    path("visits/<int:visit_id>/take-back/", diary.take_back, name="staff-visit-take-back"),
]
