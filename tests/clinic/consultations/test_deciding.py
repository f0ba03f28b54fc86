"""A decision is made by one service, which checks everything anew."""

from datetime import timedelta

import pytest

from clinic.consultations.deciding import DecisionRefused, decide
from clinic.consultations.deciding_proposal import Entry
from clinic.consultations.models import Decision, Referral, Settlement, Stop
from clinic.consultations.voiding import void
from clinic.events import Event
from clinic.people.clinics import Device
from clinic.screenings.models import Door
from tests.clinic.consultations.decided import BODY, FACE, SUIT, Consultation
from tests.clinic.consultations.stored import a_screening
from tests.clinic.screenings.invented import a_clinic, a_link, a_patient, a_sending

pytestmark = pytest.mark.django_db
ILL = {"chronic_disease": "yes"}


def refused(consultation, kind="proceed", **changed):
    """The refusals of a proposal, each as its field and words; nothing was stored."""
    with pytest.raises(DecisionRefused) as found:
        consultation.decide(kind, **changed)
    assert (Decision.objects.count(), Settlement.objects.count()) == (0, 0)
    return list(map(tuple, found.value.refusals))


def other(consultation, **changed):
    """One's own reason against a finding."""
    return Entry(**{"reason": "other", "words": "Talked through.", "ends_on": consultation.today, **changed})


def test_a_yes_keeps_the_whole_plan_and_who_decided():
    one = Consultation()
    made = one.decide()
    assert (made.kind, made.sites, made.channels_off, made.device) == ("proceed", BODY["sites"], [], one.device)
    assert (made.course, made.goals, made.expectations) == ({"sessions": 8, "interval_days": 4}, ["sport"], True)
    assert (made.by, made.role, made.words, made.until) == (one.by, "practitioner", "As talked through.", None)
    assert (made.assessment.kind, made.assessment.entries) == ("body", {"protocol": "Gently."})
    event = Event.objects.get(action="decision made")
    assert (event.actor, event.patient, event.about) == (one.by, one.patient, f"decision {made.pk}")


def test_without_a_finding_there_is_nothing_to_settle():
    assert list(Consultation().decide().settlements.all()) == []


@pytest.mark.parametrize(
    ("spoilt", "field"),
    [
        ({"words": " "}, "words"),
        ({"kind": "perhaps"}, "kind"),
        ({"device": None}, "device"),
        ({"sites": ()}, "sites"),
        ({"sites": ("abdomen", "chest", "forearm-left")}, "sites"),
        ({"expectations": False}, "expectations"),
        ({"course": {}}, "sessions"),
        ({"course": {"sessions": 0}}, "sessions"),
        ({"course": {"sessions": 8, "interval_days": 0}}, "interval_days"),
        ({"findings": {}}, "saw-muscle-activity"),
        ({"findings": {"protocol": "Gently.", "palmistry": "Long lines."}}, ""),
        ({"qualification": ""}, "qualification"),
        ({"goals": ("eternal-youth",)}, "goals"),
        ({"ends_on": None}, "ends_on"),
    ],
)
def test_a_yes_wants_a_whole_plan(spoilt, field):
    assert [at for at, _ in refused(Consultation(), **spoilt)] == [field]


@pytest.mark.hazard("H-30")
def test_a_yes_ends_with_the_screening_at_the_latest_and_not_in_the_past():
    one = Consultation()
    last = one.proposal().ends_on
    assert [at for at, _ in refused(one, ends_on=last + timedelta(days=1))] == ["ends_on"]
    assert [at for at, _ in refused(one, ends_on=one.today - timedelta(days=1))] == ["ends_on"]


def test_a_device_of_another_clinic_or_out_of_use_is_none():
    one = Consultation()
    theirs = Device.objects.create(clinic=a_clinic("elsewhere"), make="Invented", model="Two")
    broken = Device.objects.create(clinic=one.clinic, make="Invented", model="Three", in_use=False)
    for device in (theirs, broken):
        assert [at for at, _ in refused(one, device=device)] == ["device"]


