"""What every row of a rule set has in common."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from screening.engine.shape import SHAPES, column_faults

CODE = RegexValidator(
    r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*\Z",
    "Write the code with letters, digits and single hyphens, such as recent-surgery.",
)


class CheckedModel(models.Model):
    """A row that is validated when saved, and that stays as it is once its rule set is published.

    `shape` names what it is in the content of the set (`engine.shape.SHAPES`).
    """

    shape: ClassVar[str]

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Validate and save. Raises ValidationError for a fault, and for a row of a published set."""
        self.refuse_if_published()
        self.full_clean()
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Delete. Raises ValidationError for a row of a published set."""
        self.refuse_if_published()
        return super().delete(*args, **options)

    def clean(self) -> None:
        """Refuse a field that the content could not hold, such as a list that is none."""
        super().clean()
        if faults := column_faults(self.shape, self.row()):
            raise ValidationError(faults)

    def published_in(self) -> str:
        """Return the name of the published set that holds this row; empty while the set is a draft."""
        raise NotImplementedError

    def row(self) -> dict[str, Any]:
        """Return the row as content, without the lists that are rows of their own."""
        own = {field.name for field in self._meta.concrete_fields if not field.is_relation}
        return {name: getattr(self, name) for name in SHAPES[self.shape] if name in own}

    def refuse_if_published(self) -> None:
        """Raise ValidationError when the row belongs to a published set."""
        if name := self.published_in():
            raise ValidationError(f"Rule set {name} is published and stays as it is. Load a new version instead.")


class CodedRow(CheckedModel):
    """A row named by a code within its set; `position` is its place in the catalogue."""

    rule_set = models.ForeignKey("screening.RuleSet", on_delete=models.PROTECT, related_name="%(class)ss")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=60, validators=[CODE])

    class Meta:
        abstract = True
        ordering = ["rule_set", "position"]
        constraints = [models.UniqueConstraint("rule_set", "code", name="%(class)s_code_once_in_a_set")]

    def __str__(self) -> str:
        return self.code

    def published_in(self) -> str:
        return self.rule_set.published_in()
