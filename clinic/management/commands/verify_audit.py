from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from clinic.privacy.trail_walk import TrailWalk


class Command(BaseCommand):
    """Checks the trail against its seals, and the seals against their key."""

    help = "Names each event that was changed, removed, put in or moved after it was sealed. Exit status 1 if any was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", metavar="SEAL", default="", help="a seal from the mail to the owners")

    def handle(self, *args: Any, head: str = "", **options: Any) -> None:
        walk, broken = TrailWalk(head.strip().lower()), 0
        for line in walk.lines():
            broken += 1
            self.stdout.write(line)
        state = "not all as they were sealed" if broken else "all as they were sealed"
        self.stdout.write(f"{_counted(walk.events, 'event')} under {_counted(walk.seals, 'seal')}, {state}.")
        self.stdout.write(f"{_counted(walk.unsealed, 'event')} not sealed yet.")
        if broken:
            raise CommandError(f"Not as sealed: {_counted(broken, 'line')} above.")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
