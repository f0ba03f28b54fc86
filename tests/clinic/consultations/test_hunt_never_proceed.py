"""Whatever one question is answered, a yes is decided only where the issue's table allows it.

The table here is written from the issue and the catalogue, by question and answer; it reads nothing of `settling`.
"""

import json
from datetime import timedelta

import pytest
from django.db import transaction

from clinic.consultations.deciding import DecisionRefused, decide
from clinic.consultations.deciding_proposal import Entry
from clinic.consultations.models import Decision, Referral, ReferralStep, Statement
from clinic.screenings.models import Screening
from screening.rulesets import published
from tests.clinic.consultations.decided import BODY, FACE, SUIT, Consultation
from tests.clinic.screenings.invented import a_clinic
from tests.screening.rule_set_one import FIXTURE

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
CHEST = {"treatment": "body-myostimulation", "sites": ["breast-left", "abdomen"]}
EMFACE = {"treatment": "emface", "sites": ["cheek-left", "cheek-right"]}
EVERY = ("left-out", "clearance", "agreement", "ended", "answered", "assessed", "other", "", "invented")

NEVER, FREE = frozenset(), None
AGREED, ENDED, CLEARED = frozenset({"agreement"}), frozenset({"ended"}), frozenset({"clearance"})
ASKED = frozenset({"answered", "assessed", "other"})
ASKED_OF_BREAST = frozenset({"clearance", "answered"})
ABSOLUTE = (
    "heart-device", "heart-failure", "pregnant", "severe-mental-illness", "alcohol-dependence", "drug-dependence",
    "cancer", "thrombophlebitis", "circulation-severe", "kidney-failure", "liver-failure", "tuberculosis",
    "current-hypersensitivity", "bleeding-tendency", "sepsis", "epilepsy",
)  # fmt: skip
RELATIVE = ("implanted-device", "heart-disease", "digestive-disease", "urinary-stones", "gallstones")
ASK_FIRST = (
    "past-cancer", "chronic-disease", "surgery-planned", "recent-procedure", "material-allergy", "anything-else",
)  # fmt: skip
PASSING = ("viral-illness", "purulent-inflammation", "fever")
YES_NO = (*ABSOLUTE, *RELATIVE, *ASK_FIRST, *PASSING)
IN_PERSON = ("severe-mental-illness", "alcohol-dependence", "drug-dependence", "cancer")
SINCE = {"recent-surgery": "yes"}


