"""A patient, and the keys by which a search finds them."""

from django.db import models
from simple_history.models import HistoricalRecords

from clinic.people.clinics import Clinic


class Patient(models.Model):
    """A person who is, or may be, treated at one clinic.

    `goes_by`: the name they like to be called. `doctor`: name and address of their own. `notes`, `alerts`: for those
    of the staff who may see answers about health; an alert is shown wherever the person is.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    name = models.CharField(max_length=200)
    goes_by = models.CharField("goes by", max_length=100, blank=True)
    born = models.DateField("date of birth")
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField(max_length=40, blank=True)
    doctor = models.CharField(max_length=300, blank=True)
    notes = models.TextField(max_length=4000, blank=True)
    alerts = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["clinic", "name"], name="patient_by_name")]

    def __str__(self) -> str:
        return f"patient {self.pk}"


class PatientKey(models.Model):
    """One way to find a patient: a part of a name, a date or a phone number as the search writes it."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["clinic", "key", "patient"], name="patient_by_key")]

    def __str__(self) -> str:
        return f"key of patient {self.patient_id}"