def test_a_treatment_that_is_no_longer_offered_is_not_started():
    one = Consultation()
    one.clinic.treatments = ["facial-ems"]
    one.clinic.save()
    one.screening.clinic = one.clinic
    assert [at for at, _ in refused(one)] == ["kind"]


def test_the_kind_says_whether_places_are_left_out():
    one = Consultation()
    assert [at for at, _ in refused(one, sites=("abdomen",))] == ["kind"]
    assert [at for at, _ in refused(one, "proceed-sites")] == ["kind"]
    assert one.decide("proceed-sites", sites=("abdomen",)).sites == ["abdomen"]


# Who, and on which screening


@pytest.mark.hazard("H-35")
def test_reception_a_suspended_person_and_another_clinic_decide_nothing():
    one = Consultation()
    wrong = ("", "You cannot decide on this screening.")
    one.membership.role = "reception"
    assert wrong in refused(one, "decline")
    one.membership.role, one.membership.suspended = "practitioner", True
    assert wrong in refused(one, "decline")
    one.membership = Consultation(clinic=a_clinic("elsewhere")).membership
    assert wrong in refused(one, "decline")


@pytest.mark.hazard("H-06")
@pytest.mark.parametrize("kind", ["proceed", "decline"])
def test_a_screening_that_a_newer_one_replaced_is_not_decided_on(kind):
    one = Consultation()
    one.screen()
    assert [words for _, words in refused(one, kind)] == ["A newer screening is there. Decide on that one."]


@pytest.mark.hazard("H-07")
@pytest.mark.parametrize("kind", ["proceed", "decline"])
def test_a_voided_screening_is_not_decided_on(kind):
    one = Consultation()
    void(one.screening, "Another person.", one.by)
    assert len(refused(one, kind)) == 1


@pytest.mark.hazard("H-02")
def test_a_self_check_is_not_decided_on_before_staff_stand_behind_it():
    one = Consultation()
    one.screening = a_screening(one.patient, by=None, door=Door.LINK, at=one.clinic.now())
    one.screening.clinic = one.clinic
    assert "A newer screening is there. Decide on that one." in [words for _, words in refused(one)]


@pytest.mark.hazard("H-05")
def test_an_expired_screening_is_not_decided_on():
    one = Consultation()
    old = one.clinic.now() - timedelta(days=190)
    one.patient = a_patient(one.clinic, name="Otto Old")
    one.screening = one.screen(at=old)
    assert any(words.startswith("The screening was valid until") for _, words in refused(one, ends_on=one.today))


@pytest.mark.hazard("H-06")
def test_no_yes_while_a_self_check_waits_but_a_no():
    one = Consultation()
    a_sending(clinic=one.clinic, invitation=a_link(one.clinic, patient=one.patient)[0])
    assert any("waits to be reviewed" in words for _, words in refused(one))
    assert one.decide("decline").kind == "decline"


@pytest.mark.hazard("H-05")
def test_no_yes_on_a_screening_from_before_health_changed():
    one = Consultation()
    later = one.screen(at=one.clinic.now() + timedelta(seconds=1))
    type(later)._base_manager.filter(pk=later.pk).update(stage="session")
    stop = {"clinic": one.clinic, "patient": one.patient, "by": one.by, "role": "practitioner"}
    Stop(
        **stop,
        treatment="facial-ems",
        check_screening=later,
        reasons=["health-changed"],
        reopens=True,
        needs_screening=True,
    ).save()
    assert [words for _, words in refused(one)] == [
        "A session was stopped because health changed. Go through all questions again first."
    ]


def test_no_yes_on_a_newer_screening_with_an_answer_from_before_health_changed():
    one = Consultation()
    kept, now = type(one.screening)._base_manager, one.clinic.now()
    kept.filter(pk=one.screening.pk).update(stage="session")
    stop = {"clinic": one.clinic, "patient": one.patient, "by": one.by, "role": "practitioner", "at": now}
    found = {"reasons": ["health-changed"], "reopens": True, "needs_screening": True}
    Stop(**stop, **found, treatment="facial-ems", check_screening=one.screening).save()
    one.screening = one.screen(at=now + timedelta(seconds=1))
    kept.filter(pk=one.screening.pk).update(oldest_at=now - timedelta(hours=1))
    one.screening.refresh_from_db()
    assert [words for _, words in refused(one)] == [
        "A session was stopped because health changed. Go through all questions again first."
    ]


