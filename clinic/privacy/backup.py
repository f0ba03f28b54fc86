"""A copy of all that the database holds, made while people work, and put back into an empty place.

It is in the database's own format: a file of SQLite's, or an archive that pg_restore reads.
"""

from typing import BinaryIO

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from clinic.privacy import backup_postgresql, backup_sqlite
from clinic.privacy.backup_files import BackupRefused, readable_twice

ENGINES = {"sqlite": backup_sqlite, "postgresql": backup_postgresql}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# Whoever finds a backup is not signed in by it; and a session that has ended since then does not come back.
LEFT_OUT = (Session._meta.db_table, str(settings.CACHES["default"]["LOCATION"]))


def back_up(to: BinaryIO) -> None:
    """Write a copy of the database as it is at one moment; BackupRefused where that cannot be done."""
    if not connection.introspection.table_names():
        raise BackupRefused("There is nothing to back up: this database is empty. Look at DATABASE_URL or DATA_FOLDER.")
    ENGINES[connection.vendor].dump(to, LEFT_OUT)


def restore(source: BinaryIO) -> None:
    """Put a backup into the database. BackupRefused, and nothing is changed, where it is not empty or does not fit."""
    if connection.introspection.table_names():
        raise BackupRefused("This database is not empty. A backup is put back into an empty one only.")
    with readable_twice(source) as file:
        head = file.read(16)
        made_by = next((vendor for vendor, engine in ENGINES.items() if head.startswith(engine.MAGIC)), None)
        if made_by is None:
            raise BackupRefused("This is no backup. If it is encrypted, decrypt it first.")
        if made_by != connection.vendor:
            raise BackupRefused(f"This backup is of {NAMES[made_by]}; this database is {NAMES[connection.vendor]}.")
        file.seek(0)
        ENGINES[made_by].load(file, refuse_unknown)


def refuse_unknown(applied: set[tuple[str, str]]) -> None:
    """Take the migrations that a backup has seen, as app and name; BackupRefused where this program lacks one."""
    if not any(app == "clinic" for app, _ in applied):
        raise BackupRefused("This is no backup of this program.")
    for app, name in sorted(applied - MigrationLoader(None).disk_migrations.keys()):
        raise BackupRefused(
            f"This backup is of a newer version of this program: it knows {app} {name}. Install that version first."
        )
