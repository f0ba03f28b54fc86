"""What a clinic promises about its records: the seals over the trail, how long each kind is kept, what is erased."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from clinic.events import AppendOnlyModel, OneDoorModel
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.privacy.row_words import counted_in_words
from clinic.screenings.models import Voiding


class Seal(OneDoorModel):
    """One seal over a batch of events: an HMAC over their rows and the seal before, under a key outside the database.

    Its own key counts up from 1. `first`, `last`: the keys of the batch's first and last event; `count`: how many there
    are. `rows`: for each event its key and an HMAC over its columns, so that a changed one can be named. `previous`:
    the seal before, hexadecimal. Made by `sealing.seal_trail` only.
    """

    first = models.BigIntegerField()
    last = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    rows = models.BinaryField()
    previous = models.CharField(max_length=64, unique=True)
    seal = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"seal {self.pk}"


class Retention(AppendOnlyModel):
    """How long a clinic keeps one kind of record, in months from the record's end; the newest row of a kind counts."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="retentions")
    kind = models.CharField(max_length=20)
    months = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"retention {self.kind}"


class RetentionReport(AppendOnlyModel):
    """What one run of the retention erased at a clinic. `gone`: counts by kind; empty where nothing was due."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="retention_reports")
    gone = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["clinic", "-at"], name="retention_report_of_day")]

    def __str__(self) -> str:
        return f"retention report {self.pk}"


class LegalHold(AppendOnlyModel):
    """Nothing of this patient's is erased as long as it is not lifted, whatever the retention says."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="legal_holds")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="legal_holds")
    why = models.TextField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"


class LiftedHold(Voiding):
    """Why a legal hold holds no more."""

    hold = models.OneToOneField(LegalHold, on_delete=models.PROTECT, related_name="lifted")

    def __str__(self) -> str:
        return f"lifted hold {self.hold_id}"


class Erasure(AppendOnlyModel):
    """The tombstone: what of a patient's record is gone, since when, and what the law keeps for how long.

    `erased`: counts by kind. `kept`: for each kind that stays, the reason and the day until which. `by` is none where
    the retention alone did it.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="erasures")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="erasures")
    why = models.TextField(max_length=1000)
    erased = models.JSONField(default=dict)
    kept = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"erasure {self.pk}"

    def erased_in_words(self) -> list[str]:
        """Return what is gone, by kind, as an owner reads it."""
        return counted_in_words(self.erased)