@pytest.mark.hazard("H-08")
def test_only_consultation_screenings_are_decided_on():
    one = Consultation()
    type(one.screening)._base_manager.filter(pk=one.screening.pk).update(stage="session")
    one.screening.refresh_from_db()
    assert ("", "Only a consultation screening of a patient is decided on.") in refused(one, "decline")


# Against a finding only where the grade allows


@pytest.mark.hazard("H-13")
@pytest.mark.parametrize(
    "answers",
    [
        {"pregnant": "yes"},
        {"epilepsy": "unsure"},
        {"chronic_disease": "unsure"},
        {"heart_disease": "unsure"},
        {"cancer": "in-person"},
    ],
)
@pytest.mark.parametrize("reason", ["other", "assessed", "agreement", "clearance", "ended", "answered", "left-out"])
def test_nothing_lifts_a_contraindication_or_what_is_unknown(answers, reason):
    one = Consultation(answers=answers)
    entries = {at: other(one, reason=reason) for at in range(len(one.case.outcome.findings))}
    assert refused(one, entries=entries) != []


@pytest.mark.hazard("H-03", "H-17")
def test_nothing_lifts_what_is_missing():
    one = Consultation(without=("epilepsy",))
    assert [at for at, _ in refused(one)] == ["", "kind"]


def test_a_refer_wants_an_entry_and_takes_ones_own_reason_in_words():
    one = Consultation(answers=ILL)
    at = one.position("chronic-disease")
    assert refused(one) == [(f"finding-{at}", "Lasting illness: Record the doctor’s answer, or your reason.")]
    assert refused(one, entries={at: other(one, words=" ")})[0][1].endswith("Write your reason in your own words.")
    made = one.decide(entries={at: other(one)}).settlements.get()
    assert (made.rule, made.grade, made.reason, made.words) == ("chronic-disease", "refer", "other", "Talked through.")
    assert (made.answers, made.ends_on) == ({"chronic-disease": "yes"}, one.today)


def test_every_settlement_has_an_end_that_is_not_past():
    one = Consultation(answers=ILL)
    at = one.position("chronic-disease")
    wrong = (f"finding-{at}-ends_on", "Lasting illness: Enter the day on which this ends.")
    assert refused(one, entries={at: other(one, ends_on=None)}) == [wrong]
    for end in (one.today - timedelta(days=1), one.proposal().ends_on + timedelta(days=1)):
        assert [field for field, _ in refused(one, entries={at: other(one, ends_on=end)})] == [f"finding-{at}-ends_on"]


@pytest.mark.hazard("H-16")
def test_an_entry_against_one_finding_is_none_against_another():
    one = Consultation(answers=ILL | {"anything_else": "yes"})
    entries = {one.position("chronic-disease"): other(one)}
    assert [at for at, _ in refused(one, entries=entries)] == [f"finding-{one.position('anything-else')}"]


def test_a_referral_settles_once_its_answer_closes_the_finding():
    one = Consultation(answers=ILL)
    at = one.position("chronic-disease")
    open_one = one.asks("chronic-disease")
    wrong = "Lasting illness: Choose an answered referral that closes it."
    assert refused(one, entries={at: other(one, reason="answered", referral=open_one)}) == [(f"finding-{at}", wrong)]
    closed = one.asks("chronic-disease", result="closes")
    entry = other(one, reason="answered", referral=closed)
    assert one.decide(entries={at: entry}).settlements.get().referral == closed


@pytest.mark.hazard("H-16")
def test_an_answer_that_keeps_the_finding_settles_nothing_also_where_an_earlier_one_closed_it():
    one = Consultation(answers=ILL)
    at = one.position("chronic-disease")
    closed, kept = one.asks("chronic-disease", result="closes"), one.asks("chronic-disease", result="keeps")
    for referral in (closed, kept):
        assert len(refused(one, entries={at: other(one, reason="answered", referral=referral)})) == 1


