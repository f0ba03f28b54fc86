"""What is known of our databases before they are asked, and whether one fits this code."""

from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor


def takes_json(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Take it that a new connection reads JSON, as every SQLite beside our Python does.

    Django tries it once in a process and keeps the answer: a database that was locked or lost at that moment would
    be taken for one without JSON, and no page would work any more until the process ends.
    """
    if connection.vendor == "sqlite":
        connection.features.supports_json_field = True


def is_migrated() -> bool:
    """Return whether every migration of this code is applied. Raises DatabaseError where it cannot be asked."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
