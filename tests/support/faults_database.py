"""The laboratory's own database: as it was laid, put back before each act, so that no act carries the earlier ones."""

import contextlib
import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings


@dataclass(frozen=True)
class File:
    """A database of SQLite. `url`: empty, as it lies in the laboratory's folder."""

    folder: Path
    url: str = ""

    def keep(self):
        """Keep a copy of what is in it now."""
        self._copy("demo.sqlite3", "kept.sqlite3")

    def put_back(self):
        """Let it be what it was when it was kept, whatever a process that died left beside it."""
        self._copy("kept.sqlite3", "demo.sqlite3")

    def _copy(self, source, target):
        with (
            contextlib.closing(sqlite3.connect(self.folder / source)) as read,
            contextlib.closing(sqlite3.connect(self.folder / target)) as written,
        ):
            read.backup(written)


@dataclass(frozen=True)
class OnServer:
    """A database of PostgreSQL. `run`: runs a statement beside it."""

    name: str
    url: str
    run: callable

    def keep(self):
        """Keep a copy of what is in it now."""
        self.run(f'CREATE DATABASE "{self.name}_kept" TEMPLATE "{self.name}"')

    def put_back(self):
        """Let it be what it was when it was kept."""
        self._drop(self.name)
        self.run(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.name}_kept"')

    def drop(self):
        """Leave nothing of it."""
        self._drop(self.name)
        self._drop(f"{self.name}_kept")

    def _drop(self, name):
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def copied_database(laid, folder):
    """Give a database with migrations and rules in it, for one laboratory.

    `laid`: calls up the folder to copy, on SQLite.
    """
    if "TEST_DATABASE_URL" not in os.environ or settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        shutil.copytree(laid(), folder, dirs_exist_ok=True)
        yield File(folder)
        return
    import psycopg2
    from django.db import connection

    source, name = connection.settings_dict["NAME"], f"faults_{os.getpid()}"
    connection.close()
    parts = urlsplit(os.environ["TEST_DATABASE_URL"])
    # Whoever is connected to a database keeps it from being copied.
    with contextlib.closing(psycopg2.connect(os.environ["TEST_DATABASE_URL"])) as maintenance:
        maintenance.autocommit = True
        with maintenance.cursor() as cursor:
            copy = OnServer(name, urlunsplit(parts._replace(path=f"/{name}")), cursor.execute)
            try:
                cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
                yield copy
            finally:
                copy.drop()
