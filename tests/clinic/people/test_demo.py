import socket

import pytest
from django.core.management import CommandError, call_command

from clinic.management.commands.demo import Command, open_door
from clinic.models import Clinic, Device, Patient, User
from clinic.people import demo

pytestmark = pytest.mark.django_db


def test_the_demo_is_not_served_with_production_settings(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="This is not a demo: set DEMO=1"):
        call_command("demo")


def test_the_demo_refuses_a_database_with_people_who_are_not_its_own():
    User.objects.create_user("real.person@clinic.example", name="Real Person")
    with pytest.raises(CommandError, match="holds people who are not the demo's"):
        Command().prepare()
    assert User.objects.count() == 1


def test_adding_the_people_again_changes_nobody():
    demo.add_people()
    before = list(User.objects.values())
    demo.add_people()
    assert list(User.objects.values()) == before
    assert demo.strangers() == 0


def test_the_demos_clinic_has_staff_patients_and_devices_and_keeps_what_was_changed():
    demo.add_people()
    demo.add_clinic()
    clinic = Clinic.objects.get(slug="demo")
    assert list(clinic.memberships.values_list("user__email", "role")) == [
        ("olive.owner@demo.example", "owner"),
        ("perry.practitioner@demo.example", "practitioner"),
        ("sol.supervisor@demo.example", "supervisor"),
        ("robin.reception@demo.example", "reception"),
    ]
    assert (clinic.patients.count(), clinic.devices.count(), len(clinic.treatments)) == (3, 2, 6)
    Clinic.objects.update(name="Changed", suit_sites=[])
    demo.add_clinic()
    clinic.refresh_from_db()
    assert (clinic.name, clinic.suit_sites, clinic.patients.count()) == ("Changed", [], 3)


def test_everything_of_the_demo_is_a_valid_row_with_an_address_that_receives_no_mail():
    demo.add_people()
    demo.add_clinic()
    for row in (*Clinic.objects.all(), *Patient.objects.all(), *Device.objects.all()):
        row.full_clean()
    mails = [*Patient.objects.values_list("email", flat=True), *Clinic.objects.values_list("email", flat=True)]
    assert all(mail.endswith("@demo.example") for mail in mails if mail)


def test_a_taken_port_is_passed_over_and_only_this_machine_is_answered():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with open_door(port) as door:
            assert door.getsockname()[0] == "127.0.0.1"
            assert door.getsockname()[1] > port
