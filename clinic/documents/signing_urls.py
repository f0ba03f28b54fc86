"""The patients' pages of a consent that a patient signs, by link or on the tablet."""

from django.urls import path

# Its import gives addresses the converter `way`.
import clinic.self_check.urls  # noqa: F401
from clinic.documents.signing_views import consent_sign

urlpatterns = [path("<slug:slug>/<way:way>/consent/", consent_sign, name="consent-sign")]
