import sys
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from clinic.events import record
from clinic.privacy.backup import back_up
from clinic.privacy.backup_files import BackupRefused, new_file


class Command(BaseCommand):
    """Copies the whole database while people work, to a new file or to standard output."""

    help = "Writes a copy of everything to a new file, or to standard output: pipe that into what encrypts it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", nargs="?", default="-", help="a new file; - or nothing: to a pipe")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        if file == "-" and sys.stdout.isatty():
            raise CommandError("A backup is not for reading: name a file, or pipe it into what encrypts it.")
        try:
            self.tell_the_trail()
            if file == "-":
                back_up(sys.stdout.buffer)
                sys.stdout.buffer.flush()
                return
            with new_file(Path(file)) as kept:
                back_up(kept)
        except BrokenPipeError as fault:
            raise CommandError("What the backup was piped into has ended: there is no whole backup.") from fault
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{file}, {Path(file).stat().st_size:,} bytes")

    def tell_the_trail(self) -> None:
        """Record that a copy was taken; a database that cannot be written to is copied all the same."""
        try:
            record("backup made")
        except DatabaseError:
            self.stderr.write("The trail could not be told of this backup.")
