"""A trail to seal and to tamper with."""

from datetime import UTC, datetime, timedelta
from io import StringIO

from django.core.management import CommandError, call_command

from clinic.events import Event

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def events(count, clinic=None, **about):
    """Store so many events, each a second after the one before, and give their keys in order."""
    rows = [
        Event(clinic=clinic, action="decision read", about=f"decision {n}", at=START + timedelta(seconds=n), **about)
        for n in range(count)
    ]
    return [row.pk for row in Event.objects.bulk_create(rows)]


def verified(*arguments):
    """Give what `verify_audit` says, and whether it found something broken."""
    said = StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=said)
    except CommandError:
        return said.getvalue().splitlines(), True
    return said.getvalue().splitlines(), False
