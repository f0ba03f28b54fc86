"""When something ends, in words."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext


def end_in_words(until: date | datetime | None) -> str:
    """Return an end as "from 20 December 2026" or "from 14:30 on 20 December 2026", or nothing where there is none."""
    if until is None:
        return ""
    return gettext("from %(moment)s") % {"moment": moment_in_words(until)}


def moment_in_words(moment: date | datetime) -> str:
    """Return a day, or a time of a day in its own offset."""
    day = date_format(moment, "j F Y")
    if not isinstance(moment, datetime):
        return day
    return gettext("%(time)s on %(day)s") % {"time": date_format(moment, "H:i"), "day": day}
