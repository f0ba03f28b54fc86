"""Where and with what: sites, treatments and the goals people have."""

from django.db import models

from screening.engine.rule_set import PLAN_KINDS, REGIONS, SIDES
from screening.models.base import CodedRow


class Site(CodedRow):
    """A place on the body; `side` is the person's own left or right."""

    shape = "sites"

    name = models.CharField(max_length=80)
    clinical = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=10, choices=[(region, region) for region in REGIONS])
    side = models.CharField(max_length=10, choices=[(side, side) for side in SIDES])
    plannable = models.BooleanField(default=True)
    neighbours = models.JSONField(default=list, blank=True, help_text="Sites on which a mark here counts too.")
    segments = models.JSONField(default=list, blank=True, help_text="Parts of the body that a break here bars.")


class Treatment(CodedRow):
    """A treatment. A free plan chooses places of its regions; a fixed plan names its sites."""

    shape = "treatments"

    name = models.CharField(max_length=80)
    description = models.TextField()
    note = models.TextField(blank=True)
    plan = models.CharField(max_length=20, choices=[(kind, kind) for kind in PLAN_KINDS])
    regions = models.JSONField(default=list, blank=True)
    fixed_sites = models.JSONField(default=list, blank=True)


class Goal(CodedRow):
    """What a person hopes for."""

    shape = "goals"

    name = models.CharField(max_length=120)
    area = models.CharField(max_length=10, choices=[(area, area) for area in ("face", "body", "any")])
