"""One page for one patient: what comes next for each treatment, and everything that happened, newest first."""

import re
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from clinic.consultations import patient_page
from clinic.consultations.models import AdverseEvent, Referral, ReferralStep, Statement
from clinic.people.clinics import Membership
from clinic.screenings.models import Invitation, Match, VoidedScreening
from tests.clinic.consultations.rows import a_consent, a_decision, a_session, a_stop, a_visit, void, whose
from tests.clinic.consultations.stored import a_screening, an_invited_sending
from tests.clinic.screenings.invented import a_case, a_clinic, a_link, a_member, a_patient, a_sending

pytestmark = pytest.mark.django_db

QUERIES = 37
SOON = timezone.now().date() + timedelta(days=30)


@pytest.fixture
def patient(clinic):
    return a_patient(clinic, email="nora@demo.example", phone="01632 960 011", doctor="Dr Invented, 2 Nowhere Street")


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def page_of(patient, page=""):
    return f"/staff/patients/{patient.pk}/{page}"


def happened(response):
    """The timeline's titles, in their order."""
    lines = re.findall(r'happened-what"> <p>(.*?)</p>', text(response))
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", line)).strip() for line in lines]


def everything(patient, by, case=None):
    """One row of each kind, one after the other."""
    screening = a_screening(patient, by=by, case=case)
    facts = {"screening": screening, "rule": "hernia", "answers": {}}
    Referral(**whose(patient, by), **facts, to="Dr Invented", question="?").save()
    said = {"said_by": "Dr Invented", "said_on": date(2026, 11, 2)}
    Statement(**whose(patient, by), **facts, **said, kind="clearance").save()
    decision = a_decision(screening, by=by)
    consent = a_consent(decision, by=by)
    a_stop(patient, by=by)
    session = a_session(consent, by=by)
    told = {"happened_at": session.at, "severity": "mild", "what": "A rash.", "done": "Nothing.", "doctor_told": False}
    AdverseEvent(**whose(patient, by), **told, session=session).save()
    return screening, decision, session


@pytest.mark.parametrize("role", Membership.Role.values)
def test_every_role_finds_the_patient_their_visits_and_the_ways_to_invite(client, sign_in, patient, role):
    sign_in(role)
    a_visit(patient, day=SOON, at=time(14, 30))
    shown = text(client.get(page_of(patient)))
    for words in (
        "Nora Novak", "7 March 1980", "nora@demo.example", "Dr Invented", f"{SOON:%a %-d %B %Y}, 14:30", "Make a link",
        "Start on this tablet", "Add a visit", "<title>Patient · Forethought</title>",
    ):  # fmt: skip
        assert words in shown, words


@pytest.mark.hazard("H-38")
def test_everything_that_happened_stands_there_newest_first(client, sign_in, clinic):
    by = sign_in()
    patient = an_invited_sending(clinic).screening.patient
    everything(patient, by)
    assert happened(client.get(page_of(patient))) == [
        "Adverse event", "Session", "Session stopped before its start", "Consent on paper", "Decision: proceed",
        "Doctor’s clearance", "Referral", "Screening", "Self-check received",
    ]  # fmt: skip


def test_every_line_leads_to_its_row(client, sign_in, patient):
    screening, decision, session = everything(patient, sign_in())
    shown = text(client.get(page_of(patient)))
    for address in (f"screenings/{screening.pk}", f"decisions/{decision.pk}", f"sessions/{session.pk}"):
        assert f'href="/staff/{address}/"' in shown


def test_what_was_voided_is_struck_out(client, sign_in, patient):
    by = sign_in()
    screening, decision, session = everything(patient, by)
    void(decision, by)
    void(session, by)
    VoidedScreening(screening=screening, why="Another person.", by=by).save()
    shown = client.get(page_of(patient))
    assert {"Session struck out", "Decision: proceed struck out", "Screening struck out"} <= set(happened(shown))
    assert text(shown).count("<s>") == 3


def test_of_a_correction_and_what_it_corrects_only_one_looks_as_if_it_counts(client, sign_in, patient):
    by = sign_in()
    screening = a_screening(patient, by=by)
    a_screening(patient, by=by, corrects=screening, why="The wrong box.", at=screening.answered_at)
    shown = client.get(page_of(patient))
    assert happened(shown) == ["Correction of a screening", "Screening corrected"]
    assert text(shown).count("<s>") == 1


def test_a_strangers_self_check_is_there_once_it_was_matched(client, sign_in, clinic, patient):
    by, sending = sign_in(), a_sending(clinic=clinic, name="As She Wrote It")
    assert happened(client.get(page_of(patient))) == []
    Match(clinic=clinic, sending=sending, patient=patient, is_new=False, by=by).save()
    assert happened(client.get(page_of(patient))) == ["Self-check received"]


def test_todays_checks_are_no_screenings_of_their_own(client, sign_in, patient):
    a_stop(patient, by=sign_in())
    assert happened(client.get(page_of(patient))) == ["Session stopped before its start"]


def test_each_treatment_of_the_clinic_has_its_next_step(client, sign_in, clinic, patient):
    clinic.treatments = ["emface", "body-myostimulation"]
    clinic.save()
    screening = a_screening(patient, by=sign_in())
    shown = text(client.get(page_of(patient)))
    rows = re.findall(r'<li class="way-to-treat">(.*?)</li>', shown)
    assert ["Not screened yet" in row for row in rows] == [True, False]
    assert 'name="treatment" value="emface"' in rows[0]
    assert f"/staff/screenings/{screening.pk}/decide/" in rows[1]


