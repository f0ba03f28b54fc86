"""The stored screening, and what leads to one: a link, a draft, a sending."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from clinic.events import AppendOnlyModel
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient


class Door(models.TextChoices):
    """How the answers came in."""

    ANONYMOUS = "anonymous", "from the clinic’s site"
    LINK = "link", "by a personal link"
    TABLET = "tablet", "on the clinic’s tablet"
    INTAKE = "intake", "in the clinic, with staff"
    REVIEW = "review", "a self-check, reviewed by staff"
    PAPER = "paper", "from a form filled in on paper"
    SESSION = "session", "before a session"


# By these, staff stand behind the answers; what came in by any other door waits for them.
STAFF_DOORS = (Door.INTAKE, Door.REVIEW, Door.PAPER)


class Invitation(models.Model):
    """What staff opened for a named patient, by link or on the tablet: a self-check, a consent or a copy.

    `ref` names it in addresses and opens nothing by itself. A link's secret is kept as its SHA-256 only.
    """

    class Purpose(models.TextChoices):
        SELF_CHECK = "self-check", "Self-check"
        CONSENT = "consent", "Consent"
        COPY = "copy", "Patient’s copy"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="invitations")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="invitations")
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.SELF_CHECK)
    door = models.CharField(max_length=10, choices=[(Door.LINK, Door.LINK.label), (Door.TABLET, Door.TABLET.label)])
    ref = models.CharField(max_length=20, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - a tablet has none, and none is not a secret
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    wrong_dates = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def is_open(self, now: datetime) -> bool:
        """Return whether it is neither closed nor expired."""
        return self.closed_at is None and self.expires_at > now


class Draft(models.Model):
    """The answers so far of one invited self-check. Deleted when sent, or when the invitation ends."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="draft")
    state = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Screening(AppendOnlyModel):
    """One screening, whole and never edited: what was planned and answered, what came out, by which rules, when.

    `plan` and `answers` have the shape of a request on the command line, `outcome` that of its answer. `answered_at`
    is when the last answer was given and the current was taken to start; `oldest_at` when the oldest answer in it was
    given (none: then too); `recorded_at` when the row was written.
    `by` and `role`: who of the staff stands behind it. `based_on`: the screening whose answers were carried in: the
    self-check of a review, the standing screening of a session's. `corrects`: the one that this replaces, and `why`.
    `notes`: staff's words by question. `changes`: by question what staff changed of a patient's own answer, as
    {"was": answer or null, "by": name, "at": ISO time}.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="screenings")
    patient = models.ForeignKey(Patient, null=True, on_delete=models.PROTECT, related_name="screenings")
    rule_set = models.ForeignKey("screening.RuleSet", on_delete=models.PROTECT, related_name="+")
    engine_version = models.CharField(max_length=20)
    stage = models.CharField(max_length=12)
    door = models.CharField(max_length=10, choices=Door.choices)
    treatment = models.CharField(max_length=60)
    plan = models.JSONField()
    answers = models.JSONField()
    outcome = models.JSONField()
    answered_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, blank=True)
    oldest_at = models.DateTimeField(null=True)
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    why = models.TextField(blank=True)
    notes = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["patient", "-answered_at"], name="screening_of_patient"),
            models.Index(fields=["patient", "stage", "-id"], name="screening_by_stage"),
        ]

    def __str__(self) -> str:
        return f"screening {self.pk}"

    @property
    def begun_at(self) -> datetime:
        """When the oldest answer in it was given: what was said after that, it may not know of."""
        return min(self.oldest_at or self.answered_at, self.answered_at)


class Sending(AppendOnlyModel):
    """A self-check that reached the clinic: who sent it, in their own words, and what they agreed to.

    `key` is made with the form: the same key a second time is the same sending.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="sendings")
    screening = models.OneToOneField(Screening, on_delete=models.PROTECT, related_name="sending")
    invitation = models.OneToOneField(Invitation, null=True, on_delete=models.PROTECT, related_name="sending")
    key = models.UUIDField(unique=True)
    answered_for = models.CharField(
        max_length=10, choices=[("me", "for themselves"), ("other", "for somebody they help")]
    )
    name = models.CharField(max_length=200)
    born = models.DateField("date of birth")
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField(max_length=40, blank=True)
    keeping_agreed = models.TextField(help_text="The words that the person ticked, as they stood.")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["clinic", "-sent_at"], name="sending_of_clinic")]

    def __str__(self) -> str:
        return f"sending {self.pk}"


class AwaitingReview(models.Model):
    """A self-check that nobody of the staff has reviewed. Gone once somebody has; the review itself stays.

    `patient` is none until a stranger's self-check was matched to somebody. `urgency`: 2 urgent, 1 advice today,
    0 neither.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="awaiting_review")
    sending = models.OneToOneField(Sending, on_delete=models.PROTECT, related_name="awaiting")
    patient = models.ForeignKey(Patient, null=True, on_delete=models.PROTECT, related_name="awaiting_review")
    urgency = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-urgency", "sent_at", "id"]
        indexes = [models.Index(fields=["clinic", "-urgency", "sent_at"], name="awaiting_review_list")]

    def __str__(self) -> str:
        return f"awaiting review {self.pk}"


class Match(models.Model):
    """Whose self-check a stranger's is: staff said so, once. `is_new`: the patient was added with it.

    The row goes where it turns out to be wrong; a Mismatch then says what it said.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    sending = models.OneToOneField(Sending, on_delete=models.PROTECT, related_name="match")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="matches")
    is_new = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"match {self.pk}"


class Mismatch(AppendOnlyModel):
    """A match that was wrong: whose the self-check was said to be, by whom and when, and why that is taken back."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    sending = models.ForeignKey(Sending, on_delete=models.PROTECT, related_name="mismatches")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="mismatches")
    matched_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    matched_at = models.DateTimeField()
    why = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"mismatch {self.pk}"


class Review(AppendOnlyModel):
    """What staff made of a received self-check: a screening of their own, or, set aside for a reason, nothing.

    The newest counts: once the screening of a review is voided, the self-check waits for a review again.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    sending = models.ForeignKey(Sending, on_delete=models.PROTECT, related_name="reviews")
    screening = models.OneToOneField(Screening, null=True, on_delete=models.PROTECT, related_name="review")
    set_aside = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"review {self.pk}"


class Voiding(AppendOnlyModel):
    """Why a row does not count: it belongs to another person, or should never have been. It stays, struck out."""

    why = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class VoidedScreening(Voiding):
    screening = models.OneToOneField(Screening, on_delete=models.PROTECT, related_name="voided")

    def __str__(self) -> str:
        return f"voided screening {self.screening_id}"
