"""Databases beside the tests' own, of the same kind: files of SQLite's, or more of them on the same server."""

import contextlib
import sqlite3
from urllib.parse import quote

from django.conf import settings
from django.db import connection, connections

from tests.conftest import ON_POSTGRESQL


@contextlib.contextmanager
def asking(name):
    """Let everything in this thread ask the database `name` instead of the tests' own."""
    own = connections["default"]
    other = own.copy("default")
    other.settings_dict["NAME"] = str(name)
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = own


class Databases:
    """Makes databases for one test, in its folder or on the tests' server."""

    def __init__(self, folder):
        self.folder, self.made = folder, []

    def ready(self, name):
        """Give the name of a new one with migrations and rules in it."""
        if ON_POSTGRESQL:
            own = connection.settings_dict["NAME"]
            connection.close()  # what is copied must have no visitors
            return self._on_server(name, f' TEMPLATE "{own}"')
        path = self.folder / f"{name}.sqlite3"
        with contextlib.closing(sqlite3.connect(path)) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
        return path

    def empty(self, name):
        """Give the name of a new one with nothing in it."""
        return self._on_server(name) if ON_POSTGRESQL else self.folder / f"{name}.sqlite3"

    def _on_server(self, name, how=""):
        full = f"{connection.settings_dict['NAME']}_{name}"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{full}"')
            cursor.execute(f'CREATE DATABASE "{full}"{how}')
        self.made.append(full)
        return full

    def remove(self):
        """Take away what was made on a server; files go with their folder."""
        for full in self.made:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{full}" WITH (FORCE)')

    @staticmethod
    def variables(name):
        """Give what another process needs in its environment to ask this one, with the same keys."""
        return {"DEMO": "1", "DATA_FOLDER": str(settings.DATA_FOLDER), "DEMO_DATABASE_URL": _url(str(name))}


@contextlib.contextmanager
def for_processes(folder, name):
    """Give the name of a new one with migrations and rules in it, to which several processes may write at once."""
    made = Databases(folder)
    try:
        full = made.ready(name)
        with asking(full):
            connection.ensure_connection()  # a file of SQLite's becomes one for several writers the first time
        yield full
    finally:
        made.remove()


def _url(name):
    if not ON_POSTGRESQL:
        return f"sqlite:///{name}"
    own = connection.settings_dict
    person = own["USER"] + (f":{quote(own['PASSWORD'], safe='')}" if own["PASSWORD"] else "")
    port = f":{own['PORT']}" if own["PORT"] else ""
    return f"postgresql://{person}@{quote(own['HOST'], safe='')}{port}/{name}"


def rows_of_all_tables():
    """Give each table's rows, of the database that is asked: the key first, and in its order."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            key = connection.introspection.get_primary_key_column(cursor, table)
            cursor.execute(f'SELECT "{key}", * FROM "{table}" ORDER BY "{key}"')
            found[table] = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor]
    return found
