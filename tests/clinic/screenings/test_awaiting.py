"""How many self-checks wait for a review stands on every staff page, for those who may see answers."""

import re

import pytest

from clinic.screenings.awaiting import Waiting, waiting_at
from clinic.screenings.models import AwaitingReview
from tests.clinic.screenings.invented import a_sending

pytestmark = pytest.mark.django_db


def counted(client):
    """What the way to the received self-checks says besides its name."""
    shown = re.sub(r"\s+", " ", client.get("/staff/patients/").content.decode())
    found = re.search(r">Received (<span class=\"count.*?)</a>", shown)
    return re.sub(r"<[^>]+>", "", found.group(1)).strip() if found else ""


def test_only_the_clinics_own_are_counted(clinic, elsewhere):
    a_sending(clinic=clinic)
    a_sending(clinic=clinic)
    a_sending(clinic=elsewhere)
    AwaitingReview.objects.filter(pk=AwaitingReview.objects.filter(clinic=clinic).first().pk).update(urgency=2)
    assert waiting_at(clinic) == Waiting(number=2, urgent=1)


def test_every_page_says_how_many_wait_and_whether_any_is_urgent(client, sign_in, clinic):
    sign_in()
    assert counted(client) == ""
    a_sending(clinic=clinic)
    assert counted(client) == "1 to review"
    AwaitingReview.objects.update(urgency=2)
    assert counted(client) == "1 to review, 1 urgent"


def test_reception_reads_no_count(client, sign_in, clinic):
    sign_in("reception")
    a_sending(clinic=clinic)
    assert counted(client) == ""
    assert "waiting" not in client.get("/staff/patients/").context