def test_another_intake_can_be_begun_while_a_screening_counts(client, sign_in, clinic, patient):
    clinic.treatments = ["body-myostimulation"]
    clinic.save()
    a_screening(patient, by=sign_in())
    opens = re.compile(r'name="treatment" value="body-myostimulation">\s*<button[^>]*>([^<]+?)\s*<span')
    assert opens.findall(client.get(page_of(patient)).content.decode()) == ["New intake"]
    client.post("/staff/intake/open/", {"patient": patient.pk, "treatment": "body-myostimulation"})
    assert opens.findall(client.get(page_of(patient)).content.decode()) == ["Go on with the intake"]


@pytest.mark.hazard("H-15")
def test_a_waiting_self_check_is_said_once_and_comes_first(client, sign_in, clinic):
    sign_in()
    clinic.treatments = ["emface", "body-myostimulation"]
    clinic.save()
    sending = an_invited_sending(clinic)
    shown = text(client.get(page_of(sending.screening.patient)))
    assert "Nothing starts before somebody reviews it." in shown
    assert shown.count('">Review <') == 1


def test_open_referrals_are_there_until_they_are_answered(client, sign_in, patient):
    by = sign_in()
    screening = a_screening(patient, by=by)
    referral = Referral(
        **whose(patient, by), screening=screening, rule="hernia", answers={}, to="Dr Invented", question="?"
    )
    referral.save()
    assert "Open referrals" in text(client.get(page_of(patient)))
    ReferralStep(
        **whose(patient, by), referral=referral, kind="answered", on=date(2026, 11, 2), result="closes", words="Yes."
    ).save()
    shown = client.get(page_of(patient))
    assert "Open referrals" not in text(shown)
    assert "to Dr Invented, answered" in text(shown)


def test_alerts_and_notes_are_for_those_who_may_see_answers(client, sign_in, patient):
    patient.alerts, patient.notes = "Latex allergy", "Brings her own towel."
    patient.save()
    sign_in()
    shown = text(client.get(page_of(patient)))
    assert ("Latex allergy" in shown, "own towel" in shown) == (True, True)


@pytest.mark.hazard("H-35")
def test_reception_reads_nothing_of_health(client, sign_in, clinic):
    sign_in(Membership.Role.RECEPTION)
    invitation, _ = a_link(clinic)
    patient = invitation.patient
    patient.alerts, patient.notes = "Latex allergy", "Brings her own towel."
    patient.save()
    a_sending(clinic=clinic, invitation=invitation, case=a_case(hernia="yes"))
    everything(patient, a_member(clinic, name="later"))
    shown = text(client.get(page_of(patient)))
    assert "Sent to you" in shown
    for words in (
        "/staff/received/", "Contraindicated", "Latex", "towel", "What happened", "Treatments", "Decision", "Referral",
        "/screenings/", "/decisions/", "/sessions/",
    ):  # fmt: skip
        assert words not in shown, words


def test_past_and_cancelled_visits_are_no_next_ones(client, sign_in, patient):
    sign_in()
    a_visit(patient, day=date(2025, 1, 7))
    a_visit(patient, day=SOON, cancelled_at=timezone.now())
    assert "None is in the diary." in text(client.get(page_of(patient)))


def test_a_link_closed_by_wrong_dates_is_told(client, sign_in, clinic, patient):
    sign_in()
    invitation, _ = a_link(clinic, patient=patient)
    Invitation.objects.filter(pk=invitation.pk).update(wrong_dates=5, closed_at=invitation.made_at)
    assert "Closed after five wrong dates of birth" in text(client.get(page_of(patient)))


def test_strangers_are_sent_to_the_sign_in(client, patient):
    assert client.get(page_of(patient)).url.startswith("/sign-in/")


def test_another_clinics_patient_answers_as_one_that_does_not_exist(client, sign_in):
    sign_in()
    theirs = a_patient(a_clinic("elsewhere"), name="Hidden Person")
    response, missing = client.get(page_of(theirs)), client.get("/staff/patients/999999/")
    assert (response.status_code, text(response)) == (404, text(missing))


def test_older_lines_are_on_pages_of_their_own(client, sign_in, patient, monkeypatch):
    everything(patient, sign_in())
    monkeypatch.setattr(patient_page, "ON_A_PAGE", 5)
    pages = [happened(client.get(page_of(patient, f"?page={number}"))) for number in (1, 2)]
    assert [len(page) for page in pages] == [5, 3]
    assert pages[1][-1] == "Screening"


def test_many_lines_ask_no_more_than_few(client, sign_in, clinic, django_assert_num_queries):
    by, case = sign_in(), a_case()
    patient = an_invited_sending(clinic).screening.patient
    everything(patient, by, case)
    client.get(page_of(patient))
    with django_assert_num_queries(QUERIES):
        client.get(page_of(patient))
    for days in range(2):
        everything(patient, by, case)
        a_visit(patient, day=SOON + timedelta(days=days))
    with django_assert_num_queries(QUERIES):
        assert len(happened(client.get(page_of(patient)))) == 25
