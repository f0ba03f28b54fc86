"""A link is for one person: its secret is kept by nobody, and what ends it ends it everywhere."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from clinic.events import Event
from clinic.screenings.invitations import (
    EndedError,
    address,
    by_ref,
    close,
    confirm_birth,
    draft_of,
    find,
    invite,
    keep_draft,
)
from clinic.screenings.models import Door, Draft, Invitation
from tests.clinic.screenings.invented import BORN, a_clinic, a_link, a_member, a_patient, a_sending

pytestmark = pytest.mark.django_db
WRONG = date(1980, 7, 3)


@pytest.fixture
def request_of_staff(rf):
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    request.user = a_member(a_clinic("of-the-request"), name="perry")
    return request


def actions():
    return list(Event.objects.order_by("id").values_list("action", flat=True))


def test_link_has_32_random_bytes_and_only_their_hash_is_kept():
    invitation, secret = a_link()
    assert len(secret) == 43
    assert invitation.secret_hash == hashlib.sha256(secret.encode()).hexdigest()
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert not any(secret in str(value) for value in row.values())
    assert secret not in str(list(Event.objects.values()))


def test_link_lives_for_the_clinics_days_and_starts_empty():
    with time_machine.travel(datetime(2026, 11, 20, 10, tzinfo=UTC), tick=False):
        invitation, _ = a_link(a_clinic(link_days=3))
    assert invitation.expires_at == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert draft_of(invitation) is None


def test_tablet_has_no_secret_and_ends_with_the_clinics_day():
    with time_machine.travel(datetime(2026, 11, 20, 23, 30, tzinfo=UTC), tick=False):
        invitation, secret = a_link(a_clinic(time_zone="Europe/Vienna"), door=Door.TABLET)
    assert (secret, invitation.secret_hash) == ("", None)
    assert invitation.expires_at == datetime(2026, 11, 21, 23, tzinfo=UTC)


def test_two_tablets_are_two_invitations():
    clinic = a_clinic()
    assert a_link(clinic, door=Door.TABLET)[0].ref != a_link(clinic, door=Door.TABLET)[0].ref


def test_invitation_is_in_the_trail_with_who_made_it(request_of_staff):
    clinic = a_clinic()
    patient, by = a_patient(clinic), request_of_staff.user
    invitation, _ = invite(clinic=clinic, patient=patient, door=Door.LINK, by=by, request=request_of_staff)
    event = Event.objects.get()
    assert (event.action, event.about, event.actor, event.patient) == (
        "link made",
        f"invitation {invitation.pk}",
        by,
        patient,
    )
    assert event.address == "192.0.2.7"


def test_address_holds_clinic_and_secret(rf, monkeypatch):
    invitation, secret = a_link()
    monkeypatch.setattr(
        "clinic.screenings.invitations.reverse", lambda name, args: f"/c/{args[0]}/link/{args[1]}/" if name else ""
    )
    assert address(invitation, secret, rf.get("/")) == f"http://testserver/c/park-street/link/{secret}/"


def test_link_is_found_by_its_secret_at_its_own_clinic_only():
    invitation, secret = a_link()
    a_clinic("other")
    assert find("park-street", secret) == invitation
    assert find("other", secret) is None
    assert find("park-street", secret[:-1]) is None
    assert find("park-street", invitation.secret_hash) is None
    assert find("park-street", "") is None


@pytest.mark.parametrize("ended", [{"closed_at": datetime(2026, 1, 1, tzinfo=UTC)}, {"expires_at": "now"}, {}])
def test_wrong_expired_closed_and_open_links_are_told_in_the_same_steps(ended, django_assert_num_queries):
    invitation, secret = a_link()
    if "expires_at" in ended:
        ended = {"expires_at": datetime.now(UTC)}
    if ended:
        Invitation.objects.update(**ended)
    with django_assert_num_queries(1):
        found = find("park-street", secret)
    with django_assert_num_queries(1):
        by_its_ref = by_ref("park-street", invitation.ref)
    assert (found is None) is (by_its_ref is None) is bool(ended)


def test_looking_at_a_link_uses_nothing_up():
    _, secret = a_link()
    for _ in range(20):
        assert find("park-street", secret) is not None


def test_secret_is_hashed_once(monkeypatch):
    import clinic.screenings.invitations as module

    times = []
    hashed = module._hashed
    monkeypatch.setattr(module, "_hashed", lambda secret: times.append(secret) or hashed(secret))
    find("nowhere", "guess")
    assert times == ["guess"]


def test_everything_a_page_needs_comes_in_one_query(django_assert_num_queries):
    ref = a_link()[0].ref
    with django_assert_num_queries(1):
        invitation = by_ref("park-street", ref)
        assert (invitation.clinic.slug, invitation.patient.name) == ("park-street", "Nora Novak")
        assert draft_of(invitation) is None
        assert not hasattr(invitation, "sending")
    a_sending(clinic=invitation.clinic, invitation=invitation)
    with django_assert_num_queries(1):
        invitation = by_ref("park-street", ref)
        assert invitation.sending.screening.treatment == "body-myostimulation"
        assert draft_of(invitation) is None


def test_ref_opens_nothing_at_another_clinic():
    invitation, _ = a_link()
    a_clinic("other")
    assert by_ref("other", invitation.ref) is None


def test_right_date_of_birth_opens_and_is_in_the_trail():
    invitation, _ = a_link()
    assert confirm_birth(invitation, BORN) is True
    assert actions() == ["link made", "date of birth confirmed"]


def test_five_wrong_dates_close_the_link_and_tell_the_clinic():
    invitation, secret = a_link()
    keep_draft(invitation, lambda _: {"answers": {}})
    for _ in range(4):
        assert confirm_birth(invitation, WRONG) is False
    assert find("park-street", secret) is not None
    assert confirm_birth(invitation, BORN) is True
    assert confirm_birth(invitation, WRONG) is False
    assert find("park-street", secret) is None
    assert actions()[-1] == "link closed after five wrong dates of birth"
    assert actions().count("wrong date of birth") == 4
    assert not Draft.objects.exists()


def test_right_date_after_five_wrong_ones_opens_nothing():
    invitation, _ = a_link()
    for _ in range(5):
        confirm_birth(invitation, WRONG)
    told = actions()
    assert confirm_birth(invitation, BORN) is False
    assert confirm_birth(invitation, WRONG) is False
    assert actions() == told
    invitation.refresh_from_db()
    assert invitation.wrong_dates == 5


def test_many_guesses_at_once_are_no_more_than_five():
    invitation, _ = a_link()
    at_once = [Invitation.objects.select_related("clinic", "patient").get(pk=invitation.pk) for _ in range(9)]
    for guess in at_once[:8]:
        confirm_birth(guess, WRONG)
    assert confirm_birth(at_once[8], BORN) is False


def test_closing_ends_it_at_once_and_is_said_once(request_of_staff):
    invitation, secret = a_link()
    keep_draft(invitation, lambda _: {"answers": {}})
    assert close(invitation, request_of_staff) is True
    assert close(invitation, request_of_staff) is False
    assert find("park-street", secret) is None
    assert actions() == ["link made", "link closed"]
    assert not Draft.objects.exists()


def test_draft_is_kept_and_read_on_another_device(django_assert_max_num_queries):
    invitation, _ = a_link()
    with django_assert_max_num_queries(2):
        keep_draft(by_ref("park-street", invitation.ref), lambda state: {"before": state, "n": 1})
    again = by_ref("park-street", invitation.ref)
    assert draft_of(again) == {"before": None, "n": 1}
    keep_draft(again, lambda state: state | {"n": 2})
    keep_draft(again, lambda state: state | {"m": 3})
    assert draft_of(again) == draft_of(by_ref("park-street", invitation.ref)) == {"before": None, "n": 2, "m": 3}


def test_two_tabs_lose_nothing():
    ref = a_link()[0].ref
    one, other = by_ref("park-street", ref), by_ref("park-street", ref)
    keep_draft(one, lambda state: (state or {}) | {"one": 1})
    assert keep_draft(other, lambda state: (state or {}) | {"other": 2}) == {"one": 1, "other": 2}
    assert draft_of(by_ref("park-street", ref)) == {"one": 1, "other": 2}


def test_change_in_between_is_merged_with():
    ref = a_link()[0].ref
    mine, theirs, merges = by_ref("park-street", ref), by_ref("park-street", ref), []

    def merge(state):
        if not merges:
            keep_draft(theirs, lambda _: {"theirs": 1})
        merges.append(state)
        return (state or {}) | {"mine": 2}

    assert keep_draft(mine, merge) == {"theirs": 1, "mine": 2}
    assert merges == [None, {"theirs": 1}]


def test_after_sending_no_tab_brings_the_draft_back():
    ref = a_link()[0].ref
    late, sender = by_ref("park-street", ref), by_ref("park-street", ref)
    a_sending(clinic=sender.clinic, invitation=sender)
    for tab in (late, by_ref("park-street", ref)):
        with pytest.raises(EndedError):
            keep_draft(tab, lambda _: {"answers": {}})
    assert not Draft.objects.exists()


def test_answers_of_expired_invitations_go_when_the_next_is_made():
    clinic = a_clinic()
    expired, still_open = a_link(clinic)[0], a_link(clinic)[0]
    Invitation.objects.filter(pk=expired.pk).update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    newest, _ = a_link(clinic)
    assert set(Draft.objects.values_list("invitation", flat=True)) == {still_open.pk, newest.pk}
