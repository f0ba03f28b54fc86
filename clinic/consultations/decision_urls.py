from django.urls import path

from clinic.consultations.decision_views import countersign_decision, decision, decision_new, void_decision
from clinic.consultations.referrals_views import referral, referral_new, referral_step, referrals
from clinic.consultations.statements_views import letter, statement_new

urlpatterns = [
    path("screenings/<int:screening_id>/decide/", decision_new, name="staff-decision-new"),
    path("screenings/<int:screening_id>/findings/<int:position>/statement/", statement_new, name="staff-statement-new"),
    path("screenings/<int:screening_id>/findings/<int:position>/referral/", referral_new, name="staff-referral-new"),
    path("decisions/<int:decision_id>/", decision, name="staff-decision"),
    path("decisions/<int:decision_id>/countersign/", countersign_decision, name="staff-countersign"),
    path("decisions/<int:decision_id>/void/", void_decision, name="staff-decision-void"),
    path("letters/<int:letter_id>/", letter, name="staff-letter"),
    path("referrals/", referrals, name="staff-referrals"),
    path("referrals/<int:referral_id>/", referral, name="staff-referral"),
    path("referrals/<int:referral_id>/step/", referral_step, name="staff-referral-step"),
]
