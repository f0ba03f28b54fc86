"""What writes a record, one act for each service: prepared to be sent to a server as a browser would send it."""

import hashlib
import json
from collections import Counter
from datetime import datetime

from django.apps import apps
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from clinic.documents.models import Document
from clinic.documents.withdrawing import erase
from clinic.events import Event
from clinic.screenings.models import Draft, Screening
from tests.clinic.consultations import rows, test_check_views, test_session_views
from tests.clinic.consultations.decided import Consultation
from tests.clinic.consultations.gated import World
from tests.clinic.consultations.intakes import Typing, an_intake
from tests.clinic.documents.handed import a_check
from tests.clinic.documents.signed import DRAWING, Signed
from tests.clinic.screenings.invented import BORN, a_clinic, a_link, a_member
from tests.support import faults_privacy
from tests.support.record import a_document

TOKEN = "t" * 32
# Written beside the records, by every request.
BESIDE = {"django_session", "clinic_seal"}
# What somebody did; not that they looked.
DID = "WHERE action NOT LIKE '% read'"


def prepared(name):
    """Make what an act wants, and return its request: address, fields and cookies."""
    client, path, fields = ACTS[name]()
    cookies = {cookie: morsel.value for cookie, morsel in client.cookies.items()}
    return {"path": path, "fields": fields | {"csrfmiddlewaretoken": TOKEN}, "cookies": cookies | {"csrftoken": TOKEN}}


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def a_world(**parts):
    return World(days_ago=1, now=timezone.now(), **parts)


def store():
    clinic = a_clinic()
    by = a_member(clinic, "practitioner", "perry")
    client = signed_in(by)
    typing = Typing(client, an_intake(clinic, by))
    typing.all_no().save()
    typing.draw()
    typing.all_no()
    return client, f"{typing.address}store/", typing.data


def send():
    clinic, client = a_clinic(), Client()
    invitation, secret = a_link(clinic)
    check = a_check()
    Draft.objects.filter(invitation=invitation).update(state=check.to_json())
    way = f"link-{invitation.ref}"
    client.get(reverse("link-door", args=[clinic.slug, secret]))
    born = {"born_day": str(BORN.day), "born_month": str(BORN.month), "born_year": str(BORN.year)}
    client.post(reverse("birth", args=[clinic.slug, way]), born)
    return client, f"/c/{clinic.slug}/{way}/send/", {"keeping": "on", "key": check.key}


def decide():
    one = Consultation()
    fields = {
        "after": "0",
        "kind": "proceed",
        "words": "As talked through.",
        "device": str(one.device.pk),
        "sites": list(one.case.planned),
        "sessions": "8",
        "expectations": "on",
        "ends_on": one.tomorrow().isoformat(),
        "saw-protocol": "Gently.",
        "qualification": "Physiotherapist",
    }
    return signed_in(one.by), reverse("staff-decision-new", args=[one.screening.pk]), fields


def sign():
    signed = Signed(a_world(consent=None))
    signed.signs()
    fields = {"name": signed.world.by.name, "agreed": "on", "strokes": json.dumps(DRAWING)}
    return signed.staff, signed.staff_page, fields


def start():
    world = a_world()
    path = reverse("staff-start", args=(world.patient.pk, world.plan["treatment"]))
    return signed_in(world.by), path, test_check_views.typed(world)


def keep_record():
    world = a_world()
    session = rows.a_session(world.consented, by=world.by, device=world.device)
    path = reverse("staff-session-record", args=[session.pk])
    return signed_in(world.by), path, test_session_views.typed(felt="Fine.")


def issue():
    world = a_world()
    return signed_in(world.by), reverse("staff-summary", args=[world.decided.pk]), {}


def withdraw():
    world = a_world()
    world.a_consent()
    return signed_in(world.by), reverse("staff-consent", args=[world.consented.pk]), {"why": "Second thoughts."}


def erase_document():
    world = a_world()
    document = a_document(world.clinic, world.patient, world.by, decision=world.decided)
    return Client(), "/lab/do/erase/", {"document": str(document.pk)}


def erased_document():
    document = Document.objects.order_by("-pk").first()
    request = RequestFactory(SERVER_NAME="127.0.0.1").post("/")
    request.user = document.by
    erase(document, "Asked for.", by=document.by, request=request)


def done(name, fields):
    """Do what has no page, and give what it says."""
    deeds = {
        "erase": lambda _: erased_document(),
        "daily": lambda fields: faults_privacy.run(datetime.fromisoformat(fields["at"])),
        "audit": lambda _: faults_privacy.audit(),
        "reported": lambda _: faults_privacy.reported(),
    }
    return deeds[name](fields)


ACTS = {
    "store": store,
    "send": send,
    "decide": decide,
    "sign": sign,
    "start": start,
    "record": keep_record,
    "issue": issue,
    "withdraw": withdraw,
    "erase": erase_document,
    "erase-record": faults_privacy.erase_record,
    "daily": faults_privacy.daily,
}


def held():
    """Return of each table how many rows there are and a digest of them, and how often each action is in the trail."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - BESIDE
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT * FROM "{table}" {DID if table == "clinic_event" else ""} ORDER BY 1')
            written = [repr([bytes(one) if isinstance(one, memoryview) else one for one in row]) for row in cursor]
            found[table] = [len(written), hashlib.sha256("\n".join(written).encode()).hexdigest()]
    actions = Counter(Event.objects.exclude(action__endswith=" read").order_by().values_list("action", flat=True))
    return {"tables": found, "actions": dict(actions), "outcomes": outcomes()}


def outcomes():
    """Return how often each outcome was stored."""
    return dict(Counter(one.get("outcome", "erased") for one in Screening.objects.values_list("outcome", flat=True)))
