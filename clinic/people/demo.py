"""The demo's clinic and people: invented, recognised by their address, which can receive no mail."""

from datetime import date
from typing import Any

from django.db import connection

from clinic.people.clinics import Clinic, Device, Membership
from clinic.people.models import User
from clinic.people.opening import offered_treatments
from clinic.people.patients import Patient

ADDRESS = "@demo.example"
PASSWORD = "a demo, and nothing else"  # noqa: S105 - printed for everybody to see; the demo answers on this machine only
PEOPLE: tuple[dict[str, Any], ...] = (
    {"email": f"olive.owner{ADDRESS}", "name": "Olive Owner", "is_staff": True, "is_superuser": True},
    {"email": f"perry.practitioner{ADDRESS}", "name": "Perry Practitioner"},
    {"email": f"sol.supervisor{ADDRESS}", "name": "Sol Supervisor"},
    {"email": f"robin.reception{ADDRESS}", "name": "Robin Reception"},
)
ROLES = (
    Membership.Role.OWNER,
    Membership.Role.PRACTITIONER,
    Membership.Role.SUPERVISOR,
    Membership.Role.RECEPTION,
)
CLINIC: dict[str, Any] = {
    "name": "Demo Clinic",
    "street": "1 Invented Lane, Nowhere",
    "phone": "01632 960 001",
    "email": f"desk{ADDRESS}",
    "read_when": "Monday to Friday, 9 to 17",
    "suit_sites": ["chest"],
}
PATIENTS: tuple[dict[str, Any], ...] = (
    {"name": "Ada Example", "born": date(1985, 3, 14), "email": f"ada.example{ADDRESS}", "phone": "01632 960 011"},
    {"name": "Bo Sample", "born": date(1962, 11, 2), "email": f"bo.sample{ADDRESS}"},
    {"name": "Cleo Invented", "born": date(1999, 7, 30), "phone": "01632 960 013"},
)
DEVICES = (
    {"make": "Invented Works", "model": "Suit One", "serial_number": "DEMO-0001"},
    {"make": "Invented Works", "model": "Face Two", "serial_number": "DEMO-0002"},
)


def strangers() -> int:
    """Give how many people in the database are not the demo's; a database still without tables holds none."""
    if User._meta.db_table not in connection.introspection.table_names():
        return 0
    return User.objects.exclude(email__endswith=ADDRESS).count()


def add_people() -> None:
    """Add the demo's people who are not there yet."""
    there = set(User.objects.values_list("email", flat=True))
    for person in PEOPLE:
        if person["email"] not in there:
            User.objects.create_user(password=PASSWORD, **person)


def add_clinic() -> None:
    """Add the demo's clinic with its staff, patients and devices, unless it is there: what was changed stays."""
    clinic, is_new = Clinic.objects.get_or_create(slug="demo", defaults=CLINIC | {"treatments": offered_treatments()})
    if not is_new:
        return
    for person, role in zip(PEOPLE, ROLES, strict=True):
        Membership.objects.create(clinic=clinic, user=User.objects.get(email=person["email"]), role=role)
    for patient in PATIENTS:
        Patient.objects.create(clinic=clinic, **patient)
    for device in DEVICES:
        Device.objects.create(clinic=clinic, **device)
