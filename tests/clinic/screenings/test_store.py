"""What reaches the clinic is kept whole, once, and as it was given."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from clinic.events import AppendOnlyError, Event
from clinic.screenings import store as store_module
from clinic.screenings.invitations import keep_draft
from clinic.screenings.models import Door, Draft, Screening, Sending
from clinic.screenings.store import store
from screening.engine.evaluate import evaluate
from screening.engine.outcome import Outcome
from screening.engine.request import read_document
from screening.models import RuleSet
from screening.rulesets import NotScreenable, published
from tests.clinic.screenings.invented import AT, a_case, a_clinic, a_link, a_member, a_patient, a_sending

pytestmark = pytest.mark.django_db


def stored(case, **fields):
    clinic = a_clinic()
    given = {"clinic": clinic, "patient": a_patient(clinic), "door": Door.LINK} | fields
    return store(rule_set=published(), plan=case.plan, answers=case.answers, at=case.at, **given)


def test_screening_keeps_what_was_planned_answered_and_found():
    case = a_case(hernia="yes")
    screening = Screening.objects.get(pk=stored(case).pk)
    assert screening.answers["hernia"] == "yes"
    assert screening.plan == {
        "treatment": "body-myostimulation",
        "stage": "consultation",
        "at": AT.isoformat(),
        "sites": ["abdomen", "forearm-left"],
        "goals": ["sport"],
    }
    expected = evaluate(published(), case.answers, case.plan, case.at)
    assert Outcome.from_json(screening.outcome) == expected
    assert (screening.treatment, screening.stage, screening.door) == ("body-myostimulation", "consultation", "link")
    assert (screening.engine_version, screening.rule_set) == (expected.engine, RuleSet.objects.get())
    assert (screening.answered_at, screening.by) == (AT, None)


def test_stored_screening_is_the_same_request_again_offset_included():
    case = replace(a_case(), at=datetime(2026, 11, 20, 23, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))))
    screening = Screening.objects.get(pk=stored(case, by=a_member(a_clinic("other"))).pk)
    again = read_document(published(), {**screening.plan, "answers": screening.answers}, lambda: AT)
    assert (again.plan, again.answers, again.at) == (case.plan, case.answers, case.at)
    assert again.at.utcoffset() == timedelta(hours=5, minutes=30)


def test_rule_set_is_the_one_it_was_made_by_also_when_another_is_published_since():
    first = RuleSet.objects.get()
    rule_set, case, clinic = published(), a_case(), a_clinic()
    RuleSet.objects.update(status=RuleSet.Status.RETIRED, retired_at=AT)
    screening = store(
        clinic=clinic, patient=None, rule_set=rule_set, plan=case.plan, answers=case.answers, at=AT, door="anonymous"
    )
    assert screening.rule_set_id == first.pk


def test_screening_is_never_changed():
    screening = stored(a_case())
    with pytest.raises(AppendOnlyError):
        screening.save()
    with pytest.raises(AppendOnlyError):
        Screening.objects.all().delete()


def test_sending_keeps_the_sender_and_what_was_agreed_to():
    clinic = a_clinic()
    sending = Sending.objects.get(pk=a_sending(clinic=clinic, answered_for="other", phone="0123").pk)
    assert (sending.answered_for, sending.name, sending.phone) == ("other", "Nora Novak", "0123")
    assert sending.keeping_agreed == "Park Street may keep my answers."
    assert (sending.screening.door, sending.screening.patient, sending.invitation) == ("anonymous", None, None)
    assert sending.clinic == sending.screening.clinic == clinic


def test_sending_is_in_the_trail_without_a_name_or_an_answer():
    sending = a_sending(clinic=a_clinic())
    event = Event.objects.get()
    assert (event.action, event.about, event.clinic, event.actor) == (
        "self-check sent",
        f"sending {sending.pk}",
        sending.clinic,
        None,
    )


def test_sending_an_invited_check_belongs_to_the_patient_and_deletes_the_draft():
    invitation, _ = a_link()
    keep_draft(invitation, lambda _: {"answers": {"hernia": "no"}})
    sending = a_sending(clinic=invitation.clinic, invitation=invitation)
    assert sending.screening.patient == invitation.patient
    assert not Draft.objects.exists()


def test_other_peoples_drafts_stay():
    invitation, _ = a_link()
    a_sending(clinic=invitation.clinic)
    assert Draft.objects.filter(invitation=invitation).exists()


def test_same_key_again_is_the_same_sending():
    clinic, key = a_clinic(), uuid.uuid4()
    first = a_sending(clinic=clinic, key=key)
    assert a_sending(clinic=clinic, key=key, case=a_case(hernia="yes"), name="Another") == first
    assert Screening.objects.count() == Sending.objects.count() == Event.objects.count() == 1


def test_second_sending_of_an_invitation_gives_the_first_whatever_its_key():
    invitation, _ = a_link()
    first = a_sending(clinic=invitation.clinic, invitation=invitation)
    assert a_sending(clinic=invitation.clinic, invitation=invitation) == first
    assert Sending.objects.count() == 1


def test_key_of_another_clinic_opens_nothing_there():
    key = uuid.uuid4()
    a_sending(clinic=a_clinic(), key=key)
    with pytest.raises(IntegrityError):
        a_sending(clinic=a_clinic("other"), key=key)
    assert Sending.objects.count() == Screening.objects.count() == 1


def test_failure_while_sending_keeps_draft_and_stores_nothing(monkeypatch):
    invitation, _ = a_link()

    def fail(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(store_module, "record", fail)
    with pytest.raises(RuntimeError):
        a_sending(clinic=invitation.clinic, invitation=invitation)
    assert not Screening.objects.exists()
    assert Draft.objects.filter(invitation=invitation).exists()


def test_address_of_who_sent_is_kept_in_the_trail_where_it_is_known(rf):
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    request.user = AnonymousUser()
    a_sending(clinic=a_clinic(), request=request)
    assert Event.objects.get().address == "192.0.2.7"


def test_rules_that_were_never_published_screen_nobody():
    case, clinic = a_case(), a_clinic()
    rules = replace(published(), digest="0")
    with pytest.raises(NotScreenable, match="was never published here"):
        store(clinic=clinic, patient=None, rule_set=rules, plan=case.plan, answers=case.answers, at=AT, door="link")