def table():  # noqa: C901, PLR0912 - a table, a line each
    """Each case: the plan, what is answered, and the one way in which a yes can be decided, if any."""
    for code in ABSOLUTE:
        yield BODY, {code: "yes"}, NEVER
    for code in RELATIVE:
        yield BODY, {code: "yes"}, AGREED
    for code in ASK_FIRST:
        yield BODY, {code: "yes"}, ASKED
    for code in PASSING:
        yield BODY, {code: "yes"}, ENDED
    for code in (*YES_NO, "unexplained-lump", "bleeding", "hypertension", "hernia", "circulation-problem",
                 "skin-disease", "broken-bone", "skin-problem", "recent-surgery", "sore-vein"):  # fmt: skip
        yield BODY, {code: "unsure"}, NEVER
    for code in IN_PERSON:
        yield BODY, {code: "in-person"}, NEVER
    yield BODY, {"pregnant": "not-applicable"}, FREE
    yield BODY, {"unexplained-lump": "yes"}, NEVER
    yield BODY, {"bleeding": "yes", "bleeding-explained": "yes"}, ENDED
    # "No" is deferred and referred at once: no one reason settles both.
    for said in ("no", "unsure", None):
        yield BODY, {"bleeding": "yes", "bleeding-explained": said}, NEVER
    for stage, ways in (("1", ASKED), ("2", ASKED), ("3", NEVER), ("not-told", NEVER), (None, NEVER)):
        yield BODY, {"circulation-problem": "yes", "circulation-stage": stage}, ways
    yield BODY, {"hypertension": "yes", "hypertension-controlled": "yes"}, ASKED
    for said in ("no", "unsure", None):
        yield BODY, {"hypertension": "yes", "hypertension-controlled": said}, NEVER
    for pressure in ((160, 80), (120, 100), (200, 120)):
        yield BODY, {"blood-pressure": dict(zip(("systolic", "diastolic"), pressure, strict=True))}, NEVER
    yield BODY, {"blood-pressure": {"systolic": 159, "diastolic": 99}}, FREE
    yield BODY, {"temperature": 38.0}, ENDED
    yield BODY, {"temperature": 37.9}, FREE
    for kind in ("abdominal", "groin", "navel", "hiatus", "other", "unsure"):
        yield BODY, {"hernia": "yes", "hernia-kind": [kind]}, NEVER
        yield BODY, {"hernia": "yes", "hernia-kind": ["disc", kind]}, NEVER
    yield BODY, {"hernia": "yes", "hernia-kind": None}, NEVER
    yield BODY, {"hernia": "yes", "hernia-kind": ["disc"]}, ASKED
    for places in (["foot-left"], ["abdomen"], ["unsure"], None):
        yield BODY, {"skin-disease": "yes", "skin-disease-sites": places}, NEVER
    for code in ("skin-problem", "sore-vein", "broken-bone"):
        more = {"sore-vein-diagnosed": "yes"} if code == "sore-vein" else {}
        yield BODY, {code: "yes", f"{code}-sites": None, **more}, NEVER
        yield BODY, {code: "yes", f"{code}-sites": ["unsure"], **more}, NEVER
        yield BODY, {code: "yes", f"{code}-sites": ["ear-left"], **more}, FREE
    for code in ("skin-problem", "sore-vein"):
        more = {"sore-vein-diagnosed": "yes"} if code == "sore-vein" else {}
        yield BODY, {code: "yes", f"{code}-sites": ["abdomen"], **more}, NEVER
        yield BODY, {code: "yes", f"{code}-sites": ["abdomen", "unsure"], **more}, NEVER
    yield BODY, {"broken-bone": "yes", "broken-bone-sites": ["hand-left"]}, CLEARED
    yield BODY, {"broken-bone": "yes", "broken-bone-sites": ["hand-left", "unsure"]}, NEVER
    for said in ("no", "unsure", None):
        yield BODY, {"sore-vein": "yes", "sore-vein-sites": ["foot-left"], "sore-vein-diagnosed": said}, NEVER
    yield BODY, {**SINCE, "surgeries": None}, NEVER
    yield BODY, {**SINCE, "surgeries": [{"date": "unsure", "sites": ["abdomen"]}]}, NEVER
    yield BODY, {**SINCE, "surgeries": [{"date": "2000", "sites": ["abdomen"]}]}, FREE
    for said in ("yes", "no"):
        yield CHEST, {"breast-lumps": "yes", "breast-doctor": said}, CLEARED
    yield CHEST, {"breast-lumps": "no", "breast-doctor": "no"}, ASKED_OF_BREAST
    yield CHEST, {"breast-lumps": "no", "breast-doctor": "yes"}, FREE
    for lumps, doctor in (("unsure", "yes"), ("unsure", "no"), ("no", "unsure"), ("no", None), (None, "yes")):
        yield CHEST, {"breast-lumps": lumps, "breast-doctor": doctor}, NEVER
    yield SUIT, {"broken-bone": "yes", "broken-bone-sites": ["foot-left"]}, ASKED
    for said, ways in (("yes", FREE), ("no", ASKED), (None, ASKED)):
        yield EMFACE, {"maker-check": said}, ways
    for site in ("throat", "neck-side-left", "under-chin"):
        yield {"treatment": "facial-ems", "sites": [site, "cheek-left"]}, {}, NEVER
    for site in ("groin", "intimate", "neck-side-right"):
        yield {"treatment": "body-myostimulation", "sites": [site, "abdomen"]}, {}, NEVER
    for site in ("under-eye-left", "nose"):
        yield FACE, {"skin-problem": "yes", "skin-problem-sites": [site, "cheek-left"]}, NEVER


CASES = list(table())


def named(case):
    plan, answers, _ = case
    said = "-".join(f"{code}={answer}" for code, answer in answers.items())
    return f"{plan['treatment']}-{'+'.join(plan.get('sites', []))}-{said}"


def screened(answers, plan):
    absent = tuple(code for code, answer in answers.items() if answer is None)
    given = {code.replace("-", "_"): answer for code, answer in answers.items() if answer is not None}
    return Consultation(plan=plan, answers=given, without=absent)


