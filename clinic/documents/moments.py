"""Days and times as a paper has them: a time with its zone, on the clinic's clock."""

from datetime import datetime

from django.utils.formats import date_format

from clinic.people.clinics import Clinic


def on_the_clock(at: datetime, clinic: Clinic) -> str:
    """Return an aware time as "20 November 2026, 10:00 GMT", on the clinic's clock."""
    local = at.astimezone(clinic.zone)
    return f"{date_format(local, 'j F Y, H:i')} {local:%Z}"
