"""Parts of a decision in words that patients read too."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from clinic.consultations.models import Settlement

Reason = Settlement.Reason
# How a finding was settled. What practitioners wrote besides stays with them: it was written for the record.
SETTLED: Mapping[str, Promise] = MappingProxyType(
    {
        Reason.LEFT_OUT: gettext_lazy("The places that it is about are left out."),
        Reason.CLEARANCE: gettext_lazy("A doctor has cleared it. The letter is in your records."),
        Reason.AGREEMENT: gettext_lazy("A doctor has agreed in writing. The letter is in your records."),
        Reason.ENDED: gettext_lazy("It has ended."),
        Reason.ANSWERED: gettext_lazy("A doctor was asked about it and has answered."),
        Reason.ASSESSED: gettext_lazy("Your practitioner has looked at it."),
        Reason.OTHER: gettext_lazy(
            "Your practitioner has looked at it, and has written down why it does not stand in the way."
        ),
    }
)


def course_in_words(course: Mapping[str, Any]) -> str:
    """Return a course as "8 sessions, at least 4 days apart", without what comes then; empty where none is planned."""
    return ", ".join(_course(course))


def _course(course: Mapping[str, Any]) -> Iterator[str]:
    if number := course.get("sessions"):
        yield ngettext("%(number)s session", "%(number)s sessions", number) % {"number": number}
    if days := course.get("interval_days"):
        yield ngettext("at least %(days)s day apart", "at least %(days)s days apart", days) % {"days": days}
