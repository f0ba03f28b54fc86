"""The papers' pages for patients; clinic/urls.py puts them under /c/. The converter `way` is the self-check's."""

from django.urls import include, path

urlpatterns = [
    path("", include("clinic.documents.signing_urls")),
    path("", include("clinic.documents.handing_over_urls")),
]
