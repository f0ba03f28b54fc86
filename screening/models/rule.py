"""A rule, where its sources say it, and the groups of criteria that meet it."""

from typing import cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from screening.engine import rule_set as engine
from screening.engine.content import question_from
from screening.engine.operators import OPERATORS, Names, criterion_fault
from screening.engine.rule_set import GRADES, STAGES, URGENCIES
from screening.models.base import CheckedModel, CodedRow
from screening.models.body import Goal, Site
from screening.models.question import Question
from screening.models.rule_set import Source


class Rule(CodedRow):
    """A rule about the person or about places; met when any of its groups holds."""

    shape = "rules"

    title = models.CharField(max_length=120)
    grade = models.CharField(max_length=20, choices=[(grade, grade) for grade in GRADES])
    urgency = models.CharField(max_length=20, choices=[(urgency, urgency) for urgency in URGENCIES], default="none")
    stage = models.CharField(max_length=20, choices=[(stage, stage) for stage in STAGES], default="consultation")
    treatments = models.JSONField(default=list, blank=True, help_text="Empty: all treatments.")
    for_good = models.BooleanField(default=False, help_text="The places it bars are barred for good.")
    practitioner_wording = models.TextField()
    patient_wording = models.TextField()
    practitioner_unresolved = models.TextField()
    patient_unresolved = models.TextField()
    settle = models.TextField(help_text="What would settle or end it.")
    next_step = models.TextField()
    ends = models.CharField(max_length=120, blank=True, help_text="The condition that ends it, such as: until healed.")
    reading = models.TextField(blank=True, help_text="Where we read the source more strictly or more narrowly.")


class Citation(CheckedModel):
    """Where a source says what a rule rests on: `b9` for a bullet, else a section's heading."""

    shape = "citations"

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="citations")
    position = models.PositiveIntegerField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="citations")
    place = models.CharField(max_length=200)

    class Meta:
        ordering = ["rule", "position"]
        constraints = [models.UniqueConstraint("rule", "position", name="citation_position_once")]

    def __str__(self) -> str:
        return f"{self.source.code} {self.place}"

    def published_in(self) -> str:
        return self.rule.published_in()


class Group(CheckedModel):
    """Criteria that must all hold, for a rule to be met or a question to be asked. Empty fields: the rule's own."""

    shape = "groups"

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, null=True, blank=True, related_name="groups")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="when")
    position = models.PositiveIntegerField()
    grade = models.CharField(max_length=20, choices=[(grade, grade) for grade in GRADES], blank=True)
    status = models.CharField(max_length=20, choices=[("met", "met"), ("unresolved", "unresolved")], default="met")
    urgency = models.CharField(max_length=20, choices=[(urgency, urgency) for urgency in URGENCIES], blank=True)
    bars = models.CharField(
        max_length=20, choices=[(bars, bars) for bars in ("planned", "marked", "segments")], blank=True
    )
    practitioner_wording = models.TextField(blank=True)
    patient_wording = models.TextField(blank=True)

    class Meta:
        ordering = ["rule", "question", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rule__isnull=True) ^ Q(question__isnull=True),
                name="group_of_a_rule_or_a_question",
                violation_error_message="A group belongs to a rule or to a question, and to one of them only.",
            ),
            models.UniqueConstraint("rule", "position", name="group_position_once_in_a_rule"),
            models.UniqueConstraint("question", "position", name="group_position_once_in_a_question"),
        ]

    def __str__(self) -> str:
        return f"{self.rule or self.question} [{self.position}]"

    @property
    def owner(self) -> CodedRow | None:
        """The rule or question it belongs to; None only before it is validated."""
        return self.rule or self.question

    def published_in(self) -> str:
        return self.owner.published_in() if self.owner else ""


class Criterion(CheckedModel):
    """One condition: an operator over a question's answer (or over the plan, without a question) and a value."""

    shape = "criteria"

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="criteria")
    position = models.PositiveIntegerField()
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="read_by")
    operator = models.CharField(max_length=20, choices=[(operator, operator) for operator in OPERATORS])
    value = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["group", "position"]
        constraints = [models.UniqueConstraint("group", "position", name="criterion_position_once")]

    def __str__(self) -> str:
        match self.value:
            case dict():
                named = ", ".join(f"{part} {limit}" for part, limit in self.value.items())
            case list():
                named = ", ".join(map(str, self.value))
            case _:
                named = self.value or ""
        return f"{self.question or 'plan'} {self.operator} {named}".strip()

    def published_in(self) -> str:
        return self.group.published_in()

    def clean(self) -> None:
        """Refuse an unknown question, an operator that cannot read it, and a value that does not fit."""
        super().clean()
        rule_set = cast(CodedRow, self.group.owner).rule_set
        if self.question and self.question.rule_set_id != rule_set.pk:
            raise ValidationError({"question": f"{self.question} is not a question of rule set {rule_set}."})
        names = Names(
            limits=rule_set.limits,
            sites=set(Site.objects.filter(rule_set=rule_set).values_list("code", flat=True)),
            goals=set(Goal.objects.filter(rule_set=rule_set).values_list("code", flat=True)),
        )
        if fault := criterion_fault(self.operator, _readable(self.question), self.value, names):
            raise ValidationError(fault)


def _readable(question: Question | None) -> engine.Question | None:
    return None if question is None else question_from(question.row() | {"when": []})
