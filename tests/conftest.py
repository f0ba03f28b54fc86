"""Runs before Django is set up: the tests are a demo of their own, in a folder that is thrown away."""

import contextlib
import gc
import os
import re
import sqlite3
import tempfile
from io import StringIO

import django
import pytest
from django.core.management import call_command
from hypothesis import settings

ON_POSTGRESQL = os.environ.get("TEST_ON") == "postgresql"
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server", "admin_client", "admin_user"}
WRITES_RULES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?screening_', re.IGNORECASE)

for name in ("SECRET_KEY", "SEAL_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "DEBUG"):
    os.environ.pop(name, None)
    os.environ.pop(f"{name}_FILE", None)
_folder = tempfile.TemporaryDirectory(prefix="screening-tests-")
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "clinic.settings",
    "DEMO": "1",
    "DATA_FOLDER": _folder.name,
    "DEMO_DATABASE_URL": os.environ["TEST_DATABASE_URL"] if ON_POSTGRESQL else "",
    "TIME_ZONE": "Europe/London",
    # Playwright keeps an event loop running in the thread that also asks the database.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}

pytest_plugins = ["tests.support.browser", "tests.support.production"]


def pytest_configure(config):
    # Thousands of collected tests are looked through at each turn of the collector: a fifth of all the time.
    gc.set_threshold(20_000, 20, 20)
    django.setup()
    # `make test` tries the same examples each time, so that a red run tells of a change; `make test-all` explores.
    settings.register_profile("same", derandomize=True)
    if config.option.markexpr:
        settings.load_profile("same")


def pytest_collection_finish():
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Every test that asks the database finds rule set 1 published, as a clinic would."""
    with django_db_blocker.unblock():
        call_command("load_rules", verbosity=0, stdout=StringIO())


@pytest.fixture(scope="session")
def laid_database(django_db_setup, django_db_blocker, tmp_path_factory):
    """A demo's folder, with migrations and rules in its database as `migrate` and `load_rules` leave them: to copy."""
    from django.db import connection

    folder = tmp_path_factory.mktemp("laid")
    with django_db_blocker.unblock(), contextlib.closing(sqlite3.connect(folder / "demo.sqlite3")) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
    return folder


@pytest.fixture(autouse=True)
def nothing_remembered_of_other_rules():
    """A set read by an earlier test is this test's only as long as neither wrote to the rules: then nothing is known.

    What a test writes is rolled back, and its keys may come again.
    """
    from django.db import connection

    from screening import rulesets

    remembered = (rulesets._frozen, rulesets._key)
    asked_before = [sum(each.cache_info()[:2]) for each in remembered]
    has_written = False

    def watch(execute, sql, *others):
        nonlocal has_written
        if not has_written and WRITES_RULES.match(sql):
            has_written = True
            for each, before in zip(remembered, asked_before, strict=True):
                if sum(each.cache_info()[:2]) == before:
                    each.cache_clear()
        return execute(sql, *others)

    with connection.execute_wrapper(watch):
        yield
    if has_written:
        for each in remembered:
            each.cache_clear()


def pytest_unconfigure():
    _folder.cleanup()


def pytest_report_header():
    return f"database: {'PostgreSQL' if ON_POSTGRESQL else 'SQLite'}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """On the second database run only what touches it: the rest would say the same again."""
    if not ON_POSTGRESQL:
        for item in items:
            if "laid_database" in item.fixturenames:
                item.add_marker("django_db")  # else there might be no database to copy
        return
    kept = {item: touches_the_database(item) for item in items}
    config.hook.pytest_deselected(items=[item for item in items if not kept[item]])
    items[:] = [item for item in items if kept[item]]


def touches_the_database(item):
    if item.get_closest_marker("browser") or item.get_closest_marker("one_database"):
        return False
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES.intersection(item.fixturenames))
