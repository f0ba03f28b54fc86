"""`manage.py check_rules`: whether the published set is as it was published, and what is weak in a set."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.engine.rule_set import RuleSet
from screening.engine.soundness import weaknesses
from screening.engine.witness import AT, witness_of
from screening.engine.written import written_case
from screening.rulesets import NotScreenable, RefusedError, published, read_fixture


class Command(BaseCommand):
    help = (
        "Checks the published rule set, or a fixture that is not loaded yet: one line for each weakness, and exit"
        " status 1 when there is any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="check this fixture instead of the published set")
        parser.add_argument(
            "--witness", metavar="RULE", help="print answers that reach this rule, and what comes of them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rule_set = _fixture(options["file"]) if options["file"] else published()
        except NotScreenable as error:
            raise CommandError(str(error)) from None
        except RefusedError as error:
            self._report(error.faults)
            return
        if options["witness"]:
            self._print_witness(rule_set, options["witness"])
        else:
            self._report(weaknesses(rule_set))
            self.stdout.write(f"Rule set {rule_set.code} {rule_set.version}: no weakness found in {_size(rule_set)}.")

    def _print_witness(self, rule_set: RuleSet, code: str) -> None:
        rule = rule_set.rules.get(code)
        if rule is None:
            raise CommandError(f"{code} is not a rule; use one of {', '.join(rule_set.rules)}")
        cases = [case for group in rule.groups if (case := witness_of(rule_set, rule, group))]
        if not cases:
            raise CommandError(f"rules.{code}: can never be met: no answers reach it")
        told = [
            {"request": written_case(case.plan, case.answers, AT), "outcome": case.outcome.to_json()} for case in cases
        ]
        self.stdout.write(json.dumps(told, indent=2))

    def _report(self, lines: list[str]) -> None:
        for line in lines:
            self.stdout.write(line)
        if lines:
            sys.exit(1)


def _fixture(path: Path) -> RuleSet:
    try:
        return read_fixture(json.loads(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path.name}: {error}") from None


def _size(rule_set: RuleSet) -> str:
    return f"{len(rule_set.rules)} rules and {len(rule_set.questions)} questions"
