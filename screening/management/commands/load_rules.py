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

    def handle(self, *args: Any, **options: Any) -> None:
        files = options["files"] or sorted((settings.BASE_DIR / "fixtures").glob("rule-set-*.json"))
        for path in files:
            self._load(path, options["reason"], options["by"])

    def _load(self, path: Path, reason: str, by: str) -> None:
        try:
            rule_set, changed = load(json.loads(path.read_bytes()), reason=reason, by=by)
        except (OSError, ValueError) as error:
            raise CommandError(f"{path.name}: {error}") from None
        except RefusedError as error:
            raise CommandError("\n".join(f"{path.name}: {fault}" for fault in error.faults)) from None
        done = "is published" if changed else "is published already; nothing changed"
        self.stdout.write(f"Rule set {rule_set} {done}. Digest: {rule_set.digest}")
