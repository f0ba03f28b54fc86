"""What a paper says of a settled finding is said of that one: of no other of its rule, and of an open one never."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.consultations.consent_shown import shown_for
from clinic.consultations.deciding_proposal import Entry
from clinic.consultations.models import Decision
from clinic.documents.copy_stored import copy_of_screening
from clinic.documents.summary import summary_of
from tests.clinic.consultations.decided import Consultation

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
BREASTS = {"treatment": "body-myostimulation", "sites": ["breast-left", "breast-right", "abdomen"]}


def operations():
    """One at a planned place, one of unknown date and one of known date, both where nothing is planned."""
    day = (timezone.now() - timedelta(days=90)).date().isoformat()
    places = ((day, "abdomen"), ("unsure", "thigh-front-left"), (day, "lower-back"))
    return [{"date": when, "sites": [where]} for when, where in places]


def printed(decision):
    """The findings of a summary: what each is about, how it stands and how it is said to be settled."""
    page = summary_of(Decision.objects.get(pk=decision.pk)).page
    return [(one.told.sites, one.told.status, one.settled) for group in page.groups for one in group.findings], page


def a_breast_left_out_and_one_cleared():
    one = Consultation(plan=BREASTS, answers={"breast_lumps": "yes", "breast_doctor": "yes"})
    cleared = one.says("breast", "site", sites=("breast-left",))
    entry = Entry("clearance", statement=cleared, ends_on=one.today)
    entries = {one.position("breast", grade): entry for grade in ("site", "refer")}
    return one, one.decide("proceed-sites", sites=("breast-left", "abdomen"), entries=entries)


def test_finding_about_an_operation_elsewhere_is_not_said_to_be_settled_by_what_another_is():
    one = Consultation(
        plan={"treatment": "body-myostimulation", "sites": ["abdomen", "forearm-left"]},
        answers={"recent_surgery": "yes", "surgeries": operations()},
    )
    found, page = printed(one.decide("proceed-sites", sites=("forearm-left",)))
    assert {sites: (status, settled.partition(",")[0]) for sites, status, settled in found} == {
        ("tummy",): ("met", "The places are left out"),
        ("left front of the thigh",): ("unresolved", ""),
        ("lower back",): ("met", ""),
    }
    assert page.besides == ()


def test_finding_that_is_settled_in_two_ways_says_which_places_each_is_for():
    one, made = a_breast_left_out_and_one_cleared()
    (bar,) = [settled for sites, _, settled in printed(made)[0] if sites]
    day = f"{one.today.day} {one.today:%B %Y}"
    assert bar.startswith("The places are left out, counts until ")
    assert [part.split(". ")[0].rstrip(".") for part in bar.split("For: ")[1:]] == ["right breast", "left breast"]
    assert f"A doctor’s clearance is recorded, counts until {day}." in bar


def test_consent_names_both_ways_in_which_one_finding_was_settled():
    _, made = a_breast_left_out_and_one_cleared()
    bar = next(one for one in shown_for(made).against if "right breast" in one.where)
    assert bar.settled == (
        "The places that it is about are left out. A doctor has cleared it. The letter is in your records."
    )


def test_copy_names_the_places_of_each():
    one, _ = a_breast_left_out_and_one_cleared()
    titles = [
        title for title, _ in copy_of_screening(one.screening, one.clinic, one.clinic.now()).page.decision.settled
    ]
    assert [title.rpartition("(")[2] for title in titles if "(" in title] == [
        "right breast)",
        "left breast)",
        "left breast)",
    ]
