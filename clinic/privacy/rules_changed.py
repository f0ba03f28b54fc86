"""What becomes of the rules stands in every clinic's trail: whoever changes them works at none."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from clinic.events import record
from clinic.people.clinics import Clinic
from screening.models import RuleSet
from screening.retiring import retired_for_safety


@receiver(post_save, sender=RuleSet)
def note_published(instance: RuleSet, **_: Any) -> None:
    """Note in each clinic's trail that rules were published: they are saved once as published, and never after."""
    if instance.published_at is not None:
        _note_in_each("rules published", instance)


@receiver(retired_for_safety)
def note_retired_for_safety(instance: RuleSet, **_: Any) -> None:
    """Note in each clinic's trail that rules are not to be used any more."""
    _note_in_each("rules retired for safety", instance)


def _note_in_each(action: str, rule_set: RuleSet) -> None:
    for clinic in Clinic.objects.only("pk"):
        record(action, clinic=clinic, about=rule_set)
