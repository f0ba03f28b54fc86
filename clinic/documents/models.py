"""The ledger of what was issued. A row is never changed; what it was printed from, and the bytes, can be erased."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from clinic.consultations.models import Consent, Decision, Referral, Session
from clinic.events import AppendOnlyModel, OneDoorModel
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.screenings.models import Invitation, Screening, Voiding


class Document(OneDoorModel):
    """One issued document, as the ledger has it. Made by `issuing.issue` only.

    `number`: counts up within a clinic. `check_code`: 80 random bits as 16 characters of Crockford's base 32.
    `sha256`: of the PDF's bytes; `values_sha256`: of the canonical JSON of what it was printed from; both hexadecimal.
    `stationery`: the version of template, sheet and fonts. `rule_set`: code, version and digest, or empty.
    `seal`: an HMAC over this row and the `previous` seal of the clinic's ledger, as `ledger.py` writes it.
    """

    class Kind(models.TextChoices):
        SUMMARY = "summary", "Consultation summary"
        CONSENT = "consent", "Consent"
        COPY = "copy", "Patient’s copy"
        LETTER = "letter", "Letter to the doctor"
        SESSION = "session", "Session record"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="documents")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveIntegerField()
    check_code = models.CharField(max_length=16, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    values_sha256 = models.CharField(max_length=64)
    stationery = models.CharField(max_length=20)
    rule_set = models.JSONField(default=list)
    engine_version = models.CharField(max_length=20, blank=True)
    screening = models.ForeignKey(Screening, null=True, on_delete=models.PROTECT, related_name="documents")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="documents")
    consent = models.ForeignKey(Consent, null=True, on_delete=models.PROTECT, related_name="documents")
    session = models.ForeignKey(Session, null=True, on_delete=models.PROTECT, related_name="documents")
    referral = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, related_name="documents")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField()
    previous = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint("clinic", "number", name="one_document_of_a_number")]
        indexes = [models.Index(fields=["patient", "-id"], name="documents_of_patient")]

    def __str__(self) -> str:
        return f"document {self.pk}"

    @property
    def called(self) -> str:
        """What the paper calls itself: a consent that nobody has signed yet is a form."""
        return "Consent form" if self.kind == self.Kind.CONSENT and not self.consent_id else self.get_kind_display()


class DocumentContent(AppendOnlyModel):
    """The PDF, and the values that it was printed from. Written with its ledger row; only an erasure removes it."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="content")
    pdf = models.BinaryField()
    values = models.JSONField()

    def __str__(self) -> str:
        return f"content of document {self.document_id}"


class ErasedDocument(Voiding):
    """Why the content of a document is gone. Its ledger row stays. `by`: none where its time was over."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # type: ignore[assignment]
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="erased")

    def __str__(self) -> str:
        return f"erased document {self.document_id}"


class WithdrawnDocument(Voiding):
    """Why a document counts no more, though it was genuine."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="withdrawn")

    def __str__(self) -> str:
        return f"withdrawn document {self.document_id}"


class SharedDocument(AppendOnlyModel):
    """A document that its patient may read by a personal link."""

    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="shared_document")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="shared")

    def __str__(self) -> str:
        return f"shared document {self.document_id}"


class Photograph(AppendOnlyModel):
    """A picture of a face or a part of the body, before or after. `session`: the one it was taken at, if any.

    `consent`: the one that allows it. `site`: a code of the rule set's, or `face` for the whole of it. `sha256`: of the
    picture's bytes as kept.
    """

    class Moment(models.TextChoices):
        BEFORE = "before", "Before"
        AFTER = "after", "After"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="photographs")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="photographs")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="photographs")
    session = models.ForeignKey(Session, null=True, on_delete=models.PROTECT, related_name="photographs")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="photographs")
    moment = models.CharField(max_length=8, choices=Moment.choices)
    site = models.CharField(max_length=60)
    taken_on = models.DateField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"photograph {self.pk}"


class PhotographContent(models.Model):
    """The picture, re-encoded as JPEG, without what a camera writes into its file. Only an erasure removes it."""

    photograph = models.OneToOneField(Photograph, on_delete=models.PROTECT, related_name="content")
    jpeg = models.BinaryField()

    def __str__(self) -> str:
        return f"content of photograph {self.photograph_id}"


class ErasedPhotograph(Voiding):
    """Why the picture of a photograph is gone. `by`: none where its time was over."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # type: ignore[assignment]
    photograph = models.OneToOneField(Photograph, on_delete=models.PROTECT, related_name="erased")

    def __str__(self) -> str:
        return f"erased photograph {self.photograph_id}"
