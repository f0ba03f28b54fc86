"""A decision against advice counts only with another person's word, as supervisor."""

import pytest

from clinic.consultations.countersigning import CountersignRefused, countersign, waiting
from clinic.consultations.deciding_proposal import Entry
from clinic.consultations.models import Countersign
from clinic.consultations.voiding import void
from clinic.events import Event
from clinic.people.clinics import Clinic, Membership
from tests.clinic.consultations.decided import Consultation
from tests.clinic.screenings.invented import a_clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def one():
    return Consultation(answers={"heart_disease": "yes"})


def against_advice(one):
    agreed = one.says("heart-disease")
    entry = Entry("agreement", statement=agreed, ends_on=one.today)
    return one.decide(entries={one.position("heart-disease"): entry})


def refused(decision, membership, words="I agree."):
    with pytest.raises(CountersignRefused) as found:
        countersign(decision, words, membership=membership)
    assert Countersign.objects.count() == 0
    return found.value.lines


@pytest.mark.parametrize("role", ["owner", "supervisor"])
def test_an_owner_or_a_supervisor_countersigns_in_words(one, role):
    made = against_advice(one)
    other = one.supervisor(role)
    row = countersign(made, " I agree. ", membership=other)
    assert (row.by, row.role, row.words, row.decision) == (other.user, role, "I agree.", made)
    assert Event.objects.get(action="decision countersigned").actor == other.user


@pytest.mark.hazard("H-13")
def test_nobody_countersigns_their_own_decision_whatever_their_role(one):
    one.membership.role = "owner"
    made = against_advice(one)
    assert refused(made, one.membership) == ["You made this decision. Another person countersigns it."]


@pytest.mark.parametrize("role", ["practitioner", "reception"])
def test_others_do_not_countersign(one, role):
    wrong = ["Only a supervisor or an owner of this clinic countersigns."]
    assert refused(against_advice(one), one.supervisor(role)) == wrong


def test_a_suspended_supervisor_and_one_of_another_clinic_do_not_countersign(one):
    made, wrong = against_advice(one), ["Only a supervisor or an owner of this clinic countersigns."]
    suspended = one.supervisor()
    suspended.suspended = True
    theirs = Consultation(clinic=a_clinic("elsewhere")).supervisor(name="elsewhere")
    assert refused(made, suspended) == refused(made, theirs) == wrong


def test_words_are_wanted_and_once_is_enough(one):
    made, other = against_advice(one), one.supervisor()
    assert refused(made, other, " ") == ["Write why you agree."]
    countersign(made, "I agree.", membership=other)
    with pytest.raises(CountersignRefused, match="already"):
        countersign(made, "I agree.", membership=one.supervisor("owner", "olive"))


def test_a_voided_decision_is_not_countersigned(one):
    made = against_advice(one)
    void(made, "Another person.", one.by)
    assert refused(made, one.supervisor()) == ["This decision was struck out."]


def test_a_decision_that_follows_advice_needs_none(one):
    made = one.decide("decline")
    assert refused(made, one.supervisor()) == ["This decision needs no countersign."]


# The page


def test_the_page_waits_for_another_person_and_takes_their_word(client, one):
    made = against_advice(one)
    client.force_login(one.by)
    page = client.get(f"/staff/decisions/{made.pk}/").content.decode()
    assert ("Waits for another person" in page, 'value="Countersign"' in page) == (True, False)
    client.force_login(one.supervisor().user)
    assert 'value="Countersign"' in client.get(f"/staff/decisions/{made.pk}/").content.decode()
    client.post(f"/staff/decisions/{made.pk}/countersign/", {"why": "I agree, she was seen twice."})
    page = client.get(f"/staff/decisions/{made.pk}/").content.decode()
    assert ("I agree, she was seen twice." in page, "Waits for another person" in page) == (True, False)


def test_a_request_by_hand_of_the_author_changes_nothing(client, one):
    made = against_advice(one)
    Membership.objects.filter(user=one.by).update(role="supervisor")
    client.force_login(one.by)
    page = client.post(f"/staff/decisions/{made.pk}/countersign/", {"why": "I agree with me."})
    assert "You made this decision." in page.content.decode()
    assert Countersign.objects.count() == 0


def test_what_waits_for_a_countersign_stands_in_a_list_until_somebody_agrees_or_it_is_overtaken(client, one):
    made = against_advice(one)
    other = one.supervisor("supervisor")
    client.force_login(other.user)
    assert unsigned(client) == [made]
    again = against_advice(one)
    assert unsigned(client) == [again]
    countersign(again, "I agree.", membership=other)
    assert unsigned(client) == []


def unsigned(client):
    return list(client.get("/staff/referrals/").context["unsigned"])


def test_a_struck_out_decision_and_one_of_another_clinic_wait_for_nobody(client, one):
    made = against_advice(one)
    assert list(waiting(a_clinic("elsewhere"))) == []
    void(made, "Wrong person.", one.membership.user)
    assert list(waiting(one.membership.clinic)) == []


def test_a_decision_that_follows_advice_does_not_wait(client):
    Consultation().decide()
    assert list(waiting(Clinic.objects.get())) == []
