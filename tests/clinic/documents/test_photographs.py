"""Photographs of a decision: kept only while a consent says so, given with an event each time, erased for a reason."""

import hashlib
import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clinic.consultations.models import Consent
from clinic.documents import photographs
from clinic.documents.models import ErasedPhotograph, Photograph, PhotographContent
from clinic.events import AppendOnlyError, Event
from screening.rulesets import published
from tests.clinic.consultations import rows
from tests.clinic.consultations.gated import World
from tests.clinic.documents.test_pictures import a_photograph, sent
from tests.clinic.screenings.invented import a_clinic, a_member

pytestmark = pytest.mark.django_db
AGREED = {"photographs": True}
JPEG = a_photograph()


@pytest.fixture
def world(client):
    ready = World(days_ago=7, now=timezone.now(), consent={"choices": AGREED})
    client.force_login(ready.by)
    return ready


def page(world):
    return reverse("staff-photographs", args=[world.decided.pk])


def typed(world, **changed):
    today = world.clinic.now().date()
    given = {"file": sent(JPEG), "site": "abdomen", "moment": "before", "taken_on": f"{today:%Y-%m-%d}"} | changed
    return {name: value for name, value in given.items() if value is not None}


SHADES = itertools.count(1)


def kept(world, jpeg=None, **changed):
    jpeg = jpeg or a_photograph(colour=(20 * next(SHADES) % 256, 0, 0))
    given = {"moment": "before", "site": "abdomen", "taken_on": world.clinic.now().date()} | changed
    return photographs.keep_photograph(world.decided, jpeg, **given, membership=world.membership)


def test_photograph_is_kept_with_its_place_day_consent_and_digest(client, world):
    answer = client.post(page(world), typed(world))
    row = Photograph.objects.get()
    jpeg = bytes(row.content.jpeg)
    assert answer["Location"] == page(world)
    assert (row.clinic, row.patient, row.decision, row.by) == (world.clinic, world.patient, world.decided, world.by)
    assert (row.site, row.moment, row.consent, row.session) == ("abdomen", "before", world.consented, None)
    assert (row.role, row.sha256) == ("practitioner", hashlib.sha256(jpeg).hexdigest())
    assert Event.objects.get(action="photograph kept").about == f"photograph {row.pk}"
    with pytest.raises(AppendOnlyError):
        row.save()


def test_photograph_of_the_day_of_a_session_is_of_that_session(world):
    session = rows.a_session(world.consented, by=world.by)
    assert kept(world, moment="after").session == session
    yesterday = world.clinic.now().date() - timedelta(days=1)
    assert kept(world, moment="after", taken_on=yesterday).session is None


NOT_ALLOWED = {
    "without a consent": (None, "There is no consent yet."),
    "where the consent says nothing of them": ({}, "The consent does not say that photographs may be taken."),
    "where the consent says no": ({"photographs": False}, "The consent says no to photographs."),
    "where the consent says what is no yes": ({"photographs": "yes"}, "does not say that photographs may be taken."),
}


@pytest.mark.parametrize(("choices", "why"), NOT_ALLOWED.values(), ids=NOT_ALLOWED)
def test_no_photograph(client, choices, why):
    world = World(days_ago=7, now=timezone.now(), consent=None if choices is None else {"choices": choices})
    client.force_login(world.by)
    opened = client.get(page(world)).content.decode()
    assert why in opened
    assert 'type="file"' not in opened
    refused = client.post(page(world), typed(world))
    assert (why in refused.content.decode(), Photograph.objects.count()) == (True, 0)


@pytest.mark.parametrize("event", ["withdraws", "voids_decision", "changes_the_form"])
def test_no_new_photograph_once_the_consent_or_the_decision_is_over_and_the_old_ones_can_be_erased(
    client, world, event
):
    row = kept(world)
    getattr(world, event)()
    client.post(page(world), typed(world, moment="after"))
    assert list(Photograph.objects.all()) == [row]
    opened = client.get(page(world)).content.decode()
    assert "No photographs can be added." in opened
    assert reverse("staff-photographs-erase", args=[world.decided.pk]) in opened


