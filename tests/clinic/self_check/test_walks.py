"""Random people walk through the real pages; what reaches the clinic is what the engine makes of what they said."""

from datetime import datetime
from random import Random

import pytest
import time_machine
from django.test import Client

from clinic.screenings.models import Door, Screening
from screening.engine.request import RequestError
from tests.clinic.screenings.invented import a_link
from tests.clinic.self_check.persons import Person
from tests.support.requests import RULES, SCREENED, read, request_by, waiting_request_by

pytestmark = pytest.mark.django_db
FOR_PATIENTS = [
    code for code, entry in RULES.questions.items() if entry.asked_by == "patient" and entry.stage == "consultation"
]


def somebody(chance, clinic):
    """A person's request at the clinic's time, with what a patient is asked, and planned places only."""
    while True:
        request = (request_by if chance.random() < 0.7 else waiting_request_by)(chance)
        at = datetime.fromisoformat(request["at"])
        if not 2023 <= at.year < 2029:
            continue
        request |= {"stage": "consultation", "at": at.astimezone(clinic.zone).isoformat()}
        request["answers"] = {code: said for code, said in request["answers"].items() if code in FOR_PATIENTS}
        try:
            read(request)
        except RequestError:
            continue
        return request


def a_walk(clinic, seed, door):
    chance = Random(seed)
    clinic.treatments = chance.sample(SCREENED, len(SCREENED))
    clinic.suit_sites = chance.choice([[], ["chest"], ["breast-left", "neck-back"]])
    clinic.time_zone = chance.choice(["Europe/London", "Asia/Tokyo", "America/St_Johns"])
    clinic.save()
    request = somebody(chance, clinic)
    with time_machine.travel(request["at"], tick=False):
        address = f"/c/{clinic.slug}/"
        if door == Door.LINK:
            address += f"link/{a_link(clinic)[1]}/"
        person = Person(Client(enforce_csrf_checks=True), clinic, chance, request, clinic.now())
        person.walk(address)
        hold(person, Screening.objects.latest("pk"), door)
        assert Screening.objects.count() == 1
    return person


def hold(person, screening, door):
    """The stored screening is what the engine makes of exactly what was said; what was not said is missing."""
    memory = person.memory
    assert screening.answers == memory.answers, person.trail
    assert (screening.door, screening.plan["treatment"]) == (door, memory.treatment)
    assert screening.plan.get("sites", []) == list(memory.plan.sites)
    assert screening.plan.get("goals", []) == memory.goals
    assert screening.outcome == memory.outcome.to_json(), person.trail
    required = {code for code in memory.asked if RULES.questions[code].required}
    assert required - memory.answers.keys() <= set(screening.outcome["missing"])


@pytest.mark.parametrize(("seed", "door"), [(seed, ["anonymous", "link"][seed % 2]) for seed in range(3)])
def test_what_reaches_the_clinic_is_what_was_said_on_either_database(clinic, seed, door):
    a_walk(clinic, seed, door)


@pytest.mark.one_database
@pytest.mark.parametrize(("seed", "door"), [(seed, ["anonymous", "link"][seed % 3 == 0]) for seed in range(3, 11)])
def test_what_reaches_the_clinic_is_what_was_said(clinic, seed, door):
    a_walk(clinic, seed, door)


@pytest.mark.sweep
@pytest.mark.parametrize("door", ["anonymous", "link"])
@pytest.mark.parametrize("seed", range(1000, 1250))
def test_what_hundreds_say_reaches_the_clinic(clinic, seed, door):
    a_walk(clinic, seed, door)
