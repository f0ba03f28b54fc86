"""The trail is sealed by real processes at once, and while an event of an earlier number has not been committed yet."""

import pytest
from django.db import transaction

from clinic.events import Event, record
from clinic.models import Seal
from clinic.privacy.sealing import seal_trail, unsealed
from tests.clinic.privacy.trail import START, events, verified
from tests.conftest import ON_POSTGRESQL
from tests.support.at_once import at_once
from tests.support.other_database import asking, for_processes


@pytest.fixture
def database(tmp_path, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), for_processes(tmp_path, "sealing") as name:
        yield name


def seals():
    return [(seal.first, seal.last) for seal in seal_trail(START)]


def test_processes_that_seal_at_once_seal_each_event_once(database):
    with asking(database):
        keys = events(2500)
    made = at_once(database, [seals] * 3)
    with asking(database):
        seal_trail(START)
        kept = [(seal.first, seal.last, seal.count) for seal in Seal.objects.order_by("pk")]
        assert sum(count for _, _, count in kept) == len(keys)
        assert len({first for one in made for first, _ in one}) == sum(len(one) for one in made)
        assert verified() == ([f"2500 events under {len(kept)} seals, all as they were sealed.",
                               "0 events not sealed yet."], False)  # fmt: skip


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one writer at a time: no event is committed late there")
def test_event_that_is_committed_late_is_waited_for_and_not_sealed_past(database):
    def seal_beside():
        record("signed in")
        return seals(), unsealed()

    with asking(database):
        with transaction.atomic():
            record("signed out")
            (beside,) = at_once(database, [seal_beside])
        late, soon = Event.objects.order_by("pk").values_list("action", flat=True)
        assert ((late, soon), beside) == (("signed out", "signed in"), ([], 1))
        (seal,) = seal_trail(START)
        assert (seal.count, verified()[1]) == (2, False)
