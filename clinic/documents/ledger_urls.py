"""The staff's pages of an issued document: all of a patient's, read one, withdraw one."""

from django.urls import path

from clinic.documents.ledger_views import document, papers, withdraw_document

urlpatterns = [
    path("patients/<int:patient_id>/papers/", papers, name="staff-papers"),
    path("documents/<int:document_id>/", document, name="staff-document"),
    path("documents/<int:document_id>/withdraw/", withdraw_document, name="staff-document-withdraw"),
]
