"""Whatever is sent ends in an outcome or in lines that name a place and a reason; never in another exception."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from screening.engine.evaluate import evaluate
from screening.engine.outcome import OUTCOMES, Outcome
from screening.engine.request import RequestError, read
from tests.screening.calling import run
from tests.screening.case_files import cases
from tests.screening.malformed_requests import LINE, malformed, now
from tests.screening.rule_set_one import rule_set

quick = settings(
    max_examples=600,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
# The sweep looks elsewhere each time it runs.
long = settings(quick, max_examples=10_000, derandomize=False)

CODES = [
    *rule_set().treatments,
    *rule_set().questions,
    *rule_set().sites,
    *rule_set().goals,
    *sorted({choice for question in rule_set().questions.values() for choice in question.choice_codes}),
]
KEYS = ["treatment", "sites", "stage", "at", "goals", "answers", "date", "systolic", "diastolic", "session"]
DATES = ["2026-02-20", "2026-02", "2026", "2026-11-20T09:00:00+00:00", "2026-02-30", "1899", "9999"]
NASTY = ["", " ", "null", "NaN", "0", "\x7f", "\n", "\u2028", "\ud800", "\U0001f600", 'a"b', "\\", "a" * 5000]


class Raw(str):
    """A value as it stands in JSON: what Python could not hold or write."""

    __slots__ = ()


NUMBERS = [0, -1, 3, 49, 50, 120, 38.0, 10**30, float("nan"), float("inf")]
LONG = [Raw("9" * 400), Raw("-" + "9" * 5000), Raw("1e999"), Raw("0." + "1" * 2000), Raw("[" * 990 + "]" * 990)]
texts = st.one_of(*map(st.sampled_from, (CODES, KEYS, DATES, NASTY)), st.text(max_size=20))
scalars = st.one_of(
    st.none(), st.booleans(), st.sampled_from(NUMBERS), st.integers(), st.floats(), texts, st.sampled_from(LONG)
)
documents = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=5)),
    max_leaves=25,
)
numbers = st.sampled_from([*NUMBERS, *LONG]) | scalars
readings = st.fixed_dictionaries({}, optional={"systolic": numbers, "diastolic": numbers, "pulse": numbers})
requests = st.fixed_dictionaries(
    {},
    optional={
        "treatment": texts | documents,
        "sites": st.lists(texts, max_size=4) | documents,
        "stage": texts | documents,
        "at": texts | st.datetimes().map(lambda moment: moment.isoformat() + "Z") | documents,
        "goals": st.lists(texts, max_size=3) | documents,
        "answers": st.dictionaries(texts, documents, max_size=12) | documents,
    },
)


def written(document: Any) -> str:
    """JSON, with what is raw as it is."""
    if isinstance(document, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {written(value)}" for key, value in document.items()) + "}"
    if isinstance(document, list):
        return "[" + ", ".join(map(written, document)) + "]"
    if isinstance(document, Raw):
        return str(document)
    return json.dumps(document)


def places(document: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield way
    if isinstance(document, dict | list):
        for step, value in document.items() if isinstance(document, dict) else enumerate(document):
            yield from places(value, (*way, step))


VALID = [case.request for case in cases()]


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A valid request with one to three changes, and now and then a key given twice."""
    document = copy.deepcopy(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(1, 3))):
        ways = [way for way in places(document) if way]
        if not ways:
            break
        change(draw, document, draw(st.sampled_from(ways)))
    text = written(document)
    if draw(st.integers(0, 4)) == 0:
        key = json.dumps(draw(st.sampled_from([*KEYS, *NASTY])))
        return text.replace("{", f"{{{key}: null, {key}: null, ", 1)
    return text


