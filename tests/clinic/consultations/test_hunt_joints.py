"""What changes between two steps of a consultation is seen by every later one; no page from before slips through."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from clinic.consultations import gate
from clinic.consultations.models import AdverseEvent, Decision, Session
from clinic.consultations.progress import progress_of
from clinic.consultations.session_records import report
from clinic.people.clinics import Device
from clinic.screenings.standing_screening import standing_screenings
from tests.clinic.consultations import rows
from tests.clinic.consultations.decided import Consultation
from tests.clinic.consultations.gated import World
from tests.clinic.consultations.test_hunt_rules_moved import the_form

pytestmark = pytest.mark.django_db
OTHER = {"treatment": "body-microcurrent", "sites": ["forearm-left"]}


def codes(world):
    return [reason.code for reason in gate.may_start(world.wanted())]


@pytest.mark.hazard("H-20")
def test_consent_to_what_a_struck_out_screening_found_opens_no_later_decision():
    world = World()
    world.voids_screening()
    world.screening = world.a_screening(at=world.now - timedelta(days=1))
    world.decides_again()
    assert codes(world) == ["consent-voided"]
    world.consents_again()
    assert codes(world) == []


@pytest.mark.hazard("H-06")
def test_striking_a_correction_out_does_not_silence_what_it_corrected():
    world = World()
    said = world.a_screening({"epilepsy": "yes"}, at=world.now - timedelta(days=2), plan=OTHER)
    corrected = world.a_screening({"epilepsy": "yes"}, at=said.answered_at, plan=OTHER, corrects=said, why="A note.")
    assert codes(world) == ["newer-screening"]
    world.void(corrected)
    assert codes(world) == ["newer-screening"]
    world.void(said)
    assert codes(world) == []
    standing = standing_screenings(world.clinic, [world.patient.pk], world.now)
    assert [fault.code for fault in standing[world.patient.pk, OTHER["treatment"]].faults] == ["voided"]


@pytest.mark.hazard("H-38")
def test_harm_that_is_reported_in_a_session_after_it_was_struck_out_counts():
    world = World()
    session = rows.a_session(world.consented, by=world.by)
    rows.void(session, world.by)
    assert codes(world) == []
    event = AdverseEvent(happened_at=session.at, severity="severe", what="A burn.", done="Cooled.", doctor_told=True)
    report(event, session, membership=world.membership, request=RequestFactory().get("/"))
    assert codes(world) == ["adverse-event"]


@pytest.mark.hazard("H-38")
def test_a_decision_whose_page_did_not_know_that_a_doctor_keeps_a_finding_is_not_stored_unread(client):
    one = Consultation(answers={"chronic_disease": "yes"})
    client.force_login(one.by)
    address = reverse("staff-decision-new", args=[one.screening.pk])
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in ("after", "harm", "kept")} | {
        "kind": "decline",
        "words": "Better not.",
    }
    one.asks("chronic-disease", "closes")
    assert (client.post(address, sent).status_code, Decision.objects.count()) == (302, 1)
    sent["after"] = Decision.objects.get().pk
    one.asks("chronic-disease", "keeps")
    page = client.post(address, sent)
    assert "A doctor’s answer that keeps a finding came in since this page was opened." in page.content.decode()
    assert ("Better not." in page.content.decode(), Decision.objects.count()) == (True, 1)
    known = {name: page.context["form"][name].value() for name in ("after", "harm", "kept")}
    assert (client.post(address, sent | known).status_code, Decision.objects.count()) == (302, 2)


@pytest.mark.hazard("H-24")
def test_check_that_was_drawn_for_another_decision_starts_nothing_on_a_device_that_it_did_not_name(client):
    world = World(days_ago=1, now=timezone.now())
    client.force_login(world.by)
    address, posted = the_form(client, world)
    world.device = Device.objects.create(clinic=world.clinic, make="Invented", model="Two")
    world.decides_again()
    page = client.post(address, posted)
    assert ("The decision has changed since this page was opened." in page.content.decode()) is True
    assert Session.objects.count() == 0
    again = posted | {"decided": [str(page.context["page"].decision)]}
    assert (client.post(address, again).status_code, Session.objects.get().device) == (302, world.device)


SUPERSEDED = {
    "declines": "A later decision takes its place.",
    "corrects": "The decision was made on another screening. Decide on the one that counts now.",
    "is_harmed": "Something went wrong in a session since the decision. Read it, and decide anew.",
    "reopens": "A session was stopped since the decision. Decide anew.",
    "wants_a_screening_for_another_treatment": "A session was stopped since. It wants a new screening.",
    "receives_a_self_check": "A self-check of this person waits to be reviewed. Review it first.",
}


@pytest.mark.hazard("H-30")
@pytest.mark.parametrize(
    "happens",
    ["declines", "corrects", *(pytest.param(name, marks=pytest.mark.sweep) for name in list(SUPERSEDED)[2:])],
)
def test_a_yes_that_counts_no_more_says_so_on_its_page(client, happens):
    world = World(days_ago=1, now=timezone.now())
    client.force_login(world.by)
    address = reverse("staff-decision", args=[world.decided.pk])
    assert "This does not count any more" not in client.get(address).content.decode()
    getattr(world, happens)()
    page = client.get(address)
    assert "This does not count any more" in page.content.decode()
    assert page.context["no_more"][0] == SUPERSEDED[happens]


@pytest.mark.hazard("H-30")
def test_treatment_that_the_clinic_gave_up_is_ready_nowhere():
    world = World(days_ago=1, now=timezone.now())
    pair = (world.patient.pk, world.plan["treatment"])
    assert progress_of(world.clinic, [pair], world.now)[pair].code == "ready"
    world.gives_the_treatment_up()
    found = progress_of(world.clinic, [pair], world.now)[pair]
    assert (found.code, found.step, found.missing) == ("to-do", None, ("Your clinic does not offer this treatment.",))
    assert codes(world) == ["treatment"]


def given_again(world):
    world.consents_again()


def decided_for_less(world):
    world.a_decision(sites=["abdomen"], kind="proceed-sites")


def screening_struck_out(world):
    world.voids_screening()


@pytest.mark.hazard("H-20")
@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (given_again, "A newer consent takes its place."),
        (decided_for_less, "The places have changed since the consent was signed."),
        (screening_struck_out, "It was signed for what was struck out."),
    ],
)
def test_a_consent_that_counts_no_more_says_so_on_its_page(client, happens, words):
    world = World(days_ago=1, now=timezone.now())
    client.force_login(world.by)
    address = reverse("staff-consent", args=[world.consented.pk])
    assert client.get(address).context["end"] is None
    happens(world)
    page = client.get(address)
    assert (page.context["end"].words, "Check and start" in page.content.decode()) == (words, False)
