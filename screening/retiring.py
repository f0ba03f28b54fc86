"""How a rule set goes out of force: when the next one is published, and at once where it is not safe to go on."""

from django.db import transaction
from django.dispatch import Signal

from screening.models import RuleSet

# Sent in the same transaction for each set that is not to be used any more; `instance`: its row.
retired_for_safety = Signal()


def retire_before(row: RuleSet) -> None:
    """Retire the set that was in force before `row` was published."""
    in_force = RuleSet.objects.filter(status=RuleSet.Status.PUBLISHED).exclude(pk=row.pk)
    # Past the models, which let nothing of a published set be saved: what it says stays as it was published.
    in_force.update(status=RuleSet.Status.RETIRED, retired_at=row.published_at)


@transaction.atomic
def leave_for_safety(row: RuleSet) -> None:
    """Let the sets that were retired when `row` was published not be used any more, and tell whoever listens."""
    retired = RuleSet.objects.filter(status=RuleSet.Status.RETIRED, retired_at=row.published_at)
    for left in retired.filter(retired_for_safety=False):
        RuleSet.objects.filter(pk=left.pk).update(retired_for_safety=True)
        retired_for_safety.send(RuleSet, instance=left)
