"""The consultation's pages; clinic/urls.py puts them under /staff/."""

from django.urls import include, path

urlpatterns = [
    path("", include("clinic.consultations.patient_urls")),
    path("", include("clinic.consultations.screening_urls")),
    path("", include("clinic.consultations.intake_urls")),
    path("", include("clinic.consultations.decision_urls")),
    path("", include("clinic.consultations.session_urls")),
]