def test_newer_consent_that_says_no_counts_for_the_earlier_yes(world):
    rows.a_consent(world.decided, by=world.by, choices={"photographs": False})
    with pytest.raises(photographs.PhotographRefused, match="says no"):
        kept(world)


def test_consent_for_a_decision_that_was_struck_out_allows_none_for_the_next_one(world):
    world.voids_decision()
    world.decides_again()
    with pytest.raises(photographs.PhotographRefused, match="struck out"):
        kept(world)


def test_service_asks_the_consent_again_when_it_keeps(world):
    old = world.decided
    world.withdraws()
    assert old == world.decided
    with pytest.raises(photographs.PhotographRefused, match="withdrawn"):
        kept(world)


def test_day_before_the_consent_is_not_covered(client, world):
    early = Consent.objects.get().signed_on - timedelta(days=1)
    answer = client.post(page(world), typed(world, taken_on=f"{early:%Y-%m-%d}"))
    assert "signed after this day" in answer.content.decode()
    assert Photograph.objects.count() == 0


def test_same_photograph_twice_is_kept_once(client, world):
    client.post(page(world), typed(world))
    answer = client.post(page(world), typed(world, file=sent(JPEG)))
    assert "is here already" in answer.content.decode()
    assert Photograph.objects.count() == PhotographContent.objects.count() == 1


WRONG = [
    ("file", {"file": None}),
    ("file", {"file": sent(b"MZ no photograph")}),
    ("file", {"file": sent(b"")}),
    ("site", {"site": "nose"}),
    ("site", {"site": None}),
    ("moment", {"moment": None}),
    ("taken_on", {"taken_on": "2026-02-31"}),
    ("taken_on", {"taken_on": f"{timezone.now() + timedelta(days=2):%Y-%m-%d}"}),
]


@pytest.mark.parametrize(("field", "changed"), WRONG)
def test_fault_is_said_at_its_field_and_nothing_is_kept(client, world, field, changed):
    answer = client.post(page(world), typed(world, **changed))
    # A browser forgets the file, so that is said too.
    assert list(answer.context["form"].errors) == list(dict.fromkeys([field, "file"]))
    assert 'class="error-summary"' in answer.content.decode()
    assert Photograph.objects.count() == 0


def test_before_and_after_stand_side_by_side_by_place_and_day(world):
    day = world.clinic.now().date()
    first, second = (kept(world, taken_on=day - timedelta(days=ago)) for ago in (6, 4))
    third, last = (kept(world, taken_on=day - timedelta(days=ago), moment="after") for ago in (2, 0))
    arm = kept(world, site="forearm-left")
    shown = photographs.side_by_side(photographs.sites_to_show(world.decided), [arm, last, second, third, first])
    names = published().sites["abdomen"].name, published().sites["forearm-left"].name
    assert [(place.name, place.before, place.after) for place in shown] == [
        (names[0], (first, second), (last, third)),
        (names[1], (arm,), ()),
    ]


def test_whole_face_can_be_shown_where_the_face_is_treated_and_nowhere_else(world):
    assert [code for code, _ in photographs.sites_to_show(world.decided)] == ["abdomen", "forearm-left"]
    world.decided.sites = ["cheek-left", "abdomen"]
    assert [code for code, _ in photographs.sites_to_show(world.decided)] == ["face", "cheek-left", "abdomen"]


