"""The staff's page of the letter to the doctor."""

from django.urls import path

from clinic.documents.letter_views import issue_letter

urlpatterns = [path("referrals/<int:referral_id>/letter/", issue_letter, name="staff-referral-letter")]
