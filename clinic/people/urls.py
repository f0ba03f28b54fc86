"""The staff's own pages; clinic/urls.py puts them under /staff/."""

from django.urls import path

from clinic.people import patient_views as patients
from clinic.people import settings_views as settings
from clinic.people import views

urlpatterns = [
    path("clinic/", views.choose_clinic, name="staff-clinic"),
    path("patients/", patients.patients, name="staff-patients"),
    path("patients/add/", patients.add, name="staff-patient-add"),
    path("patients/<int:patient_id>/change/", patients.change, name="staff-patient-change"),
    path("settings/", settings.overview, name="staff-settings"),
    path("settings/devices/add/", settings.add_device, name="staff-device-add"),
    path("settings/devices/<int:device_id>/", settings.change_device, name="staff-device-change"),
    path("settings/<slug:section>/", settings.change, name="staff-settings-change"),
]