@pytest.mark.hazard("H-07")
def test_a_referral_of_another_patient_settles_nothing():
    one = Consultation(answers=ILL)
    two = Consultation(clinic=a_clinic("elsewhere"), answers=ILL)
    theirs = two.asks("chronic-disease", result="closes")
    entries = {one.position("chronic-disease"): other(one, reason="answered", referral=theirs)}
    assert len(refused(one, entries=entries)) == 1


@pytest.mark.hazard("H-16")
def test_an_answer_lapses_with_the_answers_it_was_given_for():
    one = Consultation(answers=ILL | {"chronic_disease_details": "Asthma"})
    closed = one.asks("chronic-disease", result="closes")
    one.screening = one.screen(**ILL, chronic_disease_details="Lupus")
    entries = {one.position("chronic-disease"): other(one, reason="answered", referral=closed)}
    assert len(refused(one, entries=entries)) == 1
    one.screening = one.screen(**ILL, chronic_disease_details="Asthma")
    assert one.decide(entries=entries).settlements.count() == 1


@pytest.mark.hazard("H-13")
def test_not_advised_wants_an_agreement_with_a_letter_about_that_finding():
    one = Consultation(answers={"heart_disease": "yes", "gallstones": "yes"})
    agreed = one.says("heart-disease")
    heart, stones = one.position("heart-disease"), one.position("gallstones")
    entry = other(one, reason="agreement", statement=agreed)
    assert [at for at, _ in refused(one, entries={heart: entry, stones: entry})] == [f"finding-{stones}"]
    entries = {heart: entry, stones: other(one, reason="agreement", statement=one.says("gallstones"))}
    made = one.decide(entries=entries)
    assert sorted(made.settlements.values_list("rule", "reason")) == [
        ("gallstones", "agreement"),
        ("heart-disease", "agreement"),
    ]


@pytest.mark.parametrize("reason", ["other", "assessed", "answered", "clearance", "ended"])
def test_nothing_but_an_agreement_goes_against_advice(reason):
    one = Consultation(answers={"heart_disease": "yes"})
    entry = other(one, reason=reason, statement=one.says("heart-disease"))
    assert len(refused(one, entries={one.position("heart-disease"): entry})) == 1


@pytest.mark.hazard("H-30")
def test_a_settlement_does_not_outlast_what_it_rests_on():
    one = Consultation(answers={"heart_disease": "yes"})
    agreed = one.says("heart-disease", ends_on=one.today)
    at = one.position("heart-disease")
    entry = other(one, reason="agreement", statement=agreed, ends_on=one.tomorrow())
    assert "The record ends on" in refused(one, entries={at: entry})[0][1]


@pytest.mark.hazard("H-30")
def test_a_statement_recorded_on_a_voided_screening_settles_nothing():
    one = Consultation(answers={"heart_disease": "yes"})
    agreed = one.says("heart-disease")
    void(one.screening, "Another person.", one.by)
    one.screening = one.screen(heart_disease="yes")
    entry = other(one, reason="agreement", statement=agreed)
    assert len(refused(one, entries={one.position("heart-disease"): entry})) == 1


@pytest.mark.hazard("H-30")
def test_a_deferral_ends_by_its_recorded_end_only():
    one = Consultation(answers={"viral_illness": "yes"})
    at = one.position("viral-illness")
    assert len(refused(one, entries={at: other(one)})) == 1
    ended = one.says("viral-illness", letter=None)
    assert one.decide(entries={at: other(one, reason="ended", statement=ended)}).settlements.get().reason == "ended"


@pytest.mark.parametrize(
    ("answers", "rule", "reason", "sites"),
    [
        ({"viral_illness": "yes"}, "viral-illness", "ended", ()),
        (
            {"broken_bone": "yes", "broken_bone_sites": ["hand-left"]},
            "unhealed-fracture",
            "clearance",
            ("forearm-left",),
        ),
    ],
)
def test_what_was_recorded_before_a_newer_yes_is_not_about_it(answers, rule, reason, sites):
    one = Consultation(answers=answers)
    entry = other(one, reason=reason, statement=one.says(rule, sites=sites))
    one.screening = one.screen(**answers)
    assert len(refused(one, entries={one.position(rule): entry})) == 1


