"""Whatever was done to the trail or to its seals past Django, `verify_audit` names it."""

import pytest
from django.db import DatabaseError, connection, transaction

from clinic.events import Event, record
from clinic.models import Seal
from clinic.privacy import sealing
from clinic.privacy.trail_heads import MAILED
from tests.clinic.privacy.trail import START, events, verified
from tests.clinic.screenings.invented import a_clinic, a_member, a_patient
from tests.support.tampering import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(monkeypatch):
    """The keys of twelve sealed events, four to a seal, and of two that wait for one."""
    monkeypatch.setattr(sealing, "BATCH", 4)
    made = events(12)
    sealing.seal_trail(START)
    return made + events(2)


def broken(*lines, count=12, seals=3, unsealed=2):
    events_, seals_ = (f"{n} {what}{'' if n == 1 else 's'}" for n, what in ((count, "event"), (seals, "seal")))
    end = f"{events_} under {seals_}, not all as they were sealed."
    return [*lines, end, f"{unsealed} event{'' if unsealed == 1 else 's'} not sealed yet."], True


def test_whole_trail_is_said_to_be_whole(keys):
    lines = ["12 events under 3 seals, all as they were sealed.", "2 events not sealed yet."]
    assert verified() == (lines, False)


@pytest.mark.hazard("H-32")
def test_changed_event_is_named_whichever_column_it_was(keys):
    clinic = a_clinic()
    changes = {
        "clinic_id": clinic.pk, "actor_id": a_member(clinic).pk, "patient_id": a_patient(clinic).pk,
        "action": "signed out", "about": "decision 99", "at": "2020-01-01 10:00:00+00:00", "address": "192.0.2.1",
    }  # fmt: skip
    assert set(changes) == set(sealing.COLUMNS)
    for key, (column, value) in zip(keys, changes.items(), strict=False):
        tamper(f"UPDATE clinic_event SET {column} = %s WHERE id = %s", value, key)
    assert verified() == broken(*(f"Event {key} was changed." for key in keys[: len(changes)]))


@pytest.mark.hazard("H-32")
def test_removed_event_is_named(keys):
    for key in (keys[0], keys[5], keys[11]):
        tamper("DELETE FROM clinic_event WHERE id = %s", key)
    assert verified() == broken(*(f"Event {keys[n]} was removed." for n in (0, 5, 11)), count=9)


def test_event_put_in_by_hand_is_named(keys):
    tamper("UPDATE clinic_event SET id = -7 WHERE id = %s", keys[12])
    tamper("DELETE FROM clinic_event WHERE id = %s", keys[6])
    tamper("UPDATE clinic_event SET id = %s WHERE id = %s", keys[6], keys[13])
    said = "Event -7 was put in after its batch was sealed.", f"Event {keys[6]} was changed."
    assert verified() == broken(*said, count=13, unsealed=0)


@pytest.mark.hazard("H-32")
def test_reordered_events_are_named(keys):
    for key, was in ((99999, keys[1]), (keys[1], keys[2]), (keys[2], 99999)):
        tamper("UPDATE clinic_event SET id = %s WHERE id = %s", key, was)
    said = (f"Event {keys[a]} was event {keys[b]}: it was moved." for a, b in ((1, 2), (2, 1)))
    assert verified() == broken(*said)


@pytest.mark.parametrize(
    ("column", "value"),
    [("count", 3), ("at", "2020-01-01 10:00:00+00:00"), ("seal", "0" * 64), ("previous", "1" * 64)],
)
def test_changed_seal_is_named(keys, column, value):
    tamper(f"UPDATE clinic_seal SET {column} = %s WHERE id = 2", value)
    lines, is_broken = verified()
    assert is_broken
    own = [line for line in lines if line.startswith("Seal 2")]
    assert own[-1] == "Seal 2 was changed, or made with another key."


def test_event_changed_together_with_what_its_seal_keeps_of_it_is_named(keys):
    row = Seal.objects.get(pk=2)
    tamper("UPDATE clinic_event SET action = 'other' WHERE id = %s", keys[4])
    tamper("UPDATE clinic_seal SET rows = %s WHERE id = 2", bytes(row.rows)[:8] + b"\0" * 32 + bytes(row.rows)[40:])
    assert verified() == broken("Seal 2 was changed, or made with another key.", f"Event {keys[4]} was changed.")


def test_seal_that_is_missing_in_the_middle_is_named(keys):
    tamper("DELETE FROM clinic_seal WHERE id = 2")
    assert verified() == broken("Seal 2 is missing, and what was sealed there is not known.", count=8, seals=2)


@pytest.mark.hazard("H-33")
def test_tail_that_was_cut_off_is_missed_with_the_head_from_the_mail(keys):
    head = sealing.newest().seal
    tamper("DELETE FROM clinic_seal WHERE id > 1")
    tamper("DELETE FROM clinic_event WHERE id > %s", keys[3])
    assert not verified()[1]
    said = "The seal from the mail is not here: the trail was cut off before it, or sealed anew."
    assert verified("--head", head) == broken(said, count=4, seals=1, unsealed=0)


@pytest.mark.parametrize(("gone", "said"), [(">= 3", "Seal 3 is"), ("> 0", "Seals 1 to 3 are")])
def test_seal_whose_head_was_mailed_and_that_is_gone_is_named_without_the_mail(keys, gone, said):
    record(MAILED, about=sealing.newest())
    record(MAILED)
    assert not verified()[1]
    tamper(f"DELETE FROM clinic_seal WHERE id {gone}")
    lines, is_broken = verified()
    assert (is_broken, lines[0]) == (True, f"{said} missing, and what was sealed there is not known.")


def test_trail_sealed_anew_with_another_key_is_named(keys, settings):
    tamper("DELETE FROM clinic_seal")
    settings.SEAL_KEY = "another"
    sealing.seal_trail(START)
    settings.SEAL_KEY = "the one that was kept outside"
    lines, is_broken = verified()
    assert (is_broken, lines[0]) == (True, "Seal 1 was changed, or made with another key.")


def test_key_can_be_changed_where_the_one_before_stays_known(keys, settings):
    settings.SEAL_KEY_FALLBACKS, settings.SEAL_KEY = [settings.SEAL_KEY], "the next one"
    sealing.seal_trail(START)
    assert verified() == (["14 events under 4 seals, all as they were sealed.", "0 events not sealed yet."], False)


def test_walk_asks_once_for_a_seal(keys, django_assert_num_queries):
    # The seal that was mailed; the seals; the events of each of three; the newest seal, and how many wait for one.
    with django_assert_num_queries(7):
        verified()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no such triggers.")
@pytest.mark.parametrize("table", ["event", "seal", "document"])
def test_database_itself_refuses_to_change_or_remove(keys, table):
    if table == "document":
        from tests.clinic.consultations.gated import World
        from tests.support.record import a_document

        world = World()
        a_document(world.clinic, world.patient, world.by)
    for statement in (f"UPDATE clinic_{table} SET id = id", f"DELETE FROM clinic_{table}"):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Event.objects.count() >= len(keys)
