"""Requests made by hand: forged numbers, odd fields, double presses. None makes a session, a yes or a row elsewhere."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.consultations.models import Consent, Countersign, Decision, Intake, Letter, Referral, Session, Statement
from clinic.people.clinics import Device, Membership
from clinic.screenings.models import Screening
from tests.clinic.consultations import rows
from tests.clinic.consultations.decided import Consultation
from tests.clinic.consultations.gated import SUIT, World
from tests.clinic.consultations.intakes import Typing, an_intake
from tests.clinic.consultations.test_check_views import address, recent, typed
from tests.clinic.screenings.invented import a_clinic, a_link, a_member, a_patient, a_sending

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def world(client):
    ready = recent()
    client.force_login(ready.by)
    return ready


def press(client, world, **changed):
    return client.post(address(world, "staff-start"), typed(world, **changed))


# A session.


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize(
    "changed",
    [
        {"sites": ["abdomen", "throat"]},
        {"sites": ["forearm-right"]},
        {"sites": []},
        {"sites": ["abdomen", "abdomen", "chest"]},
        {"metal-removed": "YES"},
        {"metal-removed": "on"},
        {"health-changed": "false"},
        {"fever": ""},
        {"fever": "NO"},
        {"fever": " no"},
        {"fever": "0"},
        {"pregnant": "not applicable"},
        {"last-meal-open": "none"},
        {"last-meal-open": None, "last-meal-day": "2999-01-01", "last-meal-time": "10:00"},
        {"last-meal-open": None, "last-meal-day": "x", "last-meal-time": "y"},
        {"blood-pressure-systolic": "120", "blood-pressure-diastolic": ""},
        {"temperature": "nan"},
        {"temperature": "1e2"},
        {"skin-problem": "yes", "skin-problem-sites": ["nowhere"]},
        {"recent-surgery": "yes", "surgeries-kept": "[]"},
        {"recent-surgery": "yes", "surgeries-kept": '[{"date": "2000"}]'},
        {"recent-surgery": "yes", "surgeries-kept": '[{"date": "2000", "sites": []}]'},
        {"recent-surgery": "yes", "surgeries-kept": "[" * 10_000},
        {"rules": ""},
        {"rules": "ems 1-1 0"},
        {"rules": None},
    ],
    ids=str,
)
def test_odd_answers_start_nothing(client, world, changed):
    answer = press(client, world, **changed)
    assert (Session.objects.count(), answer.status_code in (200, 302)) == (0, True)


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize(("first", "second"), [("yes", "no"), ("no", "yes"), ("unsure", "no"), ("", "no")])
@pytest.mark.parametrize("code", ["fever", "pregnant"])
def test_two_answers_to_one_question_are_not_read_as_a_no(client, world, code, first, second):
    press(client, world, **{code: [first, second]})
    if Session.objects.exists():
        pytest.fail("a session was started on two answers")


def test_same_and_new_at_once_is_not_the_same(client):
    world = recent(consultation={"recent-procedure": "yes"}, settles={"recent-procedure": "assessed"})
    client.force_login(world.by)
    press(client, world, **{"recent-procedure": "yes", "same.recent-procedure": ["new", "same"]})
    assert Session.objects.count() == 0


@pytest.mark.parametrize("word", ["Same", "SAME", "yes", "1", ""])
def test_no_other_word_is_the_same(client, word):
    world = recent(consultation={"recent-procedure": "yes"}, settles={"recent-procedure": "assessed"})
    client.force_login(world.by)
    press(client, world, **{"recent-procedure": "yes", "same.recent-procedure": word})
    assert Session.objects.count() == 0


def test_same_for_what_was_not_settled_settles_nothing(client, world):
    press(client, world, **{"recent-procedure": "yes", "same.recent-procedure": "same"})
    assert Session.objects.count() == 0


@pytest.mark.hazard("H-10")
@pytest.mark.parametrize("posted", [{"off": []}, {"off": ["buttock-left"]}, {"sites": ["thigh-front-left"]}])
def test_channel_that_the_decision_leaves_off_stays_off_whatever_is_posted(client, posted):
    world = recent(plan=dict(SUIT), decision={"kind": "proceed-sites", "channels_off": ["thigh-front-left"]})
    client.force_login(world.by)
    press(client, world, **posted)
    session = Session.objects.get()
    assert "thigh-front-left" in session.channels_off
    assert "thigh-front-left" not in session.sites


@pytest.mark.hazard("H-21")
def test_device_visit_and_rows_posted_by_hand_are_not_heard(client, world):
    other = Device.objects.create(clinic=world.clinic, make="Invented", model="Two")
    visit = rows.a_visit(a_patient(world.clinic))
    press(client, world, device=other.pk, visit=visit.pk, decision=99, consent=99, now="2000-01-01T00:00:00Z")
    session = Session.objects.get()
    assert (session.device, session.visit, session.decision) == (world.device, None, world.decided)


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30, "0"])
def test_second_press_starts_no_second_session(client, world, after):
    press(client, world)
    press(client, world, after=after)
    assert Session.objects.count() == 1


@pytest.mark.hazard("H-35")
@pytest.mark.parametrize("who", ["suspended", "demoted"])
def test_person_whose_rights_ended_meanwhile_starts_nothing(client, world, who):
    change = {"suspended": {"suspended": True}, "demoted": {"role": "reception"}}[who]
    Membership.objects.filter(user=world.by).update(**change)
    assert press(client, world).status_code == 403
    assert (Session.objects.count(), Screening.objects.filter(stage="session").count()) == (0, 0)


def test_patient_of_another_clinic_and_treatment_not_offered_are_not_there(client, world):
    stranger = a_patient(a_clinic("elsewhere"))
    for patient, treatment in ((stranger.pk, "body-myostimulation"), (world.patient.pk, "facial-ems"),
                               (world.patient.pk, "iontophoresis"), (10**9, "body-myostimulation")):  # fmt: skip
        answer = client.post(reverse("staff-start", args=(patient, treatment)), typed(world))
        assert answer.status_code == 404
    assert Session.objects.count() == 0


@pytest.mark.parametrize("name", ["staff-check", "staff-intake-save", "staff-intake-store"])
def test_nothing_is_written_by_opening_an_address(client, world, name):
    args = (world.patient.pk, "body-myostimulation") if name == "staff-check" else (1,)
    before = Screening.objects.count()
    client.get(reverse(name, args=args))
    assert (Screening.objects.count(), Session.objects.count()) == (before, 0)


# A decision.


def the_decision(one, **given):
    return {
        "kind": "proceed", "words": "As talked through.", "device": one.device.pk, "sites": list(one.case.planned),
        "sessions": "8", "expectations": "on", "ends_on": one.tomorrow().isoformat(), "saw-protocol": "Gently.",
        "qualification": "Physiotherapist", **given,
    }  # fmt: skip


def decided(client, one, **given):
    client.force_login(one.by)
    return client.post(f"/staff/screenings/{one.screening.pk}/decide/", the_decision(one, **given))


def neighbours():
    """Two consultations at two clinics, and a second patient at the first one; all with the same finding."""
    one = Consultation(answers={"heart_disease": "yes", "chronic_disease": "yes"})
    other = Consultation(answers={"heart_disease": "yes", "chronic_disease": "yes"}, clinic=a_clinic("elsewhere"))
    return one, other


@pytest.mark.hazard("H-16")
def test_forged_statement_referral_and_device_of_another_make_no_yes(client):
    one, other = neighbours()
    beside = a_patient(one.clinic, name="Another Person")
    rest = {"screening": one.screening, "rule": "heart-disease", "answers": {"heart-disease": "yes"}}
    forged = [
        other.says("heart-disease"),
        Statement.objects.create(
            **rows.whose(beside, one.by), **rest, kind="agreement", said_by="Dr", said_on=one.today, letter=one.letter()
        ),
        Statement.objects.create(
            **rows.whose(one.patient, one.by), **rest, kind="clearance", said_by="Dr", said_on=one.today,
            letter=one.letter(),
        ),
        Statement.objects.create(
            **rows.whose(one.patient, one.by), **rest, kind="agreement", said_by="Dr", said_on=one.today
        ),
    ]  # fmt: skip
    closed = other.asks("chronic-disease", "closes")
    heart, chronic = one.position("heart-disease"), one.position("chronic-disease")
    for statement in (*forged, "x", "", "0", "-1"):
        number = getattr(statement, "pk", statement)
        settled = {f"finding-{heart}": f"agreement:{number}", f"finding-{heart}-ends_on": one.tomorrow().isoformat()}
        settled |= {f"finding-{chronic}": f"answered:{closed.pk}", f"finding-{chronic}-ends_on": one.tomorrow()}
        assert decided(client, one, **settled).status_code == 200
    for device in (other.device.pk, "x", "0", ""):
        assert decided(client, one, device=device).status_code == 200
    assert Decision.objects.count() == 0


@pytest.mark.parametrize(
    "given",
    [
        {"sites": ["abdomen", "forearm-left", "throat"]}, {"sites": ["forearm-right"]}, {"sites": []},
        {"kind": "Proceed"}, {"kind": ["decline", "proceed-sites"]}, {"ends_on": "2999-01-01"}, {"ends_on": ""},
        {"ends_on": "2020-01-01"}, {"sessions": "0"}, {"sessions": "-3"}, {"sessions": "1e3"}, {"expectations": ""},
        {"saw-protocol": " "}, {"words": " \n"}, {"qualification": ""},
    ],
    ids=str,
)  # fmt: skip
def test_odd_plan_makes_no_yes(client, given):
    one = Consultation()
    decided(client, one, **given)
    assert Decision.objects.filter(kind__startswith="proceed").count() == 0


def test_screening_of_a_session_of_a_stranger_or_of_elsewhere_is_not_decided_on(client):
    world = recent()
    one = Consultation(clinic=a_clinic("elsewhere"))
    check = rows.a_check(world.patient, by=world.by)
    sent = a_sending(clinic=world.clinic).screening
    client.force_login(world.by)
    for screening in (check, sent, one.screening):
        answer = client.post(f"/staff/screenings/{screening.pk}/decide/", the_decision(one))
        assert answer.status_code == 404
    assert Decision.objects.count() == 1


def test_nobody_countersigns_from_elsewhere_or_twice_or_their_own(client):
    world = World(consultation={"heart-disease": "yes"}, settles={"heart-disease": "agreement"})
    at = reverse("staff-countersign", args=[world.decided.pk])
    olga = a_member(a_clinic("elsewhere"), "owner", name="olga")
    for person in (world.by, olga, a_member(world.clinic, "reception", name="robin"),
                   a_member(world.clinic, "practitioner", name="pat")):  # fmt: skip
        client.force_login(person)
        client.post(at, {"why": "Yes.", "by": "1", "role": "supervisor"})
        assert Countersign.objects.count() == 0
    Membership.objects.filter(user=world.by).update(role="supervisor")
    client.force_login(world.by)
    client.post(at, {"why": "Yes."})
    assert Countersign.objects.count() == 0
    client.force_login(a_member(world.clinic, "supervisor", name="sol"))
    for _ in range(2):
        client.post(at, {"why": "Yes."})
    assert Countersign.objects.count() == 1


def test_nothing_is_recorded_on_rows_of_another_clinic(client):
    one, other = neighbours()
    letter, asked = other.letter(), other.asks("chronic-disease")
    yes = rows.a_decision(other.screening, by=other.by)
    consent = rows.a_consent(yes, by=other.by)
    session = rows.a_session(consent, by=other.by)
    invitation, _ = a_link(other.clinic, patient=other.patient)
    sending = a_sending(clinic=other.clinic, invitation=invitation)
    draft = Intake.objects.create(
        clinic=other.clinic, patient=other.patient, treatment="body-myostimulation", opened_by=other.by,
        changed_by=other.by,
    )  # fmt: skip
    models = (Consent, Letter, Statement, Referral, Session, Decision, Screening, Intake)
    before = [model.objects.count() for model in models]
    client.force_login(one.by)
    for name, args in (
        ("staff-decision-new", [other.screening.pk]), ("staff-statement-new", [other.screening.pk, 0]),
        ("staff-referral-new", [other.screening.pk, 0]), ("staff-decision", [yes.pk]),
        ("staff-countersign", [yes.pk]), ("staff-decision-void", [yes.pk]), ("staff-letter", [letter.pk]),
        ("staff-referral", [asked.pk]), ("staff-referral-step", [asked.pk]), ("staff-consent-new", [yes.pk]),
        ("staff-consent", [consent.pk]), ("staff-session", [session.pk]), ("staff-session-record", [session.pk]),
        ("staff-session-void", [session.pk]), ("staff-adverse-new", [session.pk]),
        ("staff-screening", [other.screening.pk]), ("staff-screening-correct", [other.screening.pk]),
        ("staff-screening-void", [other.screening.pk]), ("staff-set-aside", [sending.pk]),
        ("staff-paper", [other.patient.pk]), ("staff-intake", [draft.pk]), ("staff-intake-save", [draft.pk]),
        ("staff-intake-store", [draft.pk]), ("staff-intake-drop", [draft.pk]),
        ("staff-check", [other.patient.pk, "body-myostimulation"]),
    ):  # fmt: skip
        answers = {client.get(reverse(name, args=args)).status_code}
        answers |= {client.post(reverse(name, args=args), {"why": "x", "sure": "1"}).status_code}
        assert answers <= {404, 405}, name
    assert [model.objects.count() for model in models] == before


def test_intake_is_not_opened_with_rows_of_another(client):
    one, other = neighbours()
    invitation, _ = a_link(other.clinic, patient=other.patient)
    foreign = a_sending(clinic=other.clinic, invitation=invitation)
    second = a_patient(one.clinic, name="Another Person")
    theirs = a_sending(clinic=one.clinic, invitation=a_link(one.clinic, patient=second)[0])
    stranger = a_sending(clinic=one.clinic)
    client.force_login(one.by)
    for patient, sending in (
        (other.patient, None), (one.patient, foreign), (one.patient, theirs), (one.patient, stranger),
        (other.patient, theirs),
    ):  # fmt: skip
        posted = {"patient": patient.pk, "treatment": "body-myostimulation"}
        posted |= {"sending": sending.pk} if sending else {}
        assert client.post(reverse("staff-intake-open"), posted).status_code == 404
    assert Intake.objects.count() == 0


# The intake as it is typed.


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize("values", [["unsure", "no"], ["yes", "no"], ["", "no"], ["NO"], ["No"], ["0"], ["no "]])
def test_odd_answer_in_an_intake_is_never_kept_as_a_no(client, clinic, sign_in, values):
    draft = an_intake(clinic, sign_in())
    page = Typing(client, draft).all_no()
    page.data["epilepsy"] = values
    page.save()
    assert Intake.objects.get().answers.get("epilepsy") != "no"


def test_in_person_and_unsure_stay_what_they_are_through_every_way_of_saving(client, clinic, sign_in):
    by = sign_in()
    draft = an_intake(clinic, by)
    Typing(client, draft).all_no(cancer="in-person", epilepsy="unsure").save()
    late = Typing(client, draft)
    Typing(client, draft).say(cancer="unsure").save()
    late.say(fever="yes").save()
    late.draw()
    late.say(intake__keep="cancer").save()
    kept = Intake.objects.get().answers
    assert (kept["cancer"], kept["epilepsy"], kept["fever"]) == ("unsure", "unsure", "yes")


@pytest.mark.hazard("H-24")
def test_old_page_does_not_bring_an_answer_back_over_a_newer_doubt(client, clinic, sign_in):
    draft = an_intake(clinic, sign_in())
    Typing(client, draft).all_no().save()
    old = Typing(client, draft)
    Typing(client, draft).say(epilepsy="unsure").save()
    old.data["intake.revision"] = ["99"]
    old.save()
    old.data["was.epilepsy"] = ["forged"]
    old.save()
    assert Intake.objects.get().answers["epilepsy"] == "unsure"


def test_emptied_answer_is_no_answer(client, clinic, sign_in):
    draft = an_intake(clinic, sign_in())
    Typing(client, draft).all_no().save()
    page = Typing(client, draft)
    del page.data["epilepsy"]
    page.save()
    assert "epilepsy" not in Intake.objects.get().answers
    assert timezone.now() > Intake.objects.get().changed_at
