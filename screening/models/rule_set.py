"""A version of all rules, and the documents they come from."""

from django.core.exceptions import ValidationError
from django.db import models

from screening.engine.content import unreadable
from screening.models.base import CODE, CheckedModel, CodedRow


class RuleSet(CheckedModel):
    """One version of all rules: a draft until it is published, then frozen.

    `content` is the canonical JSON that the engine reads, `digest` its SHA-256 in hexadecimal. `limits` are the
    clinical limits by name: mmHg, °C (as text, to keep decimals exact), calendar months, minutes.
    """

    shape = "set"

    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        RETIRED = "retired"

    code = models.CharField(max_length=60, validators=[CODE])
    version = models.CharField(max_length=20, validators=[CODE])
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    limits = models.JSONField()
    sections = models.JSONField(help_text="The parts of the questionnaire, in the order in which they are asked.")
    reason = models.TextField(blank=True, help_text="Why this version was made.")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=200, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_for_safety = models.BooleanField(default=False)
    content = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint("code", "version", name="rule_set_version_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    def published_in(self) -> str:
        """Return the set's own name when the database has it published, or retired: what memory says does not count."""
        published = RuleSet.objects.filter(pk=self.pk).exclude(status=self.Status.DRAFT).exists()
        return str(self) if published else ""

    def clean(self) -> None:
        """Refuse a limit that is not a number."""
        super().clean()
        faults = [fault for name, written in self.limits.items() for fault in unreadable(name, [written])]
        if faults:
            raise ValidationError({"limits": faults})


class Source(CodedRow):
    """A document that rules cite."""

    shape = "sources"

    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)
