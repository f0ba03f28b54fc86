"""The project's addresses with the pages that the self-check adds, for the tests of the staff's pages."""

from django.http import HttpResponse
from django.urls import include, path

from clinic.screenings.patient_views import start_on_tablet


def hand_over(request, invitation):
    return HttpResponse(f"handed over {invitation.door} {invitation.ref}")


urlpatterns = [
    path("", include("clinic.urls")),
    path("staff/", include("clinic.screenings.urls")),
    path("staff/patients/<int:patient_id>/tablet/", start_on_tablet, {"hand_over": hand_over}, name="staff-tablet"),
    path("c/<slug:slug>/link/<str:secret>/", hand_over, name="link-door"),
]
