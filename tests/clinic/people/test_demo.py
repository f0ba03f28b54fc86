import socket

import pytest
from django.core.management import CommandError, call_command

from clinic.management.commands.demo import Command, open_door
from clinic.models import User
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


def test_a_taken_port_is_passed_over_and_only_this_machine_is_answered():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with open_door(port) as door:
            assert door.getsockname()[0] == "127.0.0.1"
            assert door.getsockname()[1] > port
