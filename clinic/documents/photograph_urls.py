"""The staff's pages of photographs."""

from django.urls import path

from clinic.documents.photograph_views import erase_all, erase_one, of_decision, photograph

urlpatterns = [
    path("decisions/<int:decision_id>/photographs/", of_decision, name="staff-photographs"),
    path("decisions/<int:decision_id>/photographs/erase/", erase_all, name="staff-photographs-erase"),
    path("photographs/<int:photograph_id>/", photograph, name="staff-photograph"),
    path("photographs/<int:photograph_id>/erase/", erase_one, name="staff-photograph-erase"),
]