def test_what_was_recorded_before_a_correction_still_counts():
    answers = {"viral_illness": "yes"}
    one = Consultation(answers=answers)
    entry = other(one, reason="ended", statement=one.says("viral-illness"))
    newer = one.screen(**answers)
    type(newer)._base_manager.filter(pk=newer.pk).update(corrects=one.screening)
    newer.refresh_from_db()
    one.screening = newer
    assert one.decide(entries={one.position("viral-illness"): entry}).settlements.count() == 1


def test_an_agreement_about_a_lasting_illness_counts_for_the_next_screening_too():
    one = Consultation(answers={"heart_disease": "yes"})
    entry = other(one, reason="agreement", statement=one.says("heart-disease"))
    one.screening = one.screen(heart_disease="yes")
    assert one.decide(entries={one.position("heart-disease"): entry}).settlements.count() == 1


@pytest.mark.parametrize("reason", ["agreement", "answered"])
def test_what_a_doctor_said_about_one_treatment_settles_nothing_for_another(reason):
    answers, rule = {
        "agreement": ({"heart_disease": "yes"}, "heart-disease"),
        "answered": ({"chronic_disease": "yes"}, "chronic-disease"),
    }[reason]
    one = Consultation(answers=answers)
    if reason == "agreement":
        entry = other(one, reason=reason, statement=one.says(rule))
    else:
        entry = other(one, reason=reason, referral=one.asks(rule, result="closes"))
    one.plan = dict(FACE)
    one.screening = one.screen(**answers)
    assert [field for field, _ in refused(one, entries={one.position(rule): entry})] == [
        f"finding-{one.position(rule)}"
    ]


def test_a_barred_place_is_left_out_and_recorded_so():
    one = Consultation(plan=FACE, answers={"skin_problem": "yes", "skin_problem_sites": ["cheek-left"]})
    wrong = ("sites", "Inflamed or damaged skin: Leave the places out.")
    assert refused(one, entries={one.position("damaged-skin"): other(one)}) == [wrong]
    made = one.decide("proceed-sites", sites=("cheek-right",)).settlements.get()
    assert (made.rule, made.reason, made.sites) == ("damaged-skin", "left-out", ["cheek-left"])


def test_in_the_suit_a_place_is_left_out_by_its_channel():
    one = Consultation(plan=SUIT, answers={"skin_problem": "yes", "skin_problem_sites": ["thigh-front-left"]})
    assert refused(one) == [("sites", "Inflamed or damaged skin: Leave the places out: switch their channels off.")]
    sites = [site for site in one.case.planned if site != "thigh-front-left"]
    made = one.decide("proceed-sites", sites=tuple(sites))
    assert (made.channels_off, made.sites) == (["thigh-front-left"], sites)


@pytest.mark.hazard("H-10")
def test_a_suit_that_reaches_more_than_was_screened_is_screened_again():
    one = Consultation(plan=SUIT)
    one.clinic.suit_sites = ["chest"]
    one.clinic.save()
    one.screening.clinic = one.clinic
    assert [at for at, _ in refused(one)] == ["sites"]


@pytest.mark.hazard("H-16")
def test_a_break_is_cleared_for_the_places_that_the_doctor_named():
    answers = {"broken_bone": "yes", "broken_bone_sites": ["hand-left"]}
    one = Consultation(answers=answers)
    at = one.position("unhealed-fracture")
    assert len(refused(one, entries={at: other(one)})) == 1
    cleared = one.says("unhealed-fracture", sites=("forearm-left",))
    made = one.decide(entries={at: other(one, reason="clearance", statement=cleared)}).settlements.get()
    assert (made.reason, made.sites, made.statement) == ("clearance", ["forearm-left"], cleared)


def test_one_clearance_of_the_breast_settles_its_bar_and_its_refer():
    plan = {"treatment": "body-myostimulation", "sites": ["breast-left", "breast-right", "abdomen"]}
    one = Consultation(plan=plan, answers={"breast_lumps": "yes", "breast_doctor": "yes"})
    bar, refer = one.position("breast", "site"), one.position("breast", "refer")
    cleared = one.says("breast", "site", sites=("breast-left",))
    entries = dict.fromkeys((bar, refer), other(one, reason="clearance", statement=cleared))
    assert sorted({at for at, _ in refused(one, entries=entries)}) == sorted([f"finding-{bar}", f"finding-{refer}"])
    made = one.decide("proceed-sites", sites=("breast-left", "abdomen"), entries=entries)
    assert sorted(made.settlements.values_list("grade", "reason")) == [
        ("refer", "clearance"),
        ("site", "clearance"),
        ("site", "left-out"),
    ]


