"""The consultation: the intake in the making, the decision and what it rests on, consent, and each session."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from clinic.events import AppendOnlyModel, OneDoorModel
from clinic.people.clinics import Clinic, Device
from clinic.people.diary import Visit
from clinic.people.patients import Patient
from clinic.screenings.models import Door, Screening, Sending, Voiding


class Intake(models.Model):
    """The one draft of a patient's screening for a treatment, as staff fill it in. Deleted when it is stored.

    `rule_set`: code, version and digest of the set it is asked by. `sites`, `goals`, `answers` (JSON values as in a
    request), `notes` by question. `marks`: by question who changed it last, as {"by": name, "at": ISO time,
    "revision": number}. `sending`: the self-check that it reviews. `corrects`, `why`: the screening that it will
    replace. `answered_at`: when a paper form was filled in; none: when it is stored.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="intakes")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="intakes")
    treatment = models.CharField(max_length=60)
    door = models.CharField(max_length=10, choices=Door.choices, default=Door.INTAKE)
    rule_set = models.JSONField(default=list)
    sites = models.JSONField(default=list)
    goals = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)
    sending = models.ForeignKey(Sending, null=True, on_delete=models.PROTECT, related_name="intakes")
    corrects = models.ForeignKey(Screening, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-changed_at"]
        constraints = [models.UniqueConstraint("patient", "treatment", name="one_intake_for_a_treatment")]

    def __str__(self) -> str:
        return f"intake {self.pk}"


class OfPatient(AppendOnlyModel):
    """What every row of a consultation has: whose it is, who of the staff wrote it and when."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="%(class)ss")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="%(class)ss")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Letter(OfPatient):
    """A doctor's letter as it was uploaded: PDF as it came, a picture re-encoded. `sha256` in hexadecimal."""

    content = models.BinaryField()
    content_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)


class Assessment(OfPatient):
    """What a practitioner saw and found (catalogue, section 10), by code. `kind`: facial or body."""

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="assessments")
    kind = models.CharField(max_length=10, choices=[("facial", "facial"), ("body", "body")])
    entries = models.JSONField()
    qualification = models.CharField(max_length=200)


class Statement(OfPatient):
    """What somebody said about one finding, recorded by staff.

    `answers`: the deciding answers that it was given for; with others it does not count. `sites`: the places that a
    clearance is for. `said_by`, `said_on`: who and on which day.
    """

    class Kind(models.TextChoices):
        CLEARANCE = "clearance", "Doctor’s clearance"
        AGREEMENT = "agreement", "Doctor’s written agreement"
        ENDED = "ended", "It has ended"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="statements")
    rule = models.CharField(max_length=60)
    answers = models.JSONField()
    sites = models.JSONField(default=list)
    said_by = models.CharField(max_length=200)
    said_on = models.DateField()
    letter = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    ends_on = models.DateField(null=True)


class Referral(OfPatient):
    """A question to a doctor about one finding. `answers`: the deciding answers of then."""

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="referrals")
    rule = models.CharField(max_length=60)
    answers = models.JSONField()
    to = models.CharField("doctor", max_length=300)
    question = models.TextField()

    class Meta(OfPatient.Meta):
        indexes = [models.Index(fields=["clinic", "id"], name="open_referrals")]


class ReferralStep(OfPatient):
    """What became of a referral: sent, answered or withdrawn; the answer closes or keeps the finding."""

    class Kind(models.TextChoices):
        SENT = "sent", "Sent"
        ANSWERED = "answered", "Answered"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Result(models.TextChoices):
        CLOSES = "closes", "Closes the finding"
        KEEPS = "keeps", "Keeps the finding"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    words = models.TextField(blank=True)
    letter = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="+")


class Decision(OneDoorModel, OfPatient):
    """What was decided on one screening, for one treatment, device and places. Made by `deciding.decide` only.

    `sites`: the places to be treated; `channels_off`: planned places whose channel of the suit stays off. `until`:
    the day until which it is deferred; `ends_on`: the last day on which a yes counts. `course`: {"sessions": number,
    "interval_days": number, "then": words}.
    """

    class Kind(models.TextChoices):
        PROCEED = "proceed", "Proceed"
        PROCEED_SITES = "proceed-sites", "Proceed on the allowed sites"
        DEFER = "defer", "Defer"
        REFER = "refer", "Refer"
        DECLINE = "decline", "Decline"

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="decisions")
    assessment = models.ForeignKey(Assessment, null=True, on_delete=models.PROTECT, related_name="+")
    treatment = models.CharField(max_length=60)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="+")
    sites = models.JSONField(default=list)
    channels_off = models.JSONField(default=list)
    until = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    course = models.JSONField(default=dict)
    goals = models.JSONField(default=list)
    expectations = models.BooleanField("expectations were talked through", default=False)
    words = models.TextField()

    class Meta(OfPatient.Meta):
        indexes = [models.Index(fields=["patient", "treatment", "-id"], name="decision_in_force")]


