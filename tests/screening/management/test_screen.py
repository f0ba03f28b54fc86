"""`screen`: the fixed interface of the command line, called in this process."""

import json
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from screening import rulesets
from screening.models import Criterion, Question, Rule, RuleSet
from tests.screening.calling import Ran, run
from tests.screening.malformed_requests import LINE, malformed
from tests.screening.rule_set_one import rule_set, screen

pytestmark = pytest.mark.django_db

# The request of the command line's specification.
EXAMPLE = """\
{"treatment": "body-myostimulation",
 "sites": ["abdomen", "flank-left"],
 "stage": "consultation",
 "at": "2026-11-20T10:00:00+00:00",
 "goals": ["body-contour"],
 "answers": {"heart-device": "no", "recent-surgery": "yes",
             "surgeries": [{"date": "2026-03-20", "sites": ["abdomen"]}]}}
"""
LEAST = b'{"treatment": "ems-training", "at": "2026-11-20T10:00:00+00:00"}'


def screened(request: str | bytes) -> Ran:
    return run("screen", "-", stdin=request if isinstance(request, bytes) else request.encode())


def test_the_example_gives_the_shape_that_is_fixed():
    ran = screened(EXAMPLE)
    outcome = json.loads(ran.out)
    assert (ran.status, ran.err) == (0, "")
    assert list(outcome) == [
        *("outcome", "findings", "planned_sites", "allowed_sites", "earliest"),
        *("missing", "unsure", "ignored", "rule_set", "engine"),
    ]
    keys = [
        *("rule", "grade", "status", "urgency", "sites"),
        *("until", "answers", "sources", "message", "patient_message"),
    ]
    assert [list(finding) for finding in outcome["findings"]] == [keys, keys]
    assert list(outcome["rule_set"]) == ["code", "version", "digest"]


def test_the_example_gives_the_values_that_are_fixed():
    outcome = json.loads(screened(EXAMPLE).out)
    surgery, goal = outcome.pop("findings")
    words = [finding.pop(key) for finding in (surgery, goal) for key in ("message", "patient_message")]
    assert len({text for text in words if len(text.split()) > 5}) == 4
    assert surgery == {
        "rule": "recent-surgery", "grade": "site", "status": "met", "urgency": "none",
        "sites": ["abdomen"], "until": "2026-12-20", "answers": ["recent-surgery", "surgeries"], "sources": ["M b7"],
    }  # fmt: skip
    assert (goal["rule"], goal["grade"], goal["until"]) == ("goal-good-fit", "note", None)
    missing = outcome.pop("missing")
    assert (missing[:2], missing[-1], len(missing)) == (["implanted-device", "heart-failure"], "sore-vein", 37)
    version = RuleSet.objects.get()
    assert outcome == {
        "outcome": "undetermined",
        "planned_sites": ["abdomen", "flank-left"],
        "allowed_sites": ["flank-left"],
        "earliest": None,
        "unsure": [],
        "ignored": [],
        "rule_set": {"code": version.code, "version": version.version, "digest": version.digest},
        "engine": "1",
    }


def test_a_file_is_read_like_standard_input(tmp_path: Path):
    (tmp_path / "case.json").write_text(EXAMPLE)
    assert run("screen", str(tmp_path / "case.json")) == screened(EXAMPLE)


def test_whatever_the_outcome_the_exit_status_is_0():
    statuses = {}
    for answers in ({}, {"heart-device": "yes"}, {"fever": "yes"}, {"epilepsy": "unsure"}):
        ran = screened(json.dumps({"treatment": "ems-training", "answers": answers}))
        statuses[json.loads(ran.out)["outcome"]] = (ran.status, ran.err)
    assert statuses == dict.fromkeys(("undetermined", "contraindicated", "deferred"), (0, ""))


