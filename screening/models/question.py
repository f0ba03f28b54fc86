"""A question, with the words in which it is asked."""

from django.db import models

from screening.engine.rule_set import QUESTION_KINDS, STAGES
from screening.models.base import CodedRow


class Question(CodedRow):
    """One question. The groups of criteria that point at it say when it is asked; without any it always is."""

    shape = "questions"

    section = models.CharField(max_length=60)
    order = models.PositiveIntegerField(help_text="Where it comes when the questions are put to a person.")
    page = models.CharField(max_length=60, blank=True, help_text="Questions of the same page share it; empty: alone.")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in QUESTION_KINDS])
    choices = models.JSONField(default=list, blank=True)
    ranges = models.JSONField(default=dict, blank=True)
    asked_by = models.CharField(max_length=10, choices=[("patient", "patient"), ("staff", "staff")], default="patient")
    stage = models.CharField(max_length=20, choices=[(stage, stage) for stage in STAGES], default="consultation")
    treatments = models.JSONField(default=list, blank=True, help_text="Empty: all treatments.")
    required = models.BooleanField(default=True)
    shown_only = models.BooleanField(default=False, help_text="Shown to the practitioner; no rule reads it.")
    afresh = models.BooleanField(default=False, help_text="Asked again before every session.")
    safe_answers = models.JSONField(default=list, blank=True)
    wording = models.TextField()
    help = models.TextField()
    why = models.TextField()
