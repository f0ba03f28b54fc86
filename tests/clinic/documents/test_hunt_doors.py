"""A link, or a tablet handed over, opens the pages of its own purpose and none of another, whoever asks and how."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from clinic.consultations.signing_models import ConsentSheet, ConsentSignature
from clinic.documents.sharing import share
from clinic.screenings.invitations import FIRST_PAGE, invite
from clinic.screenings.models import Invitation, Screening
from tests.support.addresses import routes
from tests.support.let_in import admission
from tests.support.record import a_document

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
OF_CONSENT = {"consent-sign"}
OF_COPY = {"shared-copy", "shared-copy-paper"}
# These ask who comes in, or say that it is over; they show nothing that anybody signed, read or answered.
DOORS = {"birth", "self-check:over"}


# The name and the numbers of every address of a way, below /c/.
OF_WAYS = [(route, name) for route, name, _ in routes() if route.startswith("c/") and "<way:way>" in route]
PAGES = sorted((name, re.findall(r"<int:(\w+)>", route)) for route, name in OF_WAYS)
OF_SELF_CHECK = {name for name, _ in PAGES} - OF_CONSENT - OF_COPY - DOORS
OWN = {"self-check": OF_SELF_CHECK, "consent": OF_CONSENT, "copy": OF_COPY}


def invitations_of(signed):
    """One invitation of each purpose and door to the same person; a paper is shared by link only."""
    world, request = signed.world, signed.opened.wsgi_request
    request.user = world.by
    about = {"clinic": world.clinic, "patient": world.patient, "by": world.by}
    yield signed.sheet.invitation
    signed.door = "link"
    signed.open()
    yield ConsentSheet.objects.order_by("-id").first().invitation
    for door in ("link", "tablet"):
        yield invite(door=door, **about)[0]
    paper = a_document(world.clinic, world.patient, world.by, kind="letter")
    yield share(paper, membership=world.membership, request=request)[0]


def admitted_to(way, sealed_for=None):
    browser = Client()
    browser.cookies.load(admission(way, sealed_for=sealed_for))
    return browser


def opened(browser, clinic, way):
    """Give the names of the pages that show something to a browser, or take something from it."""
    given = set()
    for name, places in (page for page in PAGES if page[0] not in DOORS):
        address = reverse(name, kwargs={"slug": clinic.slug, "way": way} | dict.fromkeys(places, 1))
        answers = [getattr(browser, method)(address) for method in ("get", "post")]
        said = {answer.status_code for answer in answers} - {404, 405}
        away = {"/birth/", f"/{way}/over/"}
        leads = {answer.headers.get("Location", "") for answer in answers if answer.status_code == 302}
        if 200 in said or any(not to.endswith(tuple(away)) for to in leads):
            given.add(name)
    return given


@pytest.mark.hazard("H-25")
def test_each_opens_the_pages_of_its_purpose_alone(signed):
    seen = []
    for invitation in invitations_of(signed):
        way = f"{invitation.door}-{invitation.ref}"
        found = opened(admitted_to(way), signed.world.clinic, way)
        assert found <= OWN[invitation.purpose], (invitation.purpose, invitation.door)
        assert FIRST_PAGE[Invitation.Purpose(invitation.purpose)] in found
        seen.append((invitation.purpose, invitation.door))
    assert len(set(seen)) == 5
    assert (ConsentSignature.objects.count(), Screening.objects.filter(door="link").count()) == (0, 0)


def test_admission_to_one_way_opens_no_other(signed):
    ways = [f"{one.door}-{one.ref}" for one in invitations_of(signed)]
    for place, way in enumerate(ways):
        for other in (ways[place - 1], way.replace("tablet", "link") if "tablet" in way else f"tablet{way[4:]}"):
            assert opened(admitted_to(way, sealed_for=other), signed.world.clinic, way) == set()


def test_no_way_is_one_of_another_clinic_or_through_the_other_door(signed, elsewhere):
    for invitation in invitations_of(signed):
        way = f"{invitation.door}-{invitation.ref}"
        other = way.replace("tablet", "link") if "tablet" in way else way.replace("link", "tablet")
        assert opened(admitted_to(way), elsewhere, way) == set()
        assert opened(admitted_to(other), signed.world.clinic, other) == set()
