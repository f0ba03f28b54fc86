"""How far somebody is says what the gate would say, and what comes next; as many questions to the database for all."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from clinic.consultations.models import Countersign, Intake
from clinic.consultations.progress import progress_of, rule_titles
from clinic.people.clinics import Device
from tests.clinic.consultations.rows import (
    SITES,
    TREATMENT,
    a_consent,
    a_decision,
    a_session,
    a_stop,
    harm,
    void,
    whose,
)
from tests.clinic.consultations.stored import a_screening, an_invited_sending
from tests.clinic.screenings.invented import a_case, a_clinic, a_member, a_patient

pytestmark = pytest.mark.django_db

QUERIES = 14


@pytest.fixture
def by(clinic):
    return a_member(clinic)


@pytest.fixture
def patient(clinic):
    return a_patient(clinic)


def progress(patient, treatment=TREATMENT, now=None):
    pair = patient.pk, treatment
    return progress_of(patient.clinic, [pair], now or timezone.now())[pair]


def decided(patient, by, **fields):
    return a_decision(a_screening(patient, by=by), by=by, **fields)


def consented(patient, by):
    return a_consent(decided(patient, by), by=by)


@pytest.mark.hazard("H-33", "H-34")
def test_nobody_screened_yet_leads_to_the_intake(patient):
    found = progress(patient)
    assert (found.code, found.words, found.missing, found.is_screened) == ("to-do", "Not screened yet", (), False)
    assert found.step.method == "post"
    assert dict(found.step.fields) == {"patient": str(patient.pk), "treatment": TREATMENT}
    assert found.step.address == "/staff/intake/open/"


def test_a_begun_intake_is_gone_on_with(patient, by):
    intake = Intake.objects.create(
        clinic=patient.clinic, patient=patient, treatment=TREATMENT, opened_by=by, changed_by=by
    )
    found = progress(patient)
    assert (found.code, found.step.address) == ("draft", f"/staff/intake/{intake.pk}/")


@pytest.mark.hazard("H-15")
def test_a_self_check_that_waits_comes_before_everything_else(clinic):
    sending = an_invited_sending(clinic, hernia="yes", **{"hernia-kind": ["navel"]})
    patient = sending.screening.patient
    by = a_member(clinic, name="later")
    a_consent(a_decision(a_screening(patient, by=by), by=by), by=by)
    found = progress(patient)
    assert (found.code, found.step.address) == ("review", f"/staff/received/{sending.pk}/")
    assert found.stops == ("Contraindicated",)
    assert not found.is_screened


def test_an_old_screening_is_to_do_and_says_until_when_it_counted(patient, by):
    a_screening(patient, by=by, at=timezone.now() - timedelta(days=400))
    found = progress(patient)
    assert (found.code, found.is_screened) == ("to-do", False)
    assert found.missing[0].startswith("The screening was valid until")


def test_a_screening_waits_for_a_decision_and_says_what_speaks_against(patient, by):
    screening = a_screening(patient, by=by, hernia="yes", **{"hernia-kind": ["navel"]})
    found = progress(patient)
    assert (found.code, found.step.address) == ("decide", f"/staff/screenings/{screening.pk}/decide/")
    assert found.is_screened
    assert found.stops == ("Unrepaired hernia: contraindicated",)


def test_a_screening_without_findings_has_no_stop_sign(patient, by):
    a_screening(patient, by=by)
    assert progress(patient).stops == ()


def test_a_decision_waits_for_a_consent(patient, by):
    decision = decided(patient, by)
    found = progress(patient)
    assert (found.code, found.missing) == ("consent", ())
    assert found.step.address == f"/staff/decisions/{decision.pk}/consent/"


def test_a_consent_for_other_places_does_not_count(patient, by):
    a_consent(decided(patient, by), by=by, sites=SITES[:1])
    found = progress(patient)
    assert (found.code, len(found.missing)) == ("consent", 1)


def test_everything_there_leads_to_todays_check(patient, by):
    consented(patient, by)
    found = progress(patient)
    assert (found.code, found.missing, found.stops) == ("ready", (), ())
    assert found.step.address == f"/staff/patients/{patient.pk}/check/{TREATMENT}/"


def test_a_new_intake_beside_a_consent_is_named(patient, by):
    consented(patient, by)
    Intake.objects.create(clinic=patient.clinic, patient=patient, treatment=TREATMENT, opened_by=by, changed_by=by)
    found = progress(patient)
    assert (found.code, found.missing) == ("ready", ("A new intake is begun and not stored.",))


def test_a_decision_on_an_older_screening_is_to_be_made_anew(patient, by):
    consented(patient, by)
    screening = a_screening(patient, by=by)
    found = progress(patient)
    assert (found.code, found.step.args) == ("decide", (screening.pk,))


def test_a_voided_decision_is_to_be_made_anew(patient, by):
    consent = consented(patient, by)
    void(consent.decision, by)
    assert progress(patient).code == "decide"


@pytest.mark.parametrize(
    ("kind", "words"), [("refer", "Referred to a doctor"), ("decline", "Declined"), ("defer", "Deferred")]
)
def test_a_decision_against_it_is_a_stop_that_leads_to_the_decision(patient, by, kind, words):
    decision = decided(patient, by, kind=kind)
    found = progress(patient)
    assert (found.code, found.tone, found.words) == ("stopped", "stop", words)
    assert found.step.address == f"/staff/decisions/{decision.pk}/"


def test_a_deferral_says_until_when_and_is_decided_anew_on_that_day(patient, by):
    now = timezone.now()
    decided(patient, by, kind="defer", until=now.date() + timedelta(days=5))
    assert progress(patient, now=now).words.startswith("Deferred until")
    later = progress(patient, now=now + timedelta(days=5))
    assert later.code == "decide"
    assert later.missing[0].startswith("It was deferred until")


def test_an_agreement_waits_for_another_persons_countersign(patient, by):
    settles = [{"grade": "not-advised", "reason": "agreement"}]
    decision = a_decision(a_screening(patient, by=by), by=by, settles=settles)
    assert progress(patient).code == "countersign"
    supervisor = a_member(patient.clinic, "supervisor", name="sol")
    Countersign(**whose(patient, supervisor) | {"role": "supervisor"}, decision=decision, words="Yes.").save()
    assert progress(patient).code == "consent"


def test_what_settled_a_finding_may_end(patient, by):
    yesterday = timezone.now().astimezone(patient.clinic.zone).date() - timedelta(days=1)
    settles = [{"reason": "assessed", "ends_on": yesterday}]
    a_consent(a_decision(a_screening(patient, by=by), by=by, settles=settles), by=by)
    found = progress(patient)
    assert (found.code, found.missing[0][:32]) == ("decide", "What settled a finding ended on ")


def test_a_device_out_of_use_reopens(patient, by):
    device = Device.objects.create(clinic=patient.clinic, make="Invented", model="One", in_use=False)
    a_consent(decided(patient, by, device=device), by=by)
    found = progress(patient)
    assert (found.code, found.missing) == ("decide", ("The device is out of use.",))


def test_a_stop_that_reopens_is_shown_and_decided_anew(patient, by):
    decision = consented(patient, by).decision
    a_stop(patient, by=by, reopens=True, decision=decision, rules=["fever"])
    found = progress(patient)
    assert (found.code, found.words, found.step.name) == ("stopped", "Stopped today", "staff-decision-new")
    assert len(found.stops) == 1


@pytest.mark.hazard("H-38")
def test_harm_since_the_decision_is_said_and_decided_anew_also_after_todays_session(patient, by):
    session = a_session(consented(patient, by), by=by, is_recorded=True)
    assert progress(patient).code == "done"
    harm(session, by=by)
    found = progress(patient)
    assert (found.code, found.step.name) == ("decide", "staff-decision-new")
    assert found.missing == ("Something went wrong in a session since the decision. Read it, and decide anew.",)


def test_a_stop_that_wants_a_new_screening_leads_to_the_intake(patient, by):
    consented(patient, by)
    a_stop(patient, by=by, reopens=True, needs_screening=True, rules=["fever"])
    found = progress(patient)
    assert (found.code, found.step.name) == ("stopped", "staff-intake-open")


def test_a_stop_of_today_that_reopens_nothing_is_checked_again(patient, by):
    consented(patient, by)
    stop = a_stop(patient, by=by, rules=["fever"])
    assert (progress(patient).code, progress(patient).step.name) == ("stopped", "staff-check")
    assert progress(patient, now=stop.at + timedelta(days=1)).code == "ready"


def test_a_session_of_today_waits_for_its_record_and_is_done_then(patient, by):
    consent = consented(patient, by)
    session = a_session(consent, by=by)
    found = progress(patient)
    assert (found.code, found.words, found.step.address) == (
        "done",
        "Session started",
        f"/staff/sessions/{session.pk}/",
    )
    a_session(consent, by=by, is_recorded=True)
    assert (progress(patient).words, progress(patient).step) == ("Session done", None)
    assert progress(patient, now=session.at + timedelta(days=1)).code == "ready"


def test_a_stop_after_todays_session_is_not_hidden_by_it(patient, by):
    consent = consented(patient, by)
    a_session(consent, by=by)
    a_stop(patient, by=by, needs_screening=True, rules=["pregnancy"])
    assert (progress(patient).words, progress(patient).stops) == ("Session started", (rule_titles()["pregnancy"],))
    a_session(consent, by=by, is_recorded=True)
    assert (progress(patient).code, progress(patient).step.label) == ("stopped", "Screen again")


def test_a_voided_session_is_as_if_it_had_not_been(patient, by):
    void(a_session(consented(patient, by), by=by), by)
    assert progress(patient).code == "ready"


def test_another_treatment_has_a_way_of_its_own(patient, by):
    consented(patient, by)
    assert progress(patient, "emface").code == "to-do"


def test_another_clinics_patient_has_none(patient, by):
    pair = patient.pk, TREATMENT
    assert progress_of(a_clinic("elsewhere"), [pair], timezone.now()) == {}


def test_thirty_ask_no_more_than_one(clinic, by, django_assert_num_queries):
    case = a_case()
    patients = [a_patient(clinic, name=f"Number {number}", born=date(1980, 1, 1)) for number in range(30)]
    for number, one in enumerate(patients):
        screening = a_screening(one, by=by, case=case) if number % 5 else None
        decision = a_decision(screening, by=by, settles=[{"reason": "assessed"}]) if number % 5 > 1 else None
        consent = a_consent(decision, by=by) if number % 5 > 2 else None
        if consent and number % 2:
            a_session(consent, by=by)
        a_stop(one, by=by)
    pairs = [(one.pk, TREATMENT) for one in patients]
    progress_of(clinic, pairs[:1], timezone.now())
    with django_assert_num_queries(QUERIES):
        progress_of(clinic, [pairs[4]], timezone.now())
    with django_assert_num_queries(QUERIES):
        found = progress_of(clinic, pairs, timezone.now())
    assert {one.code for one in found.values()} == {"to-do", "decide", "consent", "stopped", "done"}
