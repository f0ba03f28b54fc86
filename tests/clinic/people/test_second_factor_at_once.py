"""Several processes' connections take the same code at the same moment: it lets one of them in."""

import contextlib
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory

from clinic.models import Event, User
from tests.conftest import ON_POSTGRESQL
from tests.support.processes import run
from tests.support.tampering import guards_off

WORKERS = 4


def type_at_once():
    """Have four threads, each with a connection of its own, take each code at once; what they stored is for good."""
    user = User.objects.create_user("two-phones@demo.example", name="Olive")
    with context.request_context(request_of(user)):
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        recovery = RecoveryCodes.activate(user).generate_codes()
    # A code holds for 30 seconds: none that changes while they type it.
    if time.time() % 30 > 20:
        time.sleep(30 - time.time() % 30)
    shown = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert let_in(user, "totp", shown) == 1
    assert [let_in(user, "recovery_codes", code) for code in recovery[:3]] == [1, 1, 1]
    assert len(Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()) == 7


def request_of(user):
    request = RequestFactory().get("/")
    request.user, request.session = user, {}
    return request


def let_in(user, kind, code):
    """How many of them are let in, each with the row in hand as it stood before."""
    together = Barrier(WORKERS)

    def one(_):
        with contextlib.closing(connection):
            row = Authenticator.objects.get(user=user, type=kind).wrap()
            together.wait(timeout=30)
            return row.validate_code(code)

    with ThreadPoolExecutor(WORKERS) as pool:
        return sum(pool.map(one, range(WORKERS)))


@pytest.mark.skipif(not ON_POSTGRESQL, reason="A test's own SQLite is in memory, with one connection.")
def test_each_code_lets_one_in(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        try:
            type_at_once()
        finally:
            empty()


def empty():
    """Take away what was stored for good, so that the next test finds the database as it was."""
    Authenticator.objects.all().delete()
    with guards_off(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {Event._meta.db_table}")
    User.objects.all().delete()
    cache.clear()


@pytest.mark.sweep
@pytest.mark.one_database
def test_each_code_lets_one_in_in_a_file_of_sqlites(laid_database, tmp_path):
    shutil.copytree(laid_database, tmp_path, dirs_exist_ok=True)
    code = "import django; django.setup(); from tests.clinic.people import test_second_factor_at_once as t; "
    ours = {"DEMO": "1", "DATA_FOLDER": str(tmp_path), "DJANGO_SETTINGS_MODULE": "clinic.settings"}
    done = run("-c", f"{code}t.type_at_once()", **ours)
    assert (done.returncode, done.stderr) == (0, "")
