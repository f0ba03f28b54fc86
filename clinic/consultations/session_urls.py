"""The pages of a session: today's check, the start and the stop, consent, record and adverse events."""

from django.urls import path

from clinic.consultations import check_views as check
from clinic.consultations import consent_views as consent
from clinic.consultations import session_views as session

urlpatterns = [
    path("patients/<int:patient_id>/check/<slug:treatment>/", check.check, name="staff-check"),
    path("patients/<int:patient_id>/check/<slug:treatment>/live/", check.live, name="staff-check-live"),
    path("patients/<int:patient_id>/check/<slug:treatment>/start/", check.start, name="staff-start"),
    path("stops/<int:stop_id>/", check.stop, name="staff-stop"),
    path("decisions/<int:decision_id>/consent/", consent.add, name="staff-consent-new"),
    path("consents/<int:consent_id>/", consent.consent, name="staff-consent"),
    path("sessions/<int:session_id>/", session.session, name="staff-session"),
    path("sessions/<int:session_id>/record/", session.write_record, name="staff-session-record"),
    path("sessions/<int:session_id>/void/", session.void_session, name="staff-session-void"),
    path("sessions/<int:session_id>/adverse-event/", session.add_adverse_event, name="staff-adverse-new"),
    path("adverse-events/", session.adverse_events, name="staff-adverse-events"),
    path("adverse-events/<int:event_id>/", session.adverse_event, name="staff-adverse"),
]
