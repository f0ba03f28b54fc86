"""PostgreSQL's own programs, of the server's own version, run for the database of the settings."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from django.db import DatabaseError, connection
from django.db.backends.postgresql.client import DatabaseClient

from clinic.privacy.backup_files import BackupRefused

MAGIC = b"PGDMP"
# What whoever restores owns is theirs, whatever the roles were called where the backup was made.
NOBODY_IN_PARTICULAR = ("--no-owner", "--no-privileges", "--no-comments")
INSTALLED = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")


def dump(to: BinaryIO, left_out: Sequence[str]) -> None:
    """Write the database as an archive of pg_dump's, with the tables `left_out` empty."""
    without = [f"--exclude-table-data={table}" for table in left_out]
    _run("pg_dump", "--format=custom", *NOBODY_IN_PARTICULAR, *without, "--dbname", _name(), to=to)


def load(source: BinaryIO, check: Callable[[set[tuple[str, str]]], None]) -> None:
    """Take a backup and what refuses its migrations; put it into the database, all of it or nothing."""
    check(_migrations(source))
    whole = ("--single-transaction", "--exit-on-error")
    _run("pg_restore", *whole, *NOBODY_IN_PARTICULAR, "--dbname", _name(), source=source)


def _migrations(source: BinaryIO) -> set[tuple[str, str]]:
    printed = _run("pg_restore", "--data-only", "--table=django_migrations", "--file=-", source=source)
    rows = [line.split("\t") for line in printed.decode().splitlines()]
    return {(row[1], row[2]) for row in rows if len(row) == 4}


def _run(name: str, *options: str, source: BinaryIO | None = None, to: BinaryIO | None = None) -> bytes:
    """Run a program of PostgreSQL's; give what it printed unless that went `to` a file. BackupRefused where it failed.

    The password travels in the program's environment, which its own user alone can read.
    """
    arguments, secrets = _where() if "--dbname" in options else ([], {})
    if source is not None:
        # The program reads on from where the file itself stands: Python may have read ahead of what it gave.
        os.lseek(source.fileno(), 0, os.SEEK_SET)
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's, with options from the settings
        [program(name), *arguments, *options],
        stdin=source or subprocess.DEVNULL,
        stdout=to or subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | secrets,
        check=False,
    )
    if done.returncode:
        # Its later lines may quote a row.
        said = done.stderr.decode(errors="replace").partition("\n")[0] or f"{name} ended with {done.returncode}"
        raise BackupRefused(f"PostgreSQL refused: {said}")
    return done.stdout or b""


def _where() -> tuple[list[str], dict[str, str]]:
    """Give the options that say which server to ask and as whom, and what is no matter of others."""
    arguments, secrets = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, ["--no-password"])
    return arguments[1:-1], secrets or {}


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def program(name: str) -> str:
    """Take a program's name, give the path of the one of the server's version, else the next newer one's.

    An older one does not know what the server holds. BackupRefused where none fits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    fitting = [(version, path) for path in _candidates(name) if (version := _version(path)) >= server]
    if not fitting:
        raise BackupRefused(
            f"There is no {name} of PostgreSQL {server} on this machine. Install postgresql-client-{server}."
        )
    return min(fitting, key=lambda pair: pair[0])[1]


def _candidates(name: str) -> Iterator[str]:
    """Yield the paths of programs with this name: the server's own first. Debian's on PATH only asks for another."""
    folders = [_folder_of_server(), *(str(path) for kind in INSTALLED for path in sorted(Path("/").glob(kind[1:])))]
    for folder in (*folders, None):
        path = shutil.which(name, path=folder)
        if path is not None:
            yield path


def _folder_of_server() -> str:
    """Give where the running server's programs are; "" where it does not tell us."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
            return str(cursor.fetchone()[0])
    except DatabaseError:
        return ""  # a role that is no superuser may not ask


def _version(path: str) -> int:
    printed = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"\(PostgreSQL\) (\d+)", printed)
    return int(found[1]) if found else 0
