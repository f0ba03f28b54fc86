import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from clinic.databases import is_migrated
from clinic.events import record
from clinic.privacy.backup import restore
from clinic.privacy.backup_files import BackupRefused, readable


class Command(BaseCommand):
    """Puts a backup back into an empty database, and brings it to this version."""

    help = "Puts a backup into an empty database. Everybody signs in anew afterwards."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a file that `backup` wrote; -: from a pipe")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        try:
            with nullcontext(sys.stdin.buffer) if file == "-" else readable(Path(file)) as source:
                restore(source)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if not is_migrated():
            self.stdout.write("It is of an earlier version, and is brought to this one.")
            call_command("migrate", verbosity=0)
        record("backup restored")
        self.stdout.write("Restored. Next: verify_documents and verify_audit, with the same SEAL_KEY as before.")
