"""What practitioners read of an outcome: the terms of the rule catalogue, and what is asked of them."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from screening.presentation.facts import Facts
from screening.presentation.moments import moment_in_words

LABELS: Mapping[str, Promise] = MappingProxyType(
    {
        "contraindicated": gettext_lazy("Contraindicated"),
        "not-advised": gettext_lazy("Not advised"),
        "deferred": gettext_lazy("Deferred"),
        "undetermined": gettext_lazy("Undetermined"),
        "refer": gettext_lazy("Refer"),
        "restricted": gettext_lazy("Restricted"),
        "prepare": gettext_lazy("Prepare"),
        "clear": gettext_lazy("Clear"),
    }
)
HEADLINES: Mapping[str, Promise] = MappingProxyType(
    {
        "contraindicated": gettext_lazy("Do not treat while the facts hold"),
        "not-advised": gettext_lazy("Only with a doctor’s written agreement to each finding named here"),
        "deferred": gettext_lazy("Not now: wait until what is named here has ended"),
        "undetermined": gettext_lazy("Not to be decided yet: answers are open"),
        "refer": gettext_lazy("Ask a doctor first, or assess it yourself where the finding says so"),
        "restricted": gettext_lazy("Only at the places that are not barred"),
        "prepare": gettext_lazy("Hold the start until this is put right"),
        "clear": gettext_lazy("Nothing reported speaks against the plan"),
    }
)
HEADINGS: Mapping[str, Promise] = MappingProxyType(
    {
        "contraindicated": gettext_lazy("Contraindicated"),
        "not-advised": gettext_lazy("Not advised without written agreement"),
        "defer": gettext_lazy("Defer"),
        "open": gettext_lazy("Unresolved"),
        "refer": gettext_lazy("Refer"),
        "site": gettext_lazy("Places barred"),
        "prepare": gettext_lazy("Before the start"),
        "note": gettext_lazy("Notes"),
        "elsewhere": gettext_lazy("Bars places that are not planned"),
    }
)


def label(facts: Facts) -> str:
    """Return the outcome's name."""
    return str(LABELS[facts.outcome.outcome])


def headline(facts: Facts) -> str:
    """Return what the outcome asks of a practitioner."""
    if facts.is_of_places("contraindicated"):
        return gettext("Every planned place is barred for good")
    return str(HEADLINES[facts.outcome.outcome])


def lead(facts: Facts) -> str:
    """Return what is unknown, else when it may come out better, else what is to be done in any case."""
    if facts.unknown:
        return ngettext(
            "One thing is unknown. No treatment before it is known.",
            "%(number)s things are unknown. No treatment before they are known.",
            facts.unknown,
        ) % {"number": facts.unknown}
    if facts.outcome.earliest is not None:
        return gettext("Earliest change: %(moment)s.") % {"moment": moment_in_words(facts.outcome.earliest)}
    return gettext("Your own assessment comes before any treatment.")
