"""Two practitioners press "Sign" at the same moment: one signature, one consent and one paper come of it."""

import contextlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from clinic.consultations.models import Consent
from clinic.consultations.signing import Asked, NotSignable, Signing, open_sheet
from clinic.consultations.signing_models import ConsentSheet, ConsentSignature
from clinic.documents.consent_signing import sign
from clinic.documents.models import Document
from clinic.people.clinics import Membership
from tests.clinic.consultations.gated import World
from tests.support.processes import run

CHOICES = {"photographs": False, "data": False}


def a_web_request(user):
    request = RequestFactory(SERVER_NAME="127.0.0.1").post("/")
    request.user = user
    return request


def sign_at_once():
    """Let two threads sign the same sheet, each with a connection of its own; what they stored is for good."""
    world = World(days_ago=1, now=timezone.now(), consent=None)
    request = a_web_request(world.by)
    open_sheet(
        world.decided, Asked("patient", interpreter=False, door="tablet"), membership=world.membership, request=request
    )
    sign(ConsentSheet.objects.get(), Signing("patient", "Nora Novak", [], CHOICES), membership=None, request=request)
    ready = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(practitioner_signs, (ready, ready)))
    assert sorted(made) == [False, True]
    counts = (Consent.objects.count(), ConsentSignature.objects.count(), Document.objects.count())
    assert counts == (1, 2, 1)


def practitioner_signs(ready):
    """Sign as the practitioner when the other is ready too; give whether a consent came of it."""
    with contextlib.closing(connection):
        sheet = ConsentSheet.objects.select_related("clinic", "patient").get()
        membership = Membership.objects.select_related("user", "clinic").get()
        given = Signing("practitioner", membership.user.name)
        ready.wait(timeout=30)
        try:
            return sign(sheet, given, membership=membership, request=a_web_request(membership.user)) is not None
        except NotSignable:
            return False


@pytest.mark.sweep
@pytest.mark.one_database
def test_two_sign_at_once_in_a_file_of_sqlites_and_one_counts(laid_database, tmp_path):
    shutil.copytree(laid_database, tmp_path, dirs_exist_ok=True)
    code = "import django; django.setup(); from tests.clinic.documents import test_signing_at_once as t; "
    ours = {"DEMO": "1", "DATA_FOLDER": str(tmp_path), "DJANGO_SETTINGS_MODULE": "clinic.settings"}
    done = run("-c", f"{code}t.sign_at_once()", **ours)
    assert (done.returncode, done.stderr) == (0, "")