class Settlement(OneDoorModel):
    """How a decision deals with one finding. `answers`: the deciding answers that it holds for, and no others."""

    class Reason(models.TextChoices):
        LEFT_OUT = "left-out", "The places are left out"
        CLEARANCE = "clearance", "A doctor’s clearance is recorded"
        AGREEMENT = "agreement", "A doctor’s written agreement is recorded"
        ENDED = "ended", "It has ended"
        ANSWERED = "answered", "The doctor’s answer closes it"
        ASSESSED = "assessed", "Assessed by the practitioner"
        OTHER = "other", "Another reason"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="settlements")
    rule = models.CharField(max_length=60)
    grade = models.CharField(max_length=20)
    sites = models.JSONField(default=list)
    answers = models.JSONField()
    reason = models.CharField(max_length=12, choices=Reason.choices)
    words = models.TextField(blank=True)
    statement = models.ForeignKey(Statement, null=True, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, related_name="+")
    ends_on = models.DateField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["reason", "decision"], name="settlements_by_reason")]

    def __str__(self) -> str:
        return f"settlement {self.pk}"


class Countersign(OfPatient):
    """Another person's word, as supervisor, for a decision against advice."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="countersign")
    words = models.TextField()


class VoidedDecision(Voiding):
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="voided")

    def __str__(self) -> str:
        return f"voided decision {self.decision_id}"


class Consent(OfPatient):
    """A consent as it was signed. It is for one treatment, these places and this version of its text.

    `choices`: what the person chose besides, by code, true or false. `scan`: the paper, where it was signed on paper.
    """

    class How(models.TextChoices):
        PAPER = "paper", "on paper"
        TABLET = "tablet", "on the clinic’s tablet"
        LINK = "link", "by a personal link"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="consents")
    treatment = models.CharField(max_length=60)
    sites = models.JSONField()
    text_version = models.CharField(max_length=40)
    signed_on = models.DateField()
    signed_by = models.CharField(max_length=200)
    scan = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=6, choices=How.choices, default=How.PAPER)
    choices = models.JSONField(default=dict)


class ConsentWithdrawal(OfPatient):
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="withdrawal")
    why = models.TextField(blank=True)


class Stop(OfPatient):
    """A session that was not started. `reasons`: the codes of what stood against it; `rules`: of which findings.

    `reopens`: the decision before it counts no more. `needs_screening`: only a new consultation screening ends it.
    """

    treatment = models.CharField(max_length=60)
    check_screening = models.OneToOneField(Screening, on_delete=models.PROTECT, related_name="stop")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="stops")
    reasons = models.JSONField()
    rules = models.JSONField(default=list)
    reopens = models.BooleanField()
    needs_screening = models.BooleanField()


class Session(OneDoorModel, OfPatient):
    """One session of current. Made by `gate.start` only. `at`: when the current started."""

    treatment = models.CharField(max_length=60)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="sessions")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="sessions")
    check_screening = models.OneToOneField(Screening, on_delete=models.PROTECT, related_name="session")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="sessions")
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="+")
    sites = models.JSONField()
    channels_off = models.JSONField(default=list)

    class Meta(OfPatient.Meta):
        indexes = [models.Index(fields=["patient", "treatment", "-id"], name="session_of_patient")]


class SessionRecord(OfPatient):
    """What was done in a session; a later one of the same session replaces it, and both stay.

    `settings`: by code; currents in mA by place, pulse width in ms, frequency in Hz, minutes. `outside`: by code, the
    reason for each setting outside the catalogue's range (section 8).
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="records")
    settings = models.JSONField()
    outside = models.JSONField(default=dict)
    felt = models.TextField(blank=True)
    reaction = models.TextField(blank=True)
    aftercare = models.TextField(blank=True)
    words = models.TextField(blank=True)


class AdverseEvent(OfPatient):
    """Something that went wrong in or after a session."""

    class Severity(models.TextChoices):
        MILD = "mild", "Mild: passed by itself"
        MODERATE = "moderate", "Moderate: needed something done"
        SEVERE = "severe", "Severe: needed a doctor"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="adverse_events")
    happened_at = models.DateTimeField()
    severity = models.CharField(max_length=10, choices=Severity.choices)
    what = models.TextField()
    done = models.TextField()
    doctor_told = models.BooleanField()


class VoidedSession(Voiding):
    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="voided")

    def __str__(self) -> str:
        return f"voided session {self.session_id}"
