"""What is known of our databases before they are asked."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def takes_json(sender: type[BaseDatabaseWrapper], connection: BaseDatabaseWrapper, **_: Any) -> None:  # noqa: ARG001
    """Take it that a new connection reads JSON, as every SQLite beside our Python does.

    Django tries it once in a process and keeps the answer: a database that was locked or lost at that moment would
    be taken for one without JSON, and no page would work any more until the process ends.
    """
    if connection.vendor == "sqlite":
        connection.features.supports_json_field = True
