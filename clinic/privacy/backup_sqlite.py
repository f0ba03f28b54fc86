"""SQLite's own way to copy a database while others write to it."""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from django.db import connection

from clinic.privacy.backup_files import BackupRefused, put

MAGIC = b"SQLite format 3\0"


def dump(to: BinaryIO, left_out: Sequence[str]) -> None:
    """Write the database as one file, with the tables `left_out` empty."""
    # Beside the database, so that health data is on no other disk than before.
    with TemporaryDirectory(prefix=".backup-", dir=_place().parent) as own:
        copy = Path(own, "copy")
        try:
            with closing(sqlite3.connect(copy, isolation_level=None)) as target:
                _copy_to(target, left_out)
        except sqlite3.Error as fault:
            raise BackupRefused(f"SQLite refused: {fault}.") from fault
        with copy.open("rb") as file:
            shutil.copyfileobj(file, to)


def _copy_to(target: sqlite3.Connection, left_out: Sequence[str]) -> None:
    connection.ensure_connection()
    # All pages in one go: that is one moment, and with a write-ahead log nobody waits for it.
    connection.connection.backup(target)
    target.execute("PRAGMA secure_delete=ON")
    for table in left_out:
        target.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names from the settings
    # The copy is to be one file, without a log beside it.
    target.execute("PRAGMA journal_mode=DELETE")


def load(source: BinaryIO, check: Callable[[set[tuple[str, str]]], None]) -> None:
    """Take a backup and what refuses its migrations; put it where the settings say. The place is empty."""
    place = _place()
    with TemporaryDirectory(prefix=".restore-", dir=place.parent) as own:
        copy = Path(own, "copy")
        with copy.open("xb") as file:
            copy.chmod(0o600)
            shutil.copyfileobj(source, file)
        check(_migrations(copy))
        connection.close()
        # Asking whether it is empty has made the file.
        for left in ("", "-wal", "-shm"):
            Path(f"{place}{left}").unlink(missing_ok=True)
        put(copy, place)


def _place() -> Path:
    return Path(str(connection.settings_dict["NAME"])).absolute()


def _migrations(copy: Path) -> set[tuple[str, str]]:
    """Give what the backup says was applied; BackupRefused where it is damaged or says nothing."""
    try:
        with closing(sqlite3.connect(copy)) as database:
            faults = database.execute("PRAGMA integrity_check(1)").fetchall()
            faults += database.execute("PRAGMA foreign_key_check").fetchall()
            if faults != [("ok",)]:
                raise BackupRefused("This backup is damaged. Take another one.")
            return set(database.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.OperationalError as fault:
        raise BackupRefused("This is no backup of this program.") from fault
    except sqlite3.DatabaseError as fault:
        raise BackupRefused("This backup is damaged. Take another one.") from fault
