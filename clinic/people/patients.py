from django.db import models
from simple_history.models import HistoricalRecords

from clinic.people.clinics import Clinic


class Patient(models.Model):
    """A person who is, or may be, treated at one clinic."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    name = models.CharField(max_length=200)
    born = models.DateField("date of birth")
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField(max_length=40, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["clinic", "name"], name="patient_by_name")]

    def __str__(self) -> str:
        return f"patient {self.pk}"
