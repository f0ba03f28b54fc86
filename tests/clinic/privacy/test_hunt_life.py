"""The hunt for what goes too early, or stays though it was to go."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from clinic import models
from clinic.privacy import daily, ended, retention
from clinic.privacy.erasing_rest import erase_rest
from clinic.privacy.holds import set_hold
from clinic.screenings.matching import match
from clinic.screenings.models import Sending
from tests.clinic.screenings.invented import a_link, a_patient, a_sending

pytestmark = pytest.mark.django_db


def test_somebody_with_an_open_link_is_not_past_their_time(clinic, by):
    patient = a_patient(clinic)
    invitation, _ = a_link(clinic, patient=patient)
    models.Retention(clinic=clinic, kind="patients", months=1, by=by).save()
    now = timezone.now() + timedelta(days=60)
    models.Invitation.objects.filter(pk=invitation.pk).update(expires_at=now + timedelta(days=1))
    assert list(retention.due(clinic, "patients", now)) == []
    models.Invitation.objects.filter(pk=invitation.pk).update(closed_at=now)
    assert list(retention.due(clinic, "patients", now)) == [patient]


def test_a_legal_hold_keeps_who_was_sent_a_link(clinic, by):
    held, other = (a_link(clinic)[0] for _ in range(2))
    set_hold(held.patient, "A claim.", by=by)
    assert list(ended.links(timezone.now() + timedelta(days=400))) == [other]


def test_where_a_person_can_be_reached_goes_from_what_they_sent_too(clinic, by):
    patient, other = a_patient(clinic), a_patient(clinic)
    invited = a_sending(clinic=clinic, invitation=a_link(clinic, patient=patient)[0], phone="0151 2345678")
    strangers, others = (a_sending(clinic=clinic, phone="0151 2345678") for _ in range(2))
    match(strangers, patient, by=by)
    match(others, other, by=by)
    erase_rest(patient, "Asked for.", law="Ten years.", until=clinic.now().date(), by=by)
    left = dict(QuerySet(Sending).values_list("pk", "phone"))
    assert left == {invited.pk: "", strangers.pk: "", others.pk: "0151 2345678"}
    assert set(QuerySet(Sending).exclude(pk=others.pk).values_list("email", "name")) == {("", "Nora Novak")}


@pytest.mark.hazard("H-31")
def test_neither_a_second_run_nor_who_works_by_it_makes_a_clock_that_jumped_right(clinic, by):
    patient = a_patient(clinic)
    models.Event(clinic=clinic, action="signed in", at=timezone.now() - timedelta(days=1)).save()
    models.Retention(clinic=clinic, kind="patients", months=1, by=by).save()
    jumped = timezone.now() + timedelta(days=400)
    models.Event(clinic=clinic, action="signed in", at=jumped - timedelta(hours=2)).save()
    refused = (f"retention: {daily.CLOCK}", True)
    for minutes in (0, 5):
        assert refused in list(daily.run_daily(jumped + timedelta(minutes=minutes)))
    assert models.Patient.objects.filter(pk=patient.pk).exists()
    assert "retention: removed park-street: 1 × person without a record" in [
        line for line, _ in daily.run_daily(jumped + timedelta(days=1))
    ]