def test_a_breast_that_is_left_out_settles_its_refer_by_itself():
    plan = {"treatment": "body-myostimulation", "sites": ["breast-left", "abdomen"]}
    one = Consultation(plan=plan, answers={"breast_lumps": "yes", "breast_doctor": "no"})
    made = one.decide("proceed-sites", sites=("abdomen",))
    assert sorted(made.settlements.values_list("grade", "reason")) == [("refer", "left-out"), ("site", "left-out")]


@pytest.mark.hazard("H-17")
def test_an_agreement_with_a_contraindication_beside_it_changes_nothing():
    one = Consultation(answers={"heart_disease": "yes", "pregnant": "yes"})
    entry = other(one, reason="agreement", statement=one.says("heart-disease"))
    entries = {one.position("heart-disease"): entry, one.position("pregnancy"): entry}
    assert [at for at, _ in refused(one, entries=entries)] == [f"finding-{one.position('pregnancy')}"]


# Section 8 lends no number


def test_the_source_gives_a_course_for_microcurrent_and_for_nothing_else():
    face = Consultation(plan=FACE)
    assert face.decide(course={"sessions": 30}).course == {"sessions": 30}
    micro = Consultation(clinic=a_clinic("micro"), plan={"treatment": "facial-microcurrent", "sites": ["cheek-left"]})
    with pytest.raises(DecisionRefused) as found:
        micro.decide(course={"sessions": 13})
    assert [one.field for one in found.value.refusals] == ["course_reason"]
    assert micro.decide(course={"sessions": 12}).course == {"sessions": 12}
    assert micro.decide(course={"sessions": 13, "reason": "Slow."}).course == {"sessions": 13, "reason": "Slow."}


# The ways to say no


def test_a_deferral_names_a_day_after_today():
    one = Consultation(answers={"viral_illness": "yes"})
    for until in (None, one.today):
        assert [at for at, _ in refused(one, "defer", until=until)] == ["until"]
    made = one.decide("defer", until=one.tomorrow())
    assert (made.until, made.sites, made.device, made.ends_on) == (one.tomorrow(), [], None, None)


def test_a_no_is_possible_while_answers_are_missing():
    assert Consultation(without=("epilepsy",)).decide("decline").kind == "decline"


def test_to_refer_asks_a_doctor_or_has_asked_one():
    one = Consultation(answers=ILL)
    assert [at for at, _ in refused(one, "refer")] == ["to"]
    blank = {"position": -1, "to": " ", "question": ""}
    assert [at for at, _ in refused(one, "refer", ask=blank)] == ["to", "question", "about"]
    one.decide("refer", ask={"position": one.position("chronic-disease"), "to": "Dr Example", "question": "May we?"})
    made = Referral.objects.get()
    assert (made.rule, made.to, made.question) == ("chronic-disease", "Dr Example", "May we?")
    assert one.decide("refer").kind == "refer"


@pytest.mark.hazard("H-23")
def test_what_is_refused_leaves_no_referral_and_no_assessment():
    one = Consultation(answers=ILL)
    refused(one, "refer", words="", ask={"position": 0, "to": "Dr Example", "question": "May we?"})
    assert (Referral.objects.count(), one.screening.assessments.count()) == (0, 0)


@pytest.mark.hazard("H-12")
def test_rules_that_were_altered_are_decided_on_by_nobody(monkeypatch):
    one = Consultation()
    proposal = one.proposal()
    monkeypatch.setattr("clinic.consultations.deciding_case.set_of", lambda _: None)
    with pytest.raises(DecisionRefused) as found:
        decide(one.screening, proposal, membership=one.membership)
    assert str(found.value) == "The rules of this screening are not as they were published."