def test_picture_is_given_uncached_and_each_reading_is_in_the_trail(client, world):
    row = kept(world, JPEG)
    address = reverse("staff-photograph", args=[row.pk])
    answers = [client.get(address) for _ in range(2)]
    assert {answer.content for answer in answers} == {JPEG}
    headers = answers[0].headers
    assert (headers["Content-Type"], headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert headers["Content-Disposition"] == f'inline; filename="photograph-{row.pk}.jpg"'
    assert (headers["X-Content-Type-Options"], "sandbox" in headers["Content-Security-Policy"]) == ("nosniff", True)
    read = Event.objects.filter(action="photograph read", about=f"photograph {row.pk}", actor=world.by)
    assert read.count() == 2


def test_picture_that_was_changed_behind_our_back_is_not_given(client, world):
    row = kept(world)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clinic_photographcontent SET jpeg = %s", [a_photograph(colour="blue")])
    answer = client.get(reverse("staff-photograph", args=[row.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (409, "text/html; charset=utf-8")
    assert "This photograph was changed" in answer.content.decode()
    assert Event.objects.filter(action__startswith="photograph").values_list("action", flat=True)[0] == (
        "photograph found changed"
    )


def test_picture_that_is_gone_without_an_erasure_is_said_not_to_be_as_it_was_kept(client, world):
    row = kept(world)
    PhotographContent.objects.all().delete()
    assert client.get(reverse("staff-photograph", args=[row.pk])).status_code == 409
    assert Event.objects.filter(action="photograph found changed").count() == 1


def test_erasing_wants_a_reason_takes_the_picture_and_leaves_the_row(client, world):
    row = kept(world)
    address = reverse("staff-photograph-erase", args=[row.pk])
    assert client.post(address, {"why": " "}).status_code == 200
    assert PhotographContent.objects.count() == 1
    for _ in range(2):
        assert client.post(address, {"why": "She asked for it."})["Location"] == page(world)
    assert PhotographContent.objects.count() == 0
    erased = ErasedPhotograph.objects.get()
    assert (erased.photograph, erased.why, erased.by) == (row, "She asked for it.", world.by)
    assert Event.objects.filter(action="photograph erased", about=f"photograph {row.pk}").count() == 1
    assert client.get(reverse("staff-photograph", args=[row.pk])).status_code == 404
    assert "She asked for it." in client.get(page(world)).content.decode()


def test_all_of_a_decision_can_be_erased_at_once_and_no_others(client, world):
    erased_before = kept(world)
    photographs.erase_photographs([erased_before], "Blurred.", by=world.by)
    two = [kept(world, moment=moment) for moment in ("before", "after")]
    address = reverse("staff-photographs-erase", args=[world.decided.pk])
    world.decides_again()
    rows.a_consent(world.decided, by=world.by, choices=AGREED)
    of_the_next = kept(world)
    assert "All 2 pictures" in client.get(address).content.decode()
    client.post(address, {"why": "Withdrawn."})
    client.post(address, {"why": "Again."})
    assert dict(ErasedPhotograph.objects.values_list("photograph_id", "why")) == {
        erased_before.pk: "Blurred.",
        **dict.fromkeys([row.pk for row in two], "Withdrawn."),
    }
    assert PhotographContent.objects.get().photograph == of_the_next


def test_page_asks_the_database_the_same_whatever_the_number_of_photographs(client, world, django_assert_num_queries):
    for ago in range(6):
        day = world.clinic.now().date() - timedelta(days=ago)
        row = kept(world, moment="after", taken_on=day)
    photographs.erase_photographs([row], "Blurred.", by=world.by)
    client.get(page(world))
    with django_assert_num_queries(10):
        client.get(page(world))


@pytest.mark.parametrize(("who", "status"), [("reception", 403), ("elsewhere", 404)])
def test_photographs_are_for_clinical_staff_of_the_clinic(client, world, who, status):
    row = kept(world)
    where = world.clinic if who == "reception" else a_clinic("elsewhere")
    client.force_login(a_member(where, "reception" if who == "reception" else "owner", name="other"))
    one, erase = (reverse(name, args=[row.pk]) for name in ("staff-photograph", "staff-photograph-erase"))
    every = reverse("staff-photographs-erase", args=[world.decided.pk])
    assert {client.get(address).status_code for address in (page(world), one, erase, every)} == {status}
    assert {client.post(address, {"why": "No."}).status_code for address in (page(world), erase, every)} == {status}
    assert PhotographContent.objects.count() == 1
    assert not Event.objects.filter(action="photograph read").exists()
