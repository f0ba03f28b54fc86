"""The trail is sealed in batches, at the latest when one is full, by one process at a time, and in no one's way."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError

from clinic.events import Event, OneDoorError, record
from clinic.models import Seal
from clinic.privacy import sealing
from clinic.privacy.trail_heads import mail_heads
from tests.clinic.privacy.trail import START, events, verified
from tests.clinic.screenings.invented import a_clinic, a_member

pytestmark = pytest.mark.django_db


def test_batches_follow_each_other_and_hold_at_most_a_thousand(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 10)
    keys = events(25)
    made = sealing.seal_trail(START)
    assert [(one.pk, one.first, one.last, one.count) for one in made] == [
        (1, keys[0], keys[9], 10),
        (2, keys[10], keys[19], 10),
        (3, keys[20], keys[24], 5),
    ]
    assert [one.previous for one in made] == [sealing.BEGINNING, made[0].seal, made[1].seal]
    assert [row.key for row in sealing.rows_of(made[1])] == keys[10:20]
    assert (sealing.seal_trail(START), sealing.unsealed()) == ([], 0)
    assert verified() == (["25 events under 3 seals, all as they were sealed.", "0 events not sealed yet."], False)


def test_every_column_of_an_event_is_under_its_seal():
    assert {field.attname for field in Event._meta.concrete_fields} - {"id"} == set(sealing.COLUMNS)


def test_full_batch_is_sealed_once_its_last_event_is_stored(django_capture_on_commit_callbacks, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 50)
    sealed = []
    for _ in range(100):
        with django_capture_on_commit_callbacks(execute=True):
            record("signed in")
        sealed.append(sealing.unsealed())
    assert (max(sealed) <= 50, Seal.objects.count() >= 2) == (True, True)


def test_other_process_that_seals_at_the_same_time_wins_and_nothing_is_sealed_twice(monkeypatch):
    keys = events(2)
    sealing.seal_trail(START)
    events(1)
    monkeypatch.setattr(sealing, "newest", lambda: None)  # as read before the other one's seal was there
    assert sealing.seal_trail(START) == []
    monkeypatch.undo()
    assert [one.last for one in Seal.objects.all()] == [keys[-1]]
    assert [one.count for one in sealing.seal_trail(START)] == [1]
    assert not verified()[1]


@pytest.mark.parametrize("error", [DatabaseError, IntegrityError])
def test_database_that_lets_nothing_be_sealed_breaks_no_request(monkeypatch, error):
    def fail():
        raise error

    keys = events(2)
    monkeypatch.setattr(sealing, "_settled", fail)
    assert sealing.seal_trail(START) == []
    monkeypatch.undo()
    assert [one.last for one in sealing.seal_trail(START)] == [keys[-1]]


def test_seal_is_made_by_sealing_only():
    with pytest.raises(OneDoorError):
        Seal(first=1, last=1, count=1, rows=b"", previous="0" * 64, seal="0" * 64).save()


def test_clock_that_jumps_back_seals_all_the_same():
    events(2)
    sealing.seal_trail(START)
    events(2)
    sealing.seal_trail(START - timedelta(days=400))
    assert not verified()[1]


def test_head_is_mailed_once_a_day_to_owners_who_work_there():
    clinic, keys = a_clinic(), events(2)
    owner, gone, blocked = (a_member(clinic, "owner", name=name) for name in ("Olga", "Gone", "Blocked"))
    a_member(clinic, "practitioner", name="Nobody")
    clinic.memberships.filter(user=gone).update(suspended=True)
    type(blocked).objects.filter(pk=blocked.pk).update(is_active=False)
    assert mail_heads(START) == 0
    (head,) = sealing.seal_trail(START)
    assert (mail_heads(START), mail_heads(START + timedelta(hours=19))) == (1, 0)
    (sent,) = mail.outbox
    assert sent.to == [owner.email]
    assert [line for line in sent.body.splitlines() if head.seal in line] == [
        f"Seal: {head.seal}",
        f"manage.py verify_audit --head {head.seal}",
    ]
    assert f"Events under it: 2, the last is number {keys[1]}" in sent.body
    assert mail_heads(START + timedelta(hours=21)) == 1
    assert not verified("--head", head.seal.upper())[1]
