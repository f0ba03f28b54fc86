"""Changes the tables as somebody would who owns the database: past Django, and past the triggers that guard them."""

from contextlib import contextmanager

from django.db import connection

GUARDED = ("clinic_event", "clinic_seal", "clinic_document")


def tamper(sql, *values):
    """Run one statement that the database itself would refuse."""
    with guards_off(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@contextmanager
def guards_off():
    """Switch the triggers of PostgreSQL off inside. What is deferred is checked first: it would bar the switch."""
    if connection.vendor != "postgresql":
        yield
        return
    _switch("DISABLE")
    try:
        yield
    finally:
        _switch("ENABLE")


def _switch(how):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER append_only")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
