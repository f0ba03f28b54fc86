import random
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from clinic.management.commands import demo
from clinic.management.large_clinic import add_patients, open_large_clinic
from clinic.management.large_history import Scene, add_history, add_visits
from screening.rulesets import published


class Command(BaseCommand):
    """Adds a large invented clinic to the demo, for looking at long lists and for measuring."""

    help = "Adds invented patients, with what happened to them, to the demo's large clinic until it has so many."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, help="how many patients the large clinic is to have")

    def handle(self, *args: Any, number: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo: set DEMO=1, and leave production's own settings out.")
        demo.Command().prepare()
        clinic = open_large_clinic()
        there = clinic.patients.count()
        # The same number makes the same people: what is measured today can be measured again.
        scene = Scene.of(clinic, published(), random.Random(there))  # noqa: S311 - nothing secret
        for patients in add_patients(clinic, max(0, number - there), scene.chance):
            add_history(scene, patients)
            self.stdout.write(f"{clinic.patients.count()} patients")
        if not clinic.visits.exists():
            add_visits(scene, list(clinic.patients.values_list("pk", flat=True)))
        self.stdout.write(f"{clinic.name} is ready: choose it after signing in as any of the demo's people.")
