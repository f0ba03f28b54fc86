"""The staff's pages of the patient's copy."""

from django.urls import path

from clinic.documents.copy_views import issue_copy, share_document

urlpatterns = [
    path("screenings/<int:screening_id>/copy/", issue_copy, name="staff-copy"),
    path("documents/<int:document_id>/share/", share_document, name="staff-document-share"),
]
