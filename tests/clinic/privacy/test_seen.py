"""Whoever looks at a patient's data leaves a view in the trail, whichever page it was; refusals leave one too."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.events import LONGEST_ACTION, Event
from clinic.privacy.seen import ROWS, SHOWN
from clinic.privacy.seen_pages import NOBODYS, NOTED_BY_THEMSELVES, PAGES, action_of
from clinic.privacy.trail_kinds import VIEWS
from clinic.screenings import invitations
from screening.models import RuleSet
from screening.rulesets import load
from tests.clinic.screenings.invented import a_clinic, a_link, a_member, a_patient
from tests.screening.rule_set_one import FIXTURE
from tests.support.access_visitors import PATTERNS
from tests.support.record import a_record

pytestmark = pytest.mark.django_db
START = timezone.now()
STAFF_PAGES = [(name, places) for name, places in PATTERNS if name.startswith("staff")]
# What an address holds besides a row of a patient's.
NO_PATIENT = {"member_id", "device_id", "section", "day", "position", "treatment"}


@pytest.fixture
def practice():
    clinic = a_clinic()
    return clinic, a_record(clinic, a_member(clinic))


def signed_in(clinic, role, name="Ulla Looks"):
    client = Client()
    client.person = a_member(clinic, role, name=name)
    client.force_login(client.person)
    return client


def views():
    return Event.objects.filter(VIEWS)


def test_every_page_of_staff_has_words_for_its_view_or_a_reason_to_have_none():
    named = {name for names in PAGES.values() for name in names} | NOTED_BY_THEMSELVES | NOBODYS
    assert named == {name for name, _ in STAFF_PAGES}
    assert max(len(action_of(name)) for name in named) <= LONGEST_ACTION
    arguments = {one for _, places in STAFF_PAGES for one in places}
    assert arguments == set(ROWS) | NO_PATIENT


@pytest.mark.one_database
def test_each_page_that_shows_a_patients_row_leaves_a_view(practice):
    clinic, row = practice
    client, silent, shown = signed_in(clinic, "owner"), [], 0
    values = {"treatment": "body-myostimulation", "position": 0} | row
    for at, (name, places) in enumerate(STAFF_PAGES):
        if name in NOBODYS or not set(places) & set(ROWS):
            continue
        before = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with time_machine.travel(START + timedelta(minutes=16 * at), tick=False):
            client.force_login(client.person)
            answer = client.get(reverse(name, kwargs={place: values[place] for place in places}))
        if answer.status_code not in SHOWN:
            continue
        shown += 1
        left = Event.objects.filter(VIEWS, pk__gt=before, patient=row["patient_id"])
        if left.count() != 1:
            silent.append((name, [*left.values_list("action", flat=True)]))
    assert silent == []
    assert shown > 30


def test_one_view_for_a_person_a_patient_and_a_kind_of_page_in_a_quarter_of_an_hour(practice):
    clinic, row = practice
    ulla, other = signed_in(clinic, "practitioner"), signed_in(clinic, "owner", name="Otto Looks")
    page = reverse("staff-patient", args=[row["patient_id"]])
    for minutes, who in ((0, ulla), (1, ulla), (2, other), (14, ulla), (16, ulla), (16, other)):
        with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
            assert who.get(page).status_code == 200
    told = views().order_by("pk").values_list("action", "actor__name", "patient", "about")
    about = ("record read", row["patient_id"], f"patient {row['patient_id']}")
    expected = ["Ulla Looks", "Otto Looks", "Ulla Looks"]
    assert [*told] == [(about[0], name, about[1], about[2]) for name in expected]


def test_view_of_a_clock_that_ran_ahead_hides_no_view_of_now(practice):
    clinic, row = practice
    client, page = signed_in(clinic, "practitioner"), reverse("staff-patient", args=[row["patient_id"]])
    for ahead in (timedelta(minutes=10), timedelta()):
        with time_machine.travel(timezone.now() + ahead, tick=False):
            client.get(page)
    assert views().count() == 2


def test_page_that_is_not_there_or_another_clinics_leaves_no_view(practice):
    row = practice[1]
    stranger = signed_in(a_clinic("quay"), "owner")
    assert stranger.get(reverse("staff-patient", args=[row["patient_id"]])).status_code == 404
    assert views().count() == 0


def test_refused_page_is_noted_once_and_says_which(practice):
    clinic, row = practice
    client = signed_in(clinic, "reception")
    for _ in range(3):
        assert client.get(reverse("staff-papers", args=[row["patient_id"]])).status_code == 403
    told = Event.objects.get(action__startswith="page refused")
    assert (told.action, told.clinic, told.actor.name) == ("page refused: papers", clinic, "Ulla Looks")


def test_link_that_ended_or_never_was_is_noted_where_it_is_tried(client):
    clinic = a_clinic()
    invitation, secret = a_link(clinic, patient=a_patient(clinic))
    invitations.close(invitation, None)
    for tried in (secret, secret, "no-such-secret"):
        assert client.get(reverse("link-door", args=[clinic.slug, tried])).status_code == 404
    told = Event.objects.filter(action="link refused").order_by("pk").values_list("patient", "about", "actor")
    assert [*told] == [(invitation.patient_id, f"invitation {invitation.pk}", None), (None, "", None)]


def test_signing_out_is_noted():
    clinic = a_clinic()
    signed_in(clinic, "reception").post(reverse("sign-out"))
    assert Event.objects.get(action="signed out").actor.name == "Ulla Looks"


@pytest.mark.one_database
def test_rules_retired_for_safety_are_noted_in_each_clinic_once():
    clinics = [a_clinic(), a_clinic("elsewhere")]
    now = RuleSet.objects.get()
    retired = {"status": "retired", "published_at": START, "retired_at": now.published_at}
    RuleSet(code=now.code, version="0", limits=now.limits, sections=now.sections, **retired).save()
    for _ in range(2):
        load(json.loads(FIXTURE.read_text()), reason="", by="", for_safety=True)
    noted = Event.objects.filter(action="rules retired for safety").order_by("clinic")
    before = RuleSet.objects.get(version="0")
    assert before.retired_for_safety
    assert [(one.clinic, one.about) for one in noted] == [(clinic, f"ruleset {before.pk}") for clinic in clinics]
