"""The thin diary: who comes when, for which treatment, to whom."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from clinic.people.clinics import Clinic
from clinic.people.patients import Patient


class Visit(models.Model):
    """One appointment. `treatment` is a code of the rule set; `starts_at` aware. A cancelled one stays."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="visits")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="visits")
    starts_at = models.DateTimeField("starts")
    treatment = models.CharField(max_length=60)
    practitioner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    history = HistoricalRecords()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["clinic", "starts_at"], name="visit_of_day"),
            models.Index(fields=["patient", "starts_at"], name="visit_of_patient"),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk}"
