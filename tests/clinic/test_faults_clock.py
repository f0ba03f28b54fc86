"""A clock that jumps back: what was stored ahead of it opens nothing, and chains and links stay whole."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from clinic.documents.ledger_walk import Walk
from clinic.events import record
from clinic.models import Document, Session, Stop
from clinic.privacy.sealing import seal_trail
from clinic.privacy.trail_heads import mail_heads
from clinic.screenings.invitations import close
from clinic.self_check.sealing import seal, unseal
from tests.clinic.consultations.gated import World
from tests.clinic.consultations.test_check_views import typed
from tests.clinic.screenings.invented import a_clinic, a_link, a_member
from tests.support.small_papers import small_papers

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

AHEAD = timedelta(days=3)


@pytest.fixture
def stored_ahead():
    """A patient who was screened, decided on and consented by a clock that ran three days ahead."""
    with time_machine.travel(timezone.now() + AHEAD, tick=True):
        return World(days_ago=1, now=timezone.now())


def signed_in(world):
    client = Client()
    client.force_login(world.by)
    return client


def test_no_session_starts_on_what_was_stored_ahead_of_the_clock(stored_ahead):
    world = stored_ahead
    path = reverse("staff-start", args=(world.patient.pk, world.plan["treatment"]))
    answer = signed_in(world).post(path, typed(world), follow=True)
    assert (answer.status_code, Session.objects.count()) == (200, 0)
    reasons = [code for row in Stop.objects.all() for code in row.reasons]
    assert "consent-future" in reasons, (reasons, answer.redirect_chain)


def test_papers_issued_ahead_of_the_clock_leave_no_gap_and_no_clash(stored_ahead, monkeypatch):
    small_papers(monkeypatch)
    world = stored_ahead
    with time_machine.travel(timezone.now() + AHEAD, tick=True):
        signed_in(world).post(reverse("staff-summary", args=[world.decided.pk]))
    signed_in(world).post(reverse("staff-consent-paper", args=[world.decided.pk]))
    first, second = Document.objects.order_by("number")
    assert (second.number - first.number, second.at < first.at) == (1, True)
    assert [*Walk(world.clinic).lines()] == []


def test_what_was_sealed_ahead_of_the_clock_opens_nothing():
    with time_machine.travel(timezone.now() + AHEAD, tick=True):
        ahead = seal({"confirmed": True}, "admission")
    assert unseal(ahead, "admission", 3600) is None


def test_somebody_who_signed_in_ahead_of_the_clock_does_not_stay_longer_for_it(stored_ahead, settings):
    with time_machine.travel(timezone.now() + AHEAD, tick=True):
        client = signed_in(stored_ahead)
        assert client.get("/staff/").status_code == 200
    assert client.get("/staff/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=settings.SESSION_IDLE_MINUTES + 1), tick=True):
        assert client.get("/staff/").status_code == 302


def test_a_link_closed_ahead_of_the_clock_stays_closed_and_a_new_one_opens():
    with time_machine.travel(timezone.now() + AHEAD, tick=True):
        closed, old = a_link()
        request = RequestFactory().post("/")
        request.user = closed.made_by
        close(closed, request)
    _, secret = a_link(closed.clinic, patient=closed.patient)
    door = [reverse("link-door", args=[closed.clinic.slug, one]) for one in (old, secret)]
    assert [Client().get(one).status_code for one in door] == [404, 302]


def test_a_consent_withdrawn_ahead_of_the_clock_is_withdrawn():
    world = World(days_ago=1, now=timezone.now())
    with time_machine.travel(timezone.now() + AHEAD, tick=True):
        world.withdraws()
    path = reverse("staff-start", args=(world.patient.pk, world.plan["treatment"]))
    signed_in(world).post(path, typed(world))
    reasons = [code for row in Stop.objects.all() for code in row.reasons]
    assert (Session.objects.count(), "consent-withdrawn" in reasons) == (0, True)


def test_heads_mailed_ahead_of_the_clock_keep_no_later_one_back():
    clinic = a_clinic()
    a_member(clinic)
    record("signed in", clinic=clinic)
    seal_trail(timezone.now() + AHEAD)
    assert [mail_heads(timezone.now() + AHEAD), mail_heads(timezone.now())] == [1, 1]