@pytest.mark.one_database
@pytest.mark.parametrize("case", malformed(), ids=lambda case: case.id)
def test_each_fault_is_a_line_on_standard_error_and_the_exit_status_is_2(case):
    ran = screened(case.text)
    assert ran.err.splitlines() == case.faults
    assert (ran.status, bool(ran.out)) == ((2, False) if case.faults else (0, True))


@pytest.mark.parametrize(
    ("name", "reason"), [("missing.json", "No such file or directory"), (".", "Is a directory")], ids=str
)
@pytest.mark.parametrize("option", [[], ["--lines"]], ids=["one", "lines"])
def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path, option, name, reason):
    path = str(tmp_path / name)
    assert run("screen", *option, path) == Ran(2, "", f"{path}: cannot be read: {reason}\n")


@pytest.mark.parametrize("arguments", [[], ["a.json", "--lines", "b.jsonl"]], ids=["none", "both"])
def test_one_file_is_named_and_not_two(arguments):
    ran = run("screen", *arguments)
    assert ran.status != 0
    assert ran.out == ""


@pytest.mark.parametrize("arguments", [[""], ["--lines", ""]], ids=["one", "lines"])
def test_a_file_without_a_name_is_a_fault(arguments):
    ran = run("screen", *arguments)
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1)


def test_lines_give_one_line_each_blank_ones_skipped_and_faults_in_their_place():
    whole = b'{"treatment": "facial-ems", "sites": ["chin"], "at": "2026-11-20T10:00:00+00:00"}'
    text = b"\n".join([LEAST + b"\r", b"", b" \t ", b'{"treatment": "facial-ems"', b"[]", whole, b"{}", b"\xff", LEAST])
    ran = run("screen", "--lines", "-", stdin=text)
    assert (ran.status, ran.err) == (0, "")
    assert [json.loads(line) for line in ran.out.splitlines()] == [
        json.loads(screened(LEAST).out),
        {"error": ["request: is not JSON: it cannot be read from line 1, column 27 on"]},
        {"error": ["request: a list is not an object; use the keys treatment, sites, stage, at, goals, answers"]},
        json.loads(screened(whole).out),
        {
            "error": [
                "treatment: is missing; use one of facial-ems, emface, facial-microcurrent, body-myostimulation,"
                " body-microcurrent, ems-training"
            ]
        },
        {"error": ["request: is not UTF-8 text: byte 1 cannot be read"]},
        json.loads(screened(LEAST).out),
    ]


def test_every_malformed_request_is_a_line_of_its_own():
    cases = [case for case in malformed() if case.text.strip() and b"\n" not in case.text]
    ran = run("screen", "--lines", "-", stdin=b"\n".join(case.text for case in cases))
    told = [json.loads(line).get("error", []) for line in ran.out.splitlines()]
    assert (ran.status, told) == (0, [case.faults for case in cases])
    assert len(cases) > 150


@pytest.mark.parametrize("text", [b"", b"\n", b" \r\n\t\n"], ids=["empty", "a-line-break", "spaces"])
def test_no_lines_give_none(text):
    assert run("screen", "--lines", "-", stdin=text) == Ran(0, "", "")


def test_lines_of_a_file_are_read_like_those_of_standard_input(tmp_path: Path):
    text = b"\n".join([LEAST, b"{}"])
    (tmp_path / "cases.jsonl").write_bytes(text)
    assert run("screen", "--lines", str(tmp_path / "cases.jsonl")) == run("screen", "--lines", "-", stdin=text)


# Half past midnight on 2 July in London, where the tests' clinic is; in UTC it is still the 1st.
@time_machine.travel("2026-07-01T23:30:00Z", tick=False)
@pytest.mark.parametrize(
    ("day", "faults"),
    [("2026-07-02", []), ("2026-07-03", ["answers.surgeries[0].date: 2026-07-03 is in the future"])],
    ids=["today-there", "tomorrow-there"],
)
def test_at_left_out_is_now_where_the_clinic_is(day, faults):
    answers = {"recent-surgery": "yes", "surgeries": [{"date": day, "sites": ["abdomen"]}]}
    ran = screened(json.dumps({"treatment": "ems-training", "answers": answers}))
    assert (ran.err.splitlines(), ran.status) == (faults, 2 if faults else 0)


