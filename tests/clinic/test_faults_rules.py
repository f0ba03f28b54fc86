"""Rules that raise, are missing or were altered: nothing is judged by them, nothing is stored, and people are told."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from clinic.models import Decision, Screening, Session
from screening import rulesets
from screening.models import Rule, RuleSet
from screening.presentation.practitioner_words import LABELS
from tests.clinic.consultations.gated import World
from tests.clinic.screenings.invented import a_clinic, a_member
from tests.support.faults_acts import ACTS, held
from tests.support.record import a_record, a_screening
from tests.support.small_papers import small_papers

pytestmark = pytest.mark.django_db

JUDGED = ("store", "send", "decide", "start")
MAKES = (Screening, Decision, Session)


def no_rule_set(monkeypatch):
    RuleSet.objects.update(status=RuleSet.Status.DRAFT, published_at=None)


def altered_content(monkeypatch):
    row = RuleSet.objects.get()
    content = json.loads(row.content)
    for rule in content["rules"]:
        rule["grade"] = "note"
    RuleSet.objects.update(content=json.dumps(content))


def altered_rows(monkeypatch):
    Rule.objects.filter(code="heart-disease").update(grade="note")


def a_rule_that_raises(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("the secret reason")

    monkeypatch.setattr("screening.engine.evaluate.find", broken)


FAULTS = {
    "no rule set": no_rule_set,
    "altered content": altered_content,
    "altered rows": altered_rows,
    "a rule that raises": a_rule_that_raises,
}


def befalls(fault, monkeypatch):
    """Let a fault befall a process that has read no rules yet."""
    FAULTS[fault](monkeypatch)
    for each in (rulesets._frozen, rulesets._key):
        each.cache_clear()


def nothing_is_made(name, fault, monkeypatch):
    client, path, fields = ACTS[name]()
    client.raise_request_exception = False
    befalls(fault, monkeypatch)
    counts, before = [model.objects.count() for model in MAKES], held()
    answer = client.post(path, fields)
    assert [model.objects.count() for model in MAKES] == counts
    assert held()["outcomes"] == before["outcomes"]
    text = answer.content.decode()
    assert "the secret reason" not in text
    assert "Nothing speaks against the start" not in text
    return answer, text


@pytest.mark.hazard("H-12")
@pytest.mark.parametrize(
    ("name", "fault", "status", "words"),
    [
        ("start", "a rule that raises", 500, "Something broke on our side"),
        ("store", "no rule set", 503, "Nobody can be screened right now"),
        ("decide", "altered content", 200, "The rules are not as they were published"),
        ("send", "altered rows", 503, "The check is not open right now"),
    ],
)
def test_nothing_is_made_by_rules_that_cannot_be_had(name, fault, status, words, monkeypatch):
    answer, text = nothing_is_made(name, fault, monkeypatch)
    assert (answer.status_code, words in text) == (status, True), text


# A decision rests on the stored outcome: no rule is asked anew.
@pytest.mark.sweep
@pytest.mark.parametrize(
    ("name", "fault"),
    [(name, fault) for name in JUDGED for fault in FAULTS if (name, fault) != ("decide", "a rule that raises")],
)
def test_nothing_is_made_by_any_fault_of_the_rules(name, fault, monkeypatch):
    answer, _ = nothing_is_made(name, fault, monkeypatch)
    assert answer.status_code in (200, 500, 503)
    print(f"{fault} at {name}: {answer.status_code}, 1 provoked, 0 records lost")


@pytest.mark.parametrize("fault", [*list(FAULTS)[:3]])
def test_a_consent_can_be_withdrawn_without_rules(fault, monkeypatch):
    client, path, fields = ACTS["withdraw"]()
    befalls(fault, monkeypatch)
    before = held()["actions"]
    assert client.post(path, fields).status_code == 302
    assert held()["actions"] == before | {"consent withdrawn": 2}


def test_what_was_typed_is_held_by_the_page_that_says_so_but_no_password(monkeypatch, client):
    client, path, fields = ACTS["start"]()
    client.raise_request_exception = False
    a_rule_that_raises(monkeypatch)
    text = client.post(path, fields).content.decode()
    assert 'name="health-changed" value="no"' in text
    assert "Send it again" in text
    monkeypatch.setattr("clinic.people.sign_in.Adapter.authenticate", a_rule_that_raises)
    person = {"login": "olive@demo.example", "password": "a long pass phrase 1"}
    stranger = Client(raise_request_exception=False)
    answer = stranger.post("/sign-in/", person)
    assert (answer.status_code, "pass phrase" in answer.content.decode()) == (500, False)


PAGES = {
    "staff": (),
    "staff-patient": ("patient_id",),
    "staff-screening": ("screening_id",),
    "staff-decision-new": ("screening_id",),
    "staff-check": ("patient_id", "treatment"),
    "staff-received": (),
}


def against(clinic, by):
    """A record in which nothing is clear."""
    row = a_record(clinic, by)
    patient = clinic.patients.get(pk=row["patient_id"])
    found = a_screening(clinic, patient, by, **{"heart-device": "yes"})
    return row | {"screening_id": found.pk}


@pytest.mark.sweep
@pytest.mark.one_database
@pytest.mark.parametrize("fault", FAULTS)
def test_no_page_says_clear_of_somebody_who_is_not(fault, monkeypatch):
    small_papers(monkeypatch)
    clinic = a_clinic()
    by = a_member(clinic)
    row = against(clinic, by)
    client = Client(raise_request_exception=False)
    client.force_login(by)
    befalls(fault, monkeypatch)
    seen = 0
    for name, arguments in PAGES.items():
        address = reverse(name, args=[row[one] for one in arguments])
        answer = client.get(address)
        text = answer.content.decode()
        seen += answer.status_code < 400
        assert answer.status_code in (200, 404, 500, 503), address
        assert f">{LABELS['clear']}<" not in text, address
        assert "Nothing speaks against the start" not in text, address
    assert seen > 0


def test_live_check_says_nothing_where_it_cannot_judge(monkeypatch):
    from tests.clinic.consultations.test_check_views import address, typed

    world = World(days_ago=1, now=a_clinic("other").now())
    client = Client(raise_request_exception=False)
    client.force_login(world.by)
    befalls("a rule that raises", monkeypatch)
    answer = client.post(address(world, "staff-check-live"), typed(world), headers={"HX-Request": "true"})
    assert (answer.status_code, "Nothing speaks against" in answer.content.decode()) == (500, False)