def entries(one, reason):
    """Everything that could be recorded for this reason, as rows made past the services, which refuse some."""
    found = {}
    for at, finding in enumerate(one.case.outcome.findings):
        about = {"screening": one.screening, "rule": finding.rule, "answers": one.case.deciding(finding)}
        whose = {"clinic": one.clinic, "patient": one.patient, "by": one.by, "role": "practitioner"}
        statement = Statement.objects.create(
            **whose, **about, kind=reason if reason in Statement.Kind.values else "clearance",
            sites=list(one.case.planned), said_by="Dr Example", said_on=one.today, letter=one.letter(),
        )  # fmt: skip
        referral = Referral.objects.create(**whose, **about, to="Dr Example", question="May we?")
        step = {"kind": "answered", "result": "closes", "on": one.today, "words": "Yes."}
        ReferralStep.objects.create(**whose, referral=referral, **step)
        found[at] = Entry(reason, "My reason.", statement, referral, one.today)
    return found


def may_be_decided(one, reason):
    proposal = one.proposal(entries=entries(one, reason))
    try:
        with transaction.atomic():
            decide(one.screening, proposal, membership=one.membership)
            raise Undone  # noqa: TRY301 - undoes it
    except Undone:
        return True
    except DecisionRefused:
        return False


class Undone(Exception):
    pass


@pytest.mark.hazard("H-13")
@pytest.mark.parametrize("case", CASES[::9], ids=map(named, CASES[::9]))
def test_a_yes_is_decided_only_where_the_table_allows_it(case):
    tried(*case)


@pytest.mark.sweep
@pytest.mark.parametrize("case", CASES, ids=map(named, CASES))
def test_a_yes_is_decided_only_where_the_whole_table_allows_it(case):
    tried(*case)


def tried(plan, answers, ways):
    one = screened(answers, plan)
    allowed = {reason for reason in EVERY if may_be_decided(one, reason)}
    assert allowed == (set(EVERY) if ways is FREE else ways)
    assert Decision.objects.count() == 0


def test_the_table_has_every_rule_and_every_answer_that_is_to_be_chosen():
    said = {(code, answer) for _, answers, _ in CASES for code, answer in answers.items() if isinstance(answer, str)}
    said |= {
        (code, entry)
        for _, answers, _ in CASES
        for code, answer in answers.items()
        if isinstance(answer, list)
        for entry in answer
        if isinstance(entry, str)
    }
    content = json.loads(FIXTURE.read_text())
    chosen = {
        (question["code"], choice["code"])
        for question in content["questions"]
        if question.get("stage") != "session" and not question.get("shown_only")
        for choice in question.get("choices", [])
    }
    safe = {(question.code, answer) for question in published().questions.values() for answer in question.safe_answers}
    # Of operations it is their date that may be not known.
    assert chosen - said - safe - {("surgeries", "unsure")} == set()


@pytest.mark.hazard("H-03", "H-34")
@pytest.mark.parametrize("code", ["epilepsy", "fever", "pregnant", "anything-else"])
def test_nothing_is_decided_past_a_question_that_was_not_answered(code):
    one = screened({code: None}, BODY)
    assert one.screening.outcome["missing"] == [code] or code in one.screening.outcome["missing"]
    assert not any(may_be_decided(one, reason) for reason in ("", "other", "agreement"))


@pytest.mark.hazard("H-31")
def test_operation_of_nine_months_is_never_decided_past_before_its_day():
    now = Consultation().clinic.now()
    for days, allowed in ((270, False), (280, True)):
        then = (now - timedelta(days=days)).date().isoformat()
        one = screened_again({**SINCE, "surgeries": [{"date": then, "sites": ["abdomen"]}]}, days)
        assert {may_be_decided(one, reason) for reason in EVERY} == {allowed}, days


def screened_again(answers, number):
    given = {code.replace("-", "_"): answer for code, answer in answers.items()}
    return Consultation(plan=BODY, answers=given, clinic=a_clinic(f"clinic-{number}"))


def test_two_findings_are_each_settled_by_their_own():
    one = screened({"heart-disease": "yes", "gallstones": "yes", "chronic-disease": "yes"}, BODY)
    assert not any(may_be_decided(one, reason) for reason in EVERY)
    whole = {one.position("chronic-disease"): "other"}
    made = {reason: entries(one, reason) for reason in ("agreement", "other")}
    settled = {at: made[whole.get(at, "agreement")][at] for at in made["agreement"]}
    decision = decide(one.screening, one.proposal(entries=settled), membership=one.membership)
    assert sorted(decision.settlements.values_list("rule", flat=True)) == [
        "chronic-disease", "gallstones", "heart-disease",
    ]  # fmt: skip
    assert Screening.objects.count() == 1
