"""What is left when a server dies, its database goes away or its disk is full: all of a record, or nothing of it.

Each is done to a real server, between a request and its commit, at every write and every commit on the way.
"""

import contextlib
import json
import sqlite3
import time
from threading import Thread

import pytest

from tests.conftest import ON_POSTGRESQL
from tests.support.faults import NOTHING, lab_on, made
from tests.support.faults_database import copied_database

pytestmark = pytest.mark.django_db

ACTS = ("store", "send", "decide", "sign", "start", "record", "issue", "withdraw", "erase", "erase-record")
# Typed answers are kept before the screening is made of them; nobody loses them then.
KEPT_ALONE = {"store": {"tables": {"clinic_intake": 0}, "actions": {}}}
WORDS = ("What you sent is kept whole or not at all.", "Not working right now", "paper form")


@pytest.fixture(scope="module")
def lab(django_db_setup, django_db_blocker, tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("faults")
    with (
        django_db_blocker.unblock(),
        copied_database(lambda: request.getfixturevalue("laid_database"), folder) as database,
        lab_on(database, folder) as running,
    ):
        yield running


class Trial:
    """One act: `whole` is what it makes when nothing happens, `points` what it passes. Counts what was provoked."""

    def __init__(self, lab, name):
        self.lab, self.name, self.provoked = lab, name, 0
        act, before = lab.prepare(name), lab.held()
        answer = lab.post(act)
        assert answer.status in (200, 302), answer.text
        self.points, self.whole, self.where = answer.points, made(before, lab.held()), answer.location
        assert self.whole["actions"], "It leaves nothing in the trail."

    def strike(self, kind, at):
        """Do it anew, struck at a point; then once more. Give the struck answer and what was left of it."""
        act, before = self.lab.prepare(self.name), self.lab.held()
        answer = self.lab.post(act, f"{kind} {at}")
        left = made(before, self.lab.held())
        self.provoked += answer.status not in (200, 302)
        assert left in (NOTHING, self.whole, KEPT_ALONE.get(self.name)), (kind, self.points[at])
        again = self.lab.post(act)
        if again.status == 429:
            # A process that died while it counted a try keeps the counter shut for seconds: as if these had passed.
            self.lab.forget()
            again = self.lab.post(act)
        assert again.status in (200, 302) or left == self.whole, again
        assert made(before, self.lab.held()) == self.whole, (kind, self.points[at])
        return answer, left

    def commit(self):
        """The commit that makes it last: the one after the last write."""
        last = max(at for at, point in enumerate(self.points) if " " in point)
        return self.points.index("commit", last)


def first_write(trial):
    return next(at for at, point in enumerate(trial.points) if " " in point)


@pytest.mark.hazard("H-23")
def test_a_server_killed_just_before_the_commit_leaves_nothing_and_just_after_it_all(lab):
    trial = Trial(lab, "send")
    for at, left in ((trial.commit(), NOTHING), (trial.commit() + 1, trial.whole)):
        answer, found = trial.strike("kill", at)
        assert (answer.status, found) == (0, left)


@pytest.mark.hazard("H-23")
def test_a_database_that_goes_away_in_the_middle_is_said_and_nothing_is_kept(lab):
    trial = Trial(lab, "start")
    answer, left = trial.strike("lost", trial.commit() - 1)
    assert (answer.status, left) == (503, NOTHING)
    assert [words for words in WORDS if words not in answer.text] == []


@pytest.mark.hazard("H-23")
def test_a_full_disk_is_said_and_nothing_is_kept(lab):
    trial = Trial(lab, "store")
    answer, left = trial.strike("full", trial.points.index("insert clinic_screening"))
    assert (answer.status, left) == (503, KEPT_ALONE["store"])
    assert [words for words in WORDS if words not in answer.text] == []


# In seconds: gunicorn gives a worker thirty, and a proxy's own page helps nobody.
SOON = 30


@contextlib.contextmanager
def kept_locked(lab, url):
    """Let another process's transaction keep what a session is written to, until the end."""
    if not ON_POSTGRESQL:
        with contextlib.closing(sqlite3.connect(lab.folder / "demo.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    import psycopg2

    with contextlib.closing(psycopg2.connect(url)) as other, other.cursor() as cursor:
        cursor.execute("LOCK TABLE clinic_stop, clinic_session")
        yield


@pytest.mark.sweep
def test_a_database_that_somebody_keeps_locked_is_said_in_time_and_the_next_try_works(lab):
    act, before = lab.prepare("start"), lab.held()
    with kept_locked(lab, lab.database.url):
        begun = time.monotonic()
        answer = lab.post(act)
        took = time.monotonic() - begun
    assert (answer.status, took < SOON) == (503, True), took
    assert [words for words in WORDS if words not in answer.text] == []
    assert made(before, lab.held()) == NOTHING
    assert lab.post(act).status == 302


def pressed_twice(lab, act, fault):
    """Send one page twice at the same moment, each to a process of its own; give both answers."""
    answers = []
    lab.let_meet()
    pressing = [Thread(target=lambda: answers.append(lab.post(act, fault))) for _ in range(2)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()
    return answers


def twice(lab, name):
    """Press twice at once, both at the same point before the first record; give the answers and what was made."""
    trial = Trial(lab, name)
    act, before = lab.prepare(name), lab.held()
    answers = pressed_twice(lab, act, f"meet {first_write(trial)}")
    assert {one.status for one in answers} <= {200, 302, 404}, [one.status for one in answers]
    assert made(before, lab.held()) == trial.whole


@pytest.mark.hazard("H-24")
def test_two_workers_on_one_form_make_one_record(lab):
    twice(lab, "start")


class Days:
    """Daily runs, each with something due of every kind. `whole`: what one makes when nothing happens.

    `kinds`: how much of each kind it then reports.
    """

    def __init__(self, lab):
        self.lab, self.provoked = lab, 0
        act, before, reported = lab.prepare("daily"), lab.held(), self.asked("reported")
        answer = lab.post(act)
        assert answer.text == "[]"
        self.points, self.whole = answer.points, made(before, lab.held())
        self.kinds = self.reported_since(reported)
        assert {"record", "patients", "unmatched"} <= self.kinds.keys()

    def asked(self, what):
        return json.loads(self.lab.ask("GET", f"/lab/do/{what}/").text)

    def reported_since(self, before):
        counts = {kind: count - before.get(kind, 0) for kind, count in self.asked("reported").items()}
        return {kind: count for kind, count in counts.items() if count}

    def strike(self, kind, at):
        """Let one be struck at a point, and another follow; give what the first one left."""
        act, before = self.lab.prepare("daily"), self.lab.held()
        answer = self.lab.post(act, f"{kind} {at}")
        left = made(before, self.lab.held())
        self.provoked += answer.status == 0 or answer.text != "[]"
        assert self.lab.post(act).text == "[]"
        assert made(before, self.lab.held()) == self.whole, (kind, self.points[at])
        assert self.asked("audit")[1] is False, (kind, self.points[at])
        return left


def test_an_erasure_that_is_killed_leaves_the_record_whole_and_the_next_try_erases_it(lab):
    act, before = lab.prepare("erase-record"), lab.held()
    assert lab.post(act, "kill insert clinic_erasure").status == 0
    assert made(before, lab.held()) == NOTHING
    assert lab.post(act).status == 302
    assert made(before, lab.held())["actions"]["patient erased"] == 1


@pytest.mark.sweep
def test_a_daily_run_that_is_killed_within_an_erasure_leaves_nothing_of_it_and_the_next_one_erases(lab):
    act, before = lab.prepare("daily"), lab.held()
    assert lab.post(act, "kill insert clinic_erasure").status == 0
    assert "patient erased" not in made(before, lab.held())["actions"]
    assert lab.post(act).text == "[]"
    assert made(before, lab.held())["actions"]["patient erased"] == 3


@pytest.mark.sweep
@pytest.mark.parametrize("kind", ["kill", "lost", "full"])
def test_a_daily_run_struck_anywhere_leaves_each_thing_whole_and_the_next_one_does_the_rest(lab, kind, record_property):
    days = Days(lab)
    before = NOTHING
    for at in range(len(days.points)):
        left = days.strike(kind, at)
        # Nothing lasts before its commit, and what stands alone is done at once.
        lasts = at and (days.points[at - 1] == "commit" or days.points[at - 1].endswith(" alone"))
        assert kind != "kill" or lasts or left == before, days.points[at]
        before = left
    record_property("faults provoked", days.provoked)
    print(f"{'PostgreSQL' if ON_POSTGRESQL else 'SQLite'}, {kind} in daily: {days.provoked} provoked, 0 records lost")
    assert days.provoked > 0


@pytest.mark.sweep
def test_two_daily_runs_at_once_erase_everything_once(lab):
    days = Days(lab)
    act, before, reported = lab.prepare("daily"), lab.held(), days.asked("reported")
    answers = pressed_twice(lab, act, f"meet {first_write(days)}")
    assert [one.status for one in answers] == [200, 200]
    found, whole = made(before, lab.held()), days.whole
    for each in (found, whole):
        # Each run reports what it did itself, and mails the head: twice the same does no harm.
        for name in ("clinic_retentionreport", "clinic_event"):
            each["tables"].pop(name)
        for name in ("retention run", "head of the trail mailed"):
            each["actions"].pop(name)
    assert found == whole
    assert days.reported_since(reported) == days.kinds
    assert days.asked("audit")[1] is False


@pytest.mark.sweep
@pytest.mark.parametrize("name", ACTS)
def test_two_workers_on_any_form_make_one_record(lab, name):
    twice(lab, name)


@pytest.mark.sweep
@pytest.mark.parametrize("kind", ["kill", "lost", "full"])
@pytest.mark.parametrize("name", ACTS)
def test_every_fault_at_every_point_leaves_all_or_nothing(lab, name, kind, record_property):
    trial = Trial(lab, name)
    for at in range(len(trial.points)):
        trial.strike(kind, at)
    record_property("faults provoked", trial.provoked)
    record_property("records lost", 0)
    print(f"{'PostgreSQL' if ON_POSTGRESQL else 'SQLite'}, {kind} at {name}: {trial.provoked} provoked, 0 records lost")
    assert trial.provoked > 0
