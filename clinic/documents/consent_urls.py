"""The staff's pages of a consent that is signed."""

from django.urls import path

from clinic.documents.consent_views import consent_open, consent_paper, consent_sheet

urlpatterns = [
    path("decisions/<int:decision_id>/consent/open/", consent_open, name="staff-consent-open"),
    path("decisions/<int:decision_id>/consent/paper/", consent_paper, name="staff-consent-paper"),
    path("consent-sheets/<int:sheet_id>/", consent_sheet, name="staff-consent-sheet"),
]
