"""What erases a record, and the daily run with something due of each kind: prepared for the laboratory of faults."""

from datetime import UTC, datetime, time, timedelta
from io import StringIO

import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.events import record
from clinic.models import RetentionReport
from clinic.privacy.daily import run_daily
from tests.clinic.documents.test_pack import everything
from tests.clinic.screenings.invented import a_clinic, a_link, a_member, a_patient, a_sending
from tests.support.shown import just_signed_in

ERASES = {"scope": "all", "law": "Ten years.", "why": "The person asked for it.", "confirm": "ERASE"}
# Longer than any clinic of the tests keeps anything.
LONG_AFTER = timedelta(days=12 * 366)


def erase_record():
    by = a_member(a_clinic())
    patient = everything(by)
    client = Client()
    just_signed_in(client, by)
    return client, reverse("staff-erase", args=[patient.pk]), ERASES


def daily():
    at = datetime.combine(timezone.now().date(), time(12), UTC) + LONG_AFTER
    clinic = a_clinic()
    by = a_member(clinic)
    everything(by)
    a_patient(clinic)
    a_link(clinic)
    a_sending(clinic=clinic)
    # Work goes on until the day before.
    record("signed in", clinic=clinic, actor=by, at=at - timedelta(days=1))
    return Client(), "/lab/do/daily/", {"at": at.isoformat()}


def run(at):
    """Do all that is due at a moment; give the lines of what failed."""
    with time_machine.travel(at, tick=True):
        return [line for line, is_failure in run_daily(timezone.now()) if is_failure]


def audit():
    """Give what the walk along the trail says, and whether something is broken."""
    said = StringIO()
    try:
        call_command("verify_audit", stdout=said)
    except CommandError:
        return [said.getvalue(), True]
    return [said.getvalue(), False]


def reported():
    """Give how much of each kind all reports of the retention tell of."""
    counts = {}
    for gone in RetentionReport.objects.values_list("gone", flat=True):
        for kind, count in gone.items():
            counts[kind] = counts.get(kind, 0) + count
    return counts
