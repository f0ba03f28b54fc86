from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from clinic.privacy.daily import run_daily


class Command(BaseCommand):
    """Does everything that is due once a day. Running it twice, or in two places at once, does no harm."""

    help = (
        "Erases what is past its time, drops drafts, links and sign-ins that ended, seals the trail and mails its head."
        " One line for each thing done; exit status 1 if a step failed, and the others run all the same."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done, and change nothing")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        failed = 0
        for line, is_failure in run_daily(timezone.now(), dry=dry_run):
            failed += is_failure
            self.stdout.write(line)
        if failed:
            raise CommandError(f"{failed} step{'' if failed == 1 else 's'} failed.")
