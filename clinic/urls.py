from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path

from clinic.leaving import SignOut
from clinic.people.views import logo
from clinic.screenings.patient_views import start_on_tablet
from clinic.self_check.doors import hand_over
from clinic.views import admin_sign_in, home, security_txt

handler400 = "clinic.views.bad_request"
handler500 = "clinic.errors.failed"

# The admin shows the rules. What packages add to it could take a second factor away without an entry in the trail.
admin.site.unregister([Group, EmailAddress, Authenticator])

urlpatterns = [
    path("", home, name="home"),
    path("", include("clinic.people.account_urls")),
    path("staff/", include("clinic.people.team_urls")),
    path("staff/", include("clinic.people.diary_urls")),
    path("staff/", include("clinic.people.urls")),
    path("staff/", include("clinic.screenings.urls")),
    path("staff/", include("clinic.consultations.urls")),
    path("staff/", include("clinic.documents.staff_urls")),
    path("staff/", include("clinic.privacy.urls")),
    path("staff/patients/<int:patient_id>/tablet/", start_on_tablet, {"hand_over": hand_over}, name="staff-tablet"),
    path("c/<slug:slug>/logo/", logo, name="clinic-logo"),
    path("c/", include("clinic.documents.patient_urls")),
    path("c/", include("clinic.self_check.urls")),
    path(".well-known/security.txt", security_txt, name="security-txt"),
    path("verify/", include("clinic.documents.verify_urls")),
    path("admin/login/", admin_sign_in),
    path("admin/logout/", SignOut.as_view()),
    path("admin/", admin.site.urls),
]
