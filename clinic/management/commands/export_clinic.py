import os
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from clinic.events import record
from clinic.people.clinics import Clinic
from clinic.privacy.clinic_export import NotEmpty, export_clinic, make_empty


class Command(BaseCommand):
    """Gives a clinic everything it owns, in open formats."""

    help = "Writes everything of a clinic into an empty folder: tables as JSON and CSV, papers, pictures, rules."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="an empty folder, or one that is not there yet")
        parser.add_argument("--clinic", required=True, metavar="SLUG", help="the clinic, by the name in its address")

    def handle(self, *args: Any, folder: Path, clinic: str, **options: Any) -> None:
        here = Clinic.objects.filter(slug=clinic).first()
        if here is None:
            raise CommandError(f"There is no clinic {clinic}.")
        # Whoever else is on this machine does not read it, whoever may open the folder.
        before = os.umask(0o077)
        try:
            make_empty(folder)
            # In the trail before anything is written: what is not whole was given away too.
            record("clinic exported", clinic=here, about=here)
            count = export_clinic(here, folder)
        except NotEmpty as refused:
            raise CommandError(f"{folder} is not empty. Nothing was written.") from refused
        except OSError as error:
            raise CommandError(f"{folder}: {error.strerror}. What is there is not whole.") from error
        finally:
            os.umask(before)
        self.stdout.write(f"{clinic}: {count} files in {folder}. They hold health data: keep them safe.")
