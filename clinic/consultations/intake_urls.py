from django.urls import path

from clinic.consultations import intake_views

urlpatterns = [
    path("intake/open/", intake_views.open_one, name="staff-intake-open"),
    path("intake/<int:intake_id>/", intake_views.intake, name="staff-intake"),
    path("intake/<int:intake_id>/save/", intake_views.save, name="staff-intake-save"),
    path("intake/<int:intake_id>/store/", intake_views.store, name="staff-intake-store"),
    path("intake/<int:intake_id>/drop/", intake_views.drop_one, name="staff-intake-drop"),
]
