"""What patients read of an outcome: short, plain, kind; sentences of at most 20 words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from screening.presentation.facts import Facts
from screening.presentation.moments import moment_in_words

# More names than these are a list to read, not a sentence.
NAMES_IN_A_SENTENCE = 3

LABELS: Mapping[str, Promise] = MappingProxyType(
    {
        "contraindicated": gettext_lazy("Not for you"),
        "not-advised": gettext_lazy("Only with your doctor"),
        "deferred": gettext_lazy("Not now"),
        "undetermined": gettext_lazy("Not decided yet"),
        "refer": gettext_lazy("Ask first"),
        "restricted": gettext_lazy("Possible in part"),
        "prepare": gettext_lazy("Nearly there"),
        "clear": gettext_lazy("Nothing against it so far"),
    }
)
HEADINGS: Mapping[str, Promise] = MappingProxyType(
    {
        "contraindicated": gettext_lazy("Why it is not for you"),
        "not-advised": gettext_lazy("Your doctor has to agree in writing"),
        "defer": gettext_lazy("What has to pass first"),
        "open": gettext_lazy("What we do not know yet"),
        "refer": gettext_lazy("What to ask about first"),
        "site": gettext_lazy("Places that are left out"),
        "prepare": gettext_lazy("What to do just before"),
        "note": gettext_lazy("Good to know"),
        "elsewhere": gettext_lazy("Noted, but not about your plan"),
    }
)


HEADLINES: Mapping[str, Promise] = MappingProxyType(
    {
        "contraindicated": gettext_lazy("As things are, this treatment is not for you"),
        "not-advised": gettext_lazy("Only if your doctor agrees in writing"),
        "restricted": gettext_lazy("Possible, leaving some places out"),
        "clear": gettext_lazy("Nothing you told us speaks against it"),
    }
)
LEADS: Mapping[str, Promise] = MappingProxyType(
    {
        "contraindicated": gettext_lazy("This page says why, and what could change it."),
        "not-advised": gettext_lazy("Ask your doctor about it, and bring the written answer with you."),
        "deferred": gettext_lazy("This page says what has to pass first."),
        "undetermined": gettext_lazy(
            "Nothing is decided until then. Not knowing is fine: you can find out and come back."
        ),
        "refer": gettext_lazy("This page says what it is, and who to ask."),
        "prepare": gettext_lazy("Then a professional checks you before any treatment."),
        "clear": gettext_lazy("A professional still checks you before any treatment."),
    }
)


def label(facts: Facts) -> str:
    """Return the shortest form of an outcome."""
    if facts.is_of_places("contraindicated"):
        return gettext("Not these places")
    return str(LABELS[facts.outcome.outcome])


def headline(facts: Facts) -> str:
    """Return the outcome in one sentence."""
    if facts.is_of_places("contraindicated"):
        return gettext("The places you chose are left out for everybody")
    counted = {"deferred": _not_now, "undetermined": _answers_needed, "refer": _looked_at, "prepare": _nearly_there}
    words = counted.get(facts.outcome.outcome)
    return words(facts) if words else str(HEADLINES[facts.outcome.outcome])


def lead(facts: Facts, left_out: Sequence[str]) -> str:
    """Return what follows the headline. `left_out`: the names of the planned places that are barred."""
    if facts.is_of_places("contraindicated"):
        return gettext("You can choose other places. Your practitioner can help you with this.")
    if facts.is_of_places("deferred"):
        return gettext("All the places in your plan have to wait.")
    if facts.outcome.outcome == "restricted":
        return _without(left_out)
    if facts.outcome.outcome == "prepare" and facts.outcome.earliest is not None:
        return gettext("The earliest time to start is %(moment)s.") % {
            "moment": moment_in_words(facts.outcome.earliest)
        }
    return str(LEADS[facts.outcome.outcome])


def _not_now(facts: Facts) -> str:
    earliest = facts.outcome.earliest
    if earliest is None:
        return gettext("Not now, but this can change")
    if isinstance(earliest, datetime):
        return gettext("Not before %(moment)s") % {"moment": moment_in_words(earliest)}
    return gettext("Not now. The earliest day is %(day)s") % {"day": moment_in_words(earliest)}


def _answers_needed(facts: Facts) -> str:
    words = ngettext("We need one more answer", "We need %(number)s more answers", facts.unknown)
    return words % {"number": facts.unknown}


def _looked_at(facts: Facts) -> str:
    number = facts.kinds.get("refer", 0)
    words = ngettext("One thing has to be looked at first", "%(number)s things have to be looked at first", number)
    return words % {"number": number}


def _nearly_there(facts: Facts) -> str:
    return ngettext("Nearly there: do this first", "Nearly there: do these things first", facts.kinds.get("prepare", 0))


def _without(left_out: Sequence[str]) -> str:
    if len(left_out) > NAMES_IN_A_SENTENCE:
        return gettext("%(number)s places are left out.") % {"number": len(left_out)}
    return gettext("Left out: %(places)s.") % {"places": ", ".join(left_out)}
