"""Staff see at once how each invitation stands."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.screenings.invitations import confirm_birth, keep_draft
from clinic.screenings.models import Invitation
from clinic.screenings.standing import in_force, lately_guessed, standings
from tests.clinic.screenings.invented import a_clinic, a_link, a_sending

pytestmark = pytest.mark.django_db


def standing(at=None):
    (row,) = standings(Invitation.objects.select_related("draft", "sending"), at or timezone.now())
    return (row.words, row.is_open, row.needs_a_look)


def guess_five_times(invitation):
    for _ in range(5):
        confirm_birth(invitation, invitation.patient.born + timedelta(days=1))


def test_link_that_nobody_began():
    a_link()
    assert standing() == ("Not begun yet", True, False)


def test_link_that_was_begun():
    keep_draft(a_link()[0], lambda _: {"answers": {}})
    assert standing() == ("Begun, not sent yet", True, False)


def test_link_that_was_answered_stays_open_for_who_sent_it_until_it_expires():
    invitation, _ = a_link()
    a_sending(clinic=invitation.clinic, invitation=invitation)
    assert standing() == ("Sent to you", True, False)
    assert standing(invitation.expires_at) == ("Sent to you", False, False)


def test_link_that_expired():
    invitation, _ = a_link()
    assert standing(invitation.expires_at) == ("Expired, not sent", False, False)


def test_link_that_staff_closed():
    a_link()
    Invitation.objects.update(closed_at=timezone.now())
    assert standing() == ("Closed by your clinic", False, False)


def test_link_that_somebody_tried_to_guess_a_way_through():
    guess_five_times(a_link()[0])
    assert standing() == ("Closed after five wrong dates of birth", False, True)


def test_guessed_links_of_the_last_days_are_told_to_their_own_clinic():
    mine, theirs = a_link()[0], a_link(a_clinic("elsewhere"))[0]
    guess_five_times(mine)
    guess_five_times(theirs)
    Invitation.objects.create(
        clinic=mine.clinic, patient=mine.patient, made_by=mine.made_by, ref="closed", door="link",
        expires_at=mine.expires_at, closed_at=timezone.now(),
    )  # fmt: skip
    now = timezone.now()
    assert lately_guessed(mine.clinic, now) == [mine]
    assert lately_guessed(mine.clinic, now + timedelta(days=15)) == []


def test_open_links_and_guessed_ones_come_before_those_that_are_over():
    clinic = a_clinic()
    still_open, guessed, over = (a_link(clinic)[0] for _ in range(3))
    guess_five_times(guessed)
    Invitation.objects.filter(pk=over.pk).update(closed_at=timezone.now())
    now = timezone.now()
    matter, earlier = in_force(standings(Invitation.objects.select_related("draft", "sending"), now), now)
    assert [row.invitation for row in matter] == [guessed, still_open]
    assert [row.invitation for row in earlier] == [over]
    later = now + timedelta(days=15)
    matter, _ = in_force(standings(Invitation.objects.select_related("draft", "sending"), later), later)
    assert matter == []
