"""`manage.py screen`: one case, or one case a line, screened against the published rule set. Writes nothing."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from screening.engine.evaluate import evaluate
from screening.engine.request import RequestError, read
from screening.engine.rule_set import RuleSet
from screening.rulesets import NotScreenable, published

CANNOT_BE_SCREENED = 2


class UnreadableError(Exception):
    """The input cannot be read; the text says why."""


class Command(BaseCommand):
    help = "Screens one case (JSON) and prints the outcome as JSON. Exit status 2: the input cannot be screened."

    def add_arguments(self, parser: ArgumentParser) -> None:
        one_of = parser.add_mutually_exclusive_group(required=True)
        one_of.add_argument("file", nargs="?", metavar="FILE", help="a file with one case, or - for standard input")
        one_of.add_argument("--lines", metavar="FILE", help="a file with one case a line, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rule_set = published()
        except NotScreenable as error:
            raise CommandError(str(error)) from None
        each_line = options["lines"] is not None
        name = options["lines"] if each_line else options["file"]
        try:
            with _opened(name) as file:
                self._screen(rule_set, file, each_line=each_line)
        except UnreadableError as error:
            self._refuse([f"{name or 'FILE'}: cannot be read: {error}"])
        except RequestError as error:
            self._refuse(error.faults)
        except OSError as error:
            raise CommandError(f"The outcome cannot be written: {error.strerror}") from None

    def _screen(self, rule_set: RuleSet, file: BinaryIO, *, each_line: bool) -> None:
        if not each_line:
            self._print(json.dumps(_screened(rule_set, b"".join(_lines_of(file))), indent=2))
            return
        for line in _lines_of(file):
            if line.strip():
                self._print(json.dumps(_told(rule_set, line)))

    def _print(self, text: str) -> None:
        self.stdout.write(text)
        # Another program may be waiting for this outcome before it sends the next case.
        self.stdout.flush()

    def _refuse(self, faults: list[str]) -> None:
        for fault in faults:
            self.stderr.write(fault)
        sys.exit(CANNOT_BE_SCREENED)


def _opened(name: str) -> AbstractContextManager[BinaryIO]:
    if name == "-":
        if sys.stdin is None:
            raise UnreadableError("there is no standard input")
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise UnreadableError(error.strerror) from None


def _lines_of(file: BinaryIO) -> Iterator[bytes]:
    try:
        yield from file
    except OSError as error:
        raise UnreadableError(error.strerror) from None


def _screened(rule_set: RuleSet, text: bytes) -> dict[str, Any]:
    request = read(rule_set, text, timezone.localtime)
    return evaluate(rule_set, request.answers, request.plan, request.at).to_json()


def _told(rule_set: RuleSet, line: bytes) -> dict[str, Any]:
    try:
        return _screened(rule_set, line)
    except RequestError as error:
        return {"error": error.faults}
