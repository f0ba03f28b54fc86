"""A patient, and the keys by which a search finds them."""

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction
from simple_history.models import HistoricalRecords

from clinic.people.clinics import Clinic
from clinic.people.search_keys import keys_of

Row = TypeVar("Row", bound=models.Model)


class OnHold(ValueError):
    """A legal hold keeps what was to be erased."""


class PresentPatients(models.Manager["Patient"]):
    """Everybody but those whose record was erased: of these a row without a name is left, for what refers to it."""

    def get_queryset(self) -> models.QuerySet["Patient"]:
        """Leave out who was erased."""
        return super().get_queryset().filter(erased_at=None)


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
    erased_at = models.DateTimeField(null=True, editable=False)
    history = HistoricalRecords()

    objects: ClassVar[PresentPatients] = PresentPatients()
    with_erased: ClassVar[models.Manager["Patient"]] = models.Manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["clinic", "name"], name="patient_by_name")]

    def __str__(self) -> str:
        return f"patient {self.pk}"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the patient, and the keys by which a search finds them."""
        super().save(*args, **kwargs)
        write_keys([self])

    @property
    def is_held(self) -> bool:
        """Whether a legal hold keeps everything about this person from being erased."""
        return self.legal_holds.filter(lifted=None).exists()

    def refuse_on_hold(self) -> None:
        """Raise OnHold, in a sentence, where nothing about this person may be erased."""
        if self.is_held:
            raise OnHold("A legal hold keeps everything about this person. Nothing was erased.")


class PatientKey(models.Model):
    """One way to find a patient, as search_keys.py writes it: in bytes, so that every database sorts it alike."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+", db_index=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="keys", db_index=False)
    key = models.BinaryField(max_length=80)

    class Meta:
        indexes = [
            models.Index(fields=["clinic", "key", "patient"], name="patient_by_key"),
            models.Index(fields=["patient", "key"], name="key_of_patient"),
        ]

    def __str__(self) -> str:
        return f"key of patient {self.patient_id}"


def write_keys(patients: Iterable[Patient], batch: int = 500) -> None:
    """Write the search keys of saved patients anew; `bulk_create` does not, so whoever uses it calls this."""
    patients = list(patients)
    for start in range(0, len(patients), batch):
        some = patients[start : start + batch]
        PatientKey.objects.filter(patient__in=some).delete()
        PatientKey.objects.bulk_create(
            (
                PatientKey(clinic_id=each.clinic_id, patient=each, key=key)
                for each in some
                for key in sorted(
                    keys_of(name=each.name, goes_by=each.goes_by, born=each.born, phone=each.phone, email=each.email)
                )
            ),
            batch_size=2000,
        )


def of_present(model: type[Row], clinic: Clinic) -> models.QuerySet[Row]:
    """Return a clinic's rows of a model with a `patient`, but for those of people whose record was erased."""
    return model._default_manager.filter(clinic=clinic, patient__erased_at=None)
