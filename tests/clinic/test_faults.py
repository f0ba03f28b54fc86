"""What is left when a server dies, its database goes away or its disk is full: all of a record, or nothing of it.

Each is done to a real server, between a request and its commit, at every write and every commit on the way.
"""

from threading import Thread

import pytest

from tests.conftest import ON_POSTGRESQL
from tests.support.faults import NOTHING, copied_database, lab_on, made

pytestmark = pytest.mark.django_db

ACTS = ("store", "send", "decide", "sign", "start", "record", "issue", "withdraw", "erase")
# Typed answers are kept before the screening is made of them; nobody loses them then.
KEPT_ALONE = {"store": {"tables": {"clinic_intake": 0}, "actions": {}}}
WORDS = ("What you sent is kept whole or not at all.", "Not working right now", "paper form")


@pytest.fixture(scope="module")
def lab(django_db_setup, django_db_blocker, tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("faults")
    with (
        django_db_blocker.unblock(),
        copied_database(lambda: request.getfixturevalue("laid_database"), folder) as url,
        lab_on(url, folder) as running,
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
    answer, left = trial.strike("full", first_write(trial) + 3)
    assert (answer.status, left) == (503, KEPT_ALONE["store"])
    assert [words for words in WORDS if words not in answer.text] == []


def pressed_twice(lab, act, fault):
    """Send one page twice at the same moment, each to a process of its own; give both answers."""
    answers = []
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
    assert trial.provoked > 0 or kind == "full"
