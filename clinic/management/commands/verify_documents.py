from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from clinic.documents.ledger_walk import Walk
from clinic.people.clinics import Clinic


class Command(BaseCommand):
    """Checks every issued document against the ledger, and the ledger against its key."""

    help = "Names each document that is not as it was issued. Exit status 1 if there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clinic", metavar="SLUG", help="only this clinic, by the name in its address")

    def handle(self, *args: Any, clinic: str | None = None, **options: Any) -> None:
        clinics = Clinic.objects.defer("logo").order_by("slug")
        if clinic is not None:
            clinics = clinics.filter(slug=clinic)
            if not clinics.exists():
                raise CommandError(f"There is no clinic {clinic}.")
        broken = sum(self.walk(each) for each in clinics)
        if broken:
            raise CommandError(f"Not as issued: {broken} line{'' if broken == 1 else 's'} above.")

    def walk(self, clinic: Clinic) -> int:
        """Say what a clinic's ledger shows; give how many lines of it tell of something broken."""
        walk, broken = Walk(clinic), 0
        for line in walk.lines():
            broken += line.is_broken
            self.stdout.write(f"{clinic.slug}: {line.words}")
        state = "all as issued" if not broken else "not all as issued"
        self.stdout.write(f"{clinic.slug}: {walk.rows} document{'' if walk.rows == 1 else 's'}, {state}.")
        return broken
