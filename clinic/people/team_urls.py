"""The owner's pages of the team; clinic/urls.py puts them under /staff/."""

from django.urls import path

from clinic.people import team_views as team

urlpatterns = [
    path("team/", team.team, name="staff-team"),
    path("team/invite/", team.invite, name="staff-team-invite"),
    path("team/<int:member_id>/", team.member, name="staff-team-member"),
    path("team/<int:member_id>/role/", team.change_role, name="staff-team-role"),
    path("team/<int:member_id>/suspend/", team.suspend, name="staff-team-suspend"),
    path("team/<int:member_id>/take-back/", team.take_back, name="staff-team-take-back"),
    path("team/<int:member_id>/replace/", team.replace, name="staff-team-replace"),
    path("team/<int:member_id>/second-factor/", team.reset_second_factor, name="staff-team-second-factor"),
    path("team/<int:member_id>/invite/", team.invite_again, name="staff-team-invite-again"),
]
