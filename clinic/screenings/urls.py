"""The staff's pages about self-checks; clinic/urls.py puts them under /staff/, and adds the tablet's beside them."""

from django.urls import path

from clinic.screenings import matching_views, patient_views, received_views

urlpatterns = [
    path("patients/<int:patient_id>/link/", patient_views.make_link, name="staff-link"),
    path("patients/<int:patient_id>/link/mail/", patient_views.mail_link, name="staff-link-mail"),
    path(
        "patients/<int:patient_id>/invitations/<int:invitation_id>/close/",
        patient_views.close_invitation,
        name="staff-invitation-close",
    ),
    path("received/", received_views.received_list, name="staff-received"),
    path("received/all/", received_views.received_all, name="staff-received-all"),
    path("received/<int:sending_id>/", received_views.received_one, name="staff-received-one"),
    path("received/<int:sending_id>/whose/", matching_views.match_page, name="staff-match"),
    path("received/<int:sending_id>/not-theirs/", matching_views.unmatch_page, name="staff-unmatch"),
]
