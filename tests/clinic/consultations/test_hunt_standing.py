"""No older answer takes the place of a newer one, however late it came to be stored."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.consultations import gate
from clinic.consultations.correcting import correct
from clinic.consultations.intake import IntakeError, complete, open_intake, save_answers
from clinic.consultations.models import Intake
from clinic.screenings.standing_screening import standing_screenings
from tests.clinic.consultations.gated import World
from tests.clinic.consultations.intakes import SITES, TREATMENT, a_request, all_no

pytestmark = pytest.mark.django_db
OTHER = {"treatment": "body-microcurrent", "sites": ["forearm-left"]}


def faults(world, treatment=TREATMENT):
    standing = standing_screenings(world.clinic, [world.patient.pk], world.clinic.now())[world.patient.pk, treatment]
    return [fault.code for fault in standing.faults]


@pytest.fixture
def world():

    from clinic.people.clinics import Clinic

    del Clinic
    return World(now=timezone.now(), days_ago=30)


@pytest.mark.hazard("H-06")
def test_correction_of_an_older_screening_does_not_pass_over_a_newer_one(world):
    newer = world.a_screening({"epilepsy": "yes"}, at=world.now - timedelta(days=7))
    assert newer.outcome["outcome"] == "contraindicated"
    try:
        draft = correct(world.screening, "A typing error.", by=world.by)
    except IntakeError:
        return
    complete(draft, membership=world.membership, request=a_request(world.by))
    assert faults(world) == ["newer-screening"]


@pytest.mark.hazard("H-06")
def test_correction_does_not_pass_over_what_was_said_since_for_another_treatment(world):
    world.a_screening({"epilepsy": "yes"}, at=world.now - timedelta(days=7), plan=OTHER)
    assert faults(world) == ["newer-screening"]
    complete(
        correct(world.screening, "A typing error.", by=world.by),
        membership=world.membership,
        request=a_request(world.by),
    )
    assert faults(world) == ["newer-screening"]


@pytest.mark.hazard("H-06")
def test_draft_that_lay_about_does_not_pass_over_what_was_said_since_for_another_treatment(world):
    draft = open_intake(clinic=world.clinic, patient=world.patient, treatment=TREATMENT, by=world.by)
    then = world.now - timedelta(days=10)
    save_answers(draft, {"plan.sites": SITES, **all_no()}, by=world.by, now=then)
    Intake.objects.filter(pk=draft.pk).update(opened_at=then)
    world.a_screening({"epilepsy": "yes"}, at=world.now - timedelta(days=7), plan=OTHER)
    screening = complete(draft, membership=world.membership, request=a_request(world.by))
    assert screening.outcome["outcome"] == "clear"
    assert faults(world) == ["newer-screening"]


@pytest.mark.hazard("H-20")
def test_consent_that_was_signed_for_a_struck_out_decision_opens_no_later_one(world):
    world.voids_decision()
    world.decides_again()
    assert [reason.code for reason in gate.may_start(world.wanted())] == ["consent-voided"]
    world.consents_again()
    assert gate.may_start(world.wanted()) == ()