def change(draw: st.DrawFn, document: dict[str, Any], way: tuple[str | int, ...]) -> None:
    """Replace, drop or wrap the value at a place, rename its key, answer its question otherwise, or measure."""
    *outer, step = way
    holder = document
    for part in outer:
        holder = holder[part]
    match draw(st.sampled_from(["drop", "answer", "measure", "replace", "rename", "wrap", "text"])):
        case "drop":
            del holder[step]
        case "answer" if step in rule_set().questions:
            holder[step] = draw(st.sampled_from(rule_set().questions[step].choice_codes or ("",)))
        case "measure":
            document["answers"] = {"temperature": draw(numbers), "blood-pressure": draw(readings)}
        case "replace":
            holder[step] = draw(documents)
        case "rename" if isinstance(holder, dict):
            holder[draw(texts)] = holder.pop(step)
        case "wrap":
            holder[step] = draw(st.sampled_from([[holder[step]], {"date": holder[step]}]))
        case _:
            holder[step] = draw(texts)


@st.composite
def torn(draw: st.DrawFn) -> bytes:
    """The bytes of a request with some cut out, and others put in."""
    whole = draw(st.sampled_from([case.text for case in malformed() if len(case.text) < 2000] + WHOLE))
    start = draw(st.integers(0, len(whole)))
    end = draw(st.integers(start, min(len(whole), start + 20)))
    return whole[:start] + draw(st.binary(max_size=6)) + whole[end:]


WHOLE = [json.dumps(request).encode() for request in VALID[::10]]
anything = st.one_of(
    documents.map(written), requests.map(written), damaged(), torn(), st.text(max_size=60), st.binary(max_size=60)
)


def lines_of(text: str | bytes) -> list[str] | None:
    """The faults of a request, or None where it was screened; the outcome then is whole."""
    try:
        request = read(rule_set(), text, now)
    except RequestError as error:
        return error.faults
    outcome = evaluate(rule_set(), request.answers, request.plan, request.at)
    assert outcome.outcome in OUTCOMES
    assert Outcome.from_json(json.loads(json.dumps(outcome.to_json()))) == outcome
    return None


def hold_to_lines(text: str | bytes) -> None:
    lines = lines_of(text)
    assert lines is None or (lines and [line for line in lines if not LINE.match(line)] == [])


def hold_command_to_status(text: str | bytes) -> None:
    stdin = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    faults = lines_of(stdin)
    ran = run("screen", "-", stdin=stdin)
    assert (ran.status, ran.err.splitlines()) == ((0, []) if faults is None else (2, faults))
    assert bool(ran.out) == (faults is None)


@quick
@given(anything)
def test_anything_gives_an_outcome_or_lines(text: str | bytes):
    hold_to_lines(text)


@quick
@given(damaged())
def test_a_damaged_request_gives_an_outcome_or_lines(text: str):
    hold_to_lines(text)


@pytest.mark.django_db
@pytest.mark.one_database
@settings(quick, max_examples=100)
@given(anything)
def test_the_command_ends_with_status_0_or_2(text: str | bytes):
    hold_command_to_status(text)


@pytest.mark.django_db
@pytest.mark.one_database
@settings(quick, max_examples=60)
@given(st.lists(anything, max_size=6))
def test_lines_of_anything_get_a_line_each(texts: list[str | bytes]):
    lines = [text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass") for text in texts]
    lines = [line.replace(b"\n", b" ") for line in lines]
    ran = run("screen", "--lines", "-", stdin=b"\n".join(lines))
    told = [json.loads(line).get("error") for line in ran.out.splitlines()]
    assert (ran.status, ran.err) == (0, "")
    assert told == [lines_of(line) for line in lines if line.strip()]


def test_the_damage_reaches_both_ends():
    """The strategies above would prove nothing if all they make were refused, or nothing were."""
    seen = {"screened": 0, "refused": 0, "several": 0}

    @settings(quick, max_examples=600)
    @given(damaged())
    def count(text: str) -> None:
        lines = lines_of(text)
        seen["screened" if lines is None else "several" if len(lines) > 1 else "refused"] += 1

    count()
    assert min(seen.values()) > 40


@pytest.mark.sweep
@long
@given(anything)
def test_very_many_of_anything_give_an_outcome_or_lines(text: str | bytes):
    hold_to_lines(text)


@pytest.mark.sweep
@long
@given(damaged())
def test_very_many_damaged_requests_give_an_outcome_or_lines(text: str):
    hold_to_lines(text)


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.one_database
@settings(long, max_examples=3_000)
@given(anything)
def test_the_command_ends_with_status_0_or_2_very_often(text: str | bytes):
    hold_command_to_status(text)
