"""A large clinic for the demo: its people are made of syllables, so that nobody takes them for anybody."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from clinic.people import demo
from clinic.people.clinics import Clinic, Device, Membership
from clinic.people.models import User
from clinic.people.opening import offered_treatments
from clinic.people.patients import Patient, write_keys

SLUG = "large"
BATCH = 1000
GIVEN = tuple(
    f"{first}{last}"
    for last in ("lia", "nor", "wen", "mis", "dra", "bel", "tor", "rina")
    for first in (
        "A",
        "Be",
        "Ca",
        "De",
        "E",
        "Fi",
        "Ga",
        "Ho",
        "I",
        "Jo",
        "Ka",
        "Lu",
        "Ma",
        "Ni",
        "O",
        "Pe",
        "Ro",
        "Sü",
    )
)
FAMILY = tuple(
    f"{first}{middle}{last}"
    for last in ("sample", "mock", "pretend", "feign", "test")
    for middle in ("", "a", "er", "in", "ol", "um", "ing", "et")
    for first in (
        "Bram",
        "Cor",
        "Dun",
        "Fal",
        "Grim",
        "Hel",
        "Kol",
        "Lang",
        "Mörs",
        "Nord",
        "Pel",
        "Quar",
        "Stan",
        "Wex",
    )
)
# Numbers that are kept for invented people: nobody answers.
AREAS = ("01632 960", "0113 496 0", "0114 496 0", "0115 496 0", "0121 496 0", "020 7946 0", "07700 900", "0151 496 0")


def open_large_clinic() -> Clinic:
    """Return the large clinic with the demo's staff and two devices; made where it is not there yet."""
    facts = demo.CLINIC | {"name": "Large Clinic", "treatments": offered_treatments()}
    clinic, is_new = Clinic.objects.get_or_create(slug=SLUG, defaults=facts)
    if is_new:
        for person, role in zip(demo.PEOPLE, demo.ROLES, strict=True):
            Membership.objects.create(clinic=clinic, user=User.objects.get(email=person["email"]), role=role)
        for device in demo.DEVICES:
            Device.objects.create(clinic=clinic, **device)
    return clinic


def add_patients(clinic: Clinic, number: int, chance: random.Random) -> Iterator[list[Patient]]:
    """Add so many invented patients, each with history and search keys; give them batch by batch."""
    owner = clinic.memberships.get(role=Membership.Role.OWNER).user
    there = clinic.patients.count()
    for start in range(there, there + number, BATCH):
        some = [invented(clinic, at, chance) for at in range(start, min(start + BATCH, there + number))]
        with transaction.atomic():
            made = bulk_create_with_history(some, Patient, batch_size=BATCH, default_user=owner)
            write_keys(made)
            yield made


def invented(clinic: Clinic, number: int, chance: random.Random) -> Patient:
    """Return a patient, not stored yet; some names are common and most are rare, as they are in life."""
    given, family = _often_the_first(GIVEN, chance), _often_the_first(FAMILY, chance)
    return Patient(
        clinic=clinic,
        name=f"{given} {family}",
        goes_by=given[:3] if chance.random() < 0.1 else "",
        born=date(1940, 1, 1) + timedelta(days=chance.randrange(25_000)),
        email=f"patient.{number}{demo.ADDRESS}" if chance.random() < 0.7 else "",
        phone=f"{chance.choice(AREAS)}{chance.randrange(1000):03}" if chance.random() < 0.8 else "",
        doctor="Dr Invented, Nowhere" if chance.random() < 0.3 else "",
        alerts="Invented alert" if chance.random() < 0.02 else "",
    )


def _often_the_first(names: tuple[str, ...], chance: random.Random) -> str:
    return names[min(int(chance.expovariate(6) * len(names)), len(names) - 1)]
