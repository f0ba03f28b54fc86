"""A consent on its way to being signed: what was put before the person, and each signature."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from clinic.consultations.models import Consent, Decision, OfPatient
from clinic.events import AppendOnlyModel, OneDoorModel
from clinic.screenings.models import Invitation, Voiding


class ConsentSheet(OfPatient):
    """What somebody is asked to consent to, fixed when it was opened. `shown`: every word of it, as JSON.

    `text_version`: of the consent text. `invitation`: the link or the tablet by which the patient signs, if any.
    `needs`: the parties that have to sign, of `ConsentSignature.Party`.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="consent_sheets")
    treatment = models.CharField(max_length=60)
    sites = models.JSONField()
    text_version = models.CharField(max_length=40)
    shown = models.JSONField()
    needs = models.JSONField()
    invitation = models.OneToOneField(Invitation, null=True, on_delete=models.PROTECT, related_name="consent_sheet")


class ConsentSignature(OneDoorModel):
    """One person's signature under a sheet.

    `how`: drawn or typed. `strokes`: a drawn one as lists of [x, y] in whole units of a box 600 wide and 200 high.
    `choices`: what the person chose, by code, true or false (the patient's or the guardian's only).
    """

    class Party(models.TextChoices):
        PATIENT = "patient", "Patient"
        GUARDIAN = "guardian", "Guardian"
        INTERPRETER = "interpreter", "Interpreter"
        PRACTITIONER = "practitioner", "Practitioner"

    class How(models.TextChoices):
        DRAWN = "drawn", "Drawn"
        TYPED = "typed", "Typed"

    sheet = models.ForeignKey(ConsentSheet, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=12, choices=Party.choices)
    name = models.CharField(max_length=200)
    how = models.CharField(max_length=6, choices=How.choices)
    strokes = models.JSONField(default=list)
    choices = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("sheet", "party", name="one_signature_of_a_party")]

    def __str__(self) -> str:
        return f"signature {self.pk}"


# Who may decide; only they choose about photographs and data.
DECIDING = (ConsentSignature.Party.PATIENT, ConsentSignature.Party.GUARDIAN)


class SignedConsent(AppendOnlyModel):
    """The consent that a sheet became. `digest`: SHA-256 of the canonical JSON that was signed, in hexadecimal.

    `signed`: that JSON's value: text version, choices, the screening, names and signatures as shown.
    """

    sheet = models.OneToOneField(ConsentSheet, on_delete=models.PROTECT, related_name="signed")
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="signed")
    signed = models.JSONField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"signed consent {self.consent_id}"


class ClosedSheet(Voiding):
    """Why a sheet will not be signed any more."""

    sheet = models.OneToOneField(ConsentSheet, on_delete=models.PROTECT, related_name="closed")

    def __str__(self) -> str:
        return f"closed sheet {self.sheet_id}"
