"""Runs a command in this process, as from a command line: what it printed, and its exit status."""

import io
import sys
from dataclasses import dataclass
from unittest import mock

from django.core.management import CommandError, call_command


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str


def run(command: str, *arguments: str, stdin: bytes = b"") -> Ran:
    """Run a command; any exception but those that end a command is the caller's to see."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    with mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")):
        try:
            call_command(command, *arguments, stdout=out, stderr=err)
        except SystemExit as end:
            status = end.code
        except CommandError as error:
            status = error.returncode
            err.write(f"CommandError: {error}\n")
    return Ran(status, out.getvalue(), err.getvalue())
