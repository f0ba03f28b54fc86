"""The pages of the papers; clinic/urls.py puts them under /staff/."""

from django.urls import include, path

urlpatterns = [
    path("", include("clinic.documents.ledger_urls")),
    path("", include("clinic.documents.summary_urls")),
    path("", include("clinic.documents.consent_urls")),
    path("", include("clinic.documents.copy_urls")),
    path("", include("clinic.documents.letter_urls")),
    path("", include("clinic.documents.form_urls")),
    path("", include("clinic.documents.pack_urls")),
    path("", include("clinic.documents.photograph_urls")),
]
