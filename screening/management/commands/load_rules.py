"""`manage.py load_rules`: the one door by which rules enter."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from screening.rulesets import RefusedError, load


class Command(BaseCommand):
    help = "Checks the rule sets of the fixtures and publishes those that are not published yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="fixtures to load (all of fixtures/ when left out)")
        parser.add_argument("--reason", default="", help="why this version was made")
        parser.add_argument("--by", default="", help="who publishes it")
        parser.add_argument(
            "--safety",
            action="store_true",
            help="the set before is not to be used any more, also not by self-checks that began with it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files = options["files"] or sorted((settings.BASE_DIR / "fixtures").glob("rule-set-*.json"), key=_number)
        for path in files:
            # Of several sets only the one before the last is left for this reason.
            self._load(path, options["reason"], options["by"], for_safety=options["safety"] and path == files[-1])

    def _load(self, path: Path, reason: str, by: str, *, for_safety: bool) -> None:
        try:
            rule_set, changed = load(json.loads(path.read_bytes()), reason=reason, by=by, for_safety=for_safety)
        except (OSError, ValueError) as error:
            raise CommandError(f"{path.name}: {error}") from None
        except RefusedError as error:
            raise CommandError("\n".join(f"{path.name}: {fault}" for fault in error.faults)) from None
        done = "is published" if changed else f"is {rule_set.status} already; nothing changed"
        self.stdout.write(f"Rule set {rule_set} {done}. Digest: {rule_set.digest}")
        if for_safety:
            self.stdout.write("Self-checks that began with the set before move on at once.")


def _number(path: Path) -> tuple[int, str]:
    """Return where a fixture comes in the order of loading: rule-set-10.json after rule-set-2.json."""
    digits = path.stem.removeprefix("rule-set-")
    return (int(digits) if digits.isdecimal() else 0, path.name)