@time_machine.travel("2026-07-01T23:30:00Z", tick=False)
def test_until_is_told_in_the_offset_of_now_where_at_is_left_out():
    answers = {"last-meal": "2026-07-01T23:00:00Z"}
    outcome = json.loads(
        screened(json.dumps({"treatment": "ems-training", "stage": "session", "answers": answers})).out
    )
    assert [finding["until"] for finding in outcome["findings"]] == ["2026-07-02T01:30:00+01:00"]


@pytest.mark.parametrize(
    "answers",
    [{"blood-pressure": {"systolic": 170, "diastolic": 90}, "hypertension": "yes"}, {"temperature": 38.0}],
    ids=["pressure", "temperature"],
)
def test_the_outcome_is_the_engines_own(answers):
    request = {"treatment": "ems-training", "at": "2026-11-20T10:00:00+00:00", "answers": answers}
    outcome = json.loads(screened(json.dumps(request)).out)
    assert outcome == screen(request, rule_set())


def test_a_screening_reads_one_row_and_writes_none():
    screened(LEAST)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        screened(EXAMPLE)
        run("screen", "--lines", "-", stdin=LEAST + b"\n{}\n" + LEAST)
    assert [query["sql"].split()[0] for query in queries] == ["SELECT", "SELECT"]


def test_the_first_screening_of_a_process_reads_the_whole_set_and_writes_nothing():
    rulesets._frozen.cache_clear()
    with CaptureQueriesContext(connection) as queries:
        screened(LEAST)
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert len(queries) == 13


COMMANDS = [["screen", "-"], ["screen", "--lines", "-"], ["questions", "facial-ems"], ["check_rules"]]
by_command = pytest.mark.parametrize("command", COMMANDS, ids=" ".join)


@by_command
def test_without_a_published_set_there_is_a_sentence_and_exit_status_1(command):
    RuleSet.objects.update(status="draft", published_at=None)
    sentence = "CommandError: No rule set is published. Run: python manage.py load_rules\n"
    assert run(*command, stdin=LEAST) == Ran(1, "", sentence)


@by_command
def test_with_an_altered_row_there_is_the_difference_and_exit_status_1(command):
    Rule.objects.filter(code="pacemaker").update(grade="note")
    sentence = (
        "CommandError: Rule set ems 1-1 is not as it was published:"
        ' rules.pacemaker.grade: published as "contraindicated", now "note"\n'
    )
    assert run(*command, stdin=LEAST) == Ran(1, "", sentence)


@by_command
def test_with_altered_content_there_is_its_digest_and_exit_status_1(command):
    row = RuleSet.objects.get()
    RuleSet.objects.update(content=row.content.replace('"contraindicated"', '"note"'))
    ran = run(*command, stdin=LEAST)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("CommandError: Rule set ems 1-1 is not as it was published: its content has the digest ")
    assert ran.err.endswith(f", but was published with {row.digest}\n")


def test_altered_criteria_and_questions_are_named():
    Question.objects.filter(code="fever").update(required=False)
    Criterion.objects.filter(group__rule__code="epilepsy").update(operator="said")
    ran = run("screen", "-", stdin=LEAST)
    assert ran.status == 1
    named = ran.err.removeprefix("CommandError: Rule set ems 1-1 is not as it was published: ").rstrip().split("; ")
    assert [place.partition(":")[0] for place in named] == [
        "questions.fever.required",
        "rules.epilepsy.groups[0].criteria[0].operator",
    ]


def test_the_lines_of_faults_can_be_told_from_anything_else():
    ran = screened('{"treatment": "facial-ems", "sites": ["x"], "answers": {"y: z": 1}}')
    assert [line for line in ran.err.splitlines() if not LINE.match(line)] == []
    assert len(ran.err.splitlines()) == 2
