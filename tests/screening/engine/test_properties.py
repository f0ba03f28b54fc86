"""What holds for every request, over the whole of rule set 1."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from screening.engine.evaluate import evaluate
from screening.engine.findings import moment_of
from screening.engine.flow import next_question, questions_asked
from screening.engine.outcome import OUTCOMES, Finding, Outcome
from screening.engine.rule_set import GRADES
from tests.screening.case_files import AT, base_answers
from tests.support.requests import (
    RULES,
    SCREENED,
    answers_to,
    in_another_order,
    plannable,
    read,
    requests,
    waiting_requests,
)

NOTHING = object()
Request = dict[str, Any]
Claim = Callable[..., None]


def of_any(*strategies: st.SearchStrategy[Any]) -> Callable[[Claim], Claim]:
    """Make two tests of a claim: a short one, always of the same requests, and a sweep that seeks others."""

    def made(claim: Claim) -> Claim:
        @pytest.mark.parametrize("examples", [300, pytest.param(3_000, marks=pytest.mark.sweep)])
        def test(examples: int) -> None:
            chosen = settings(
                max_examples=examples,
                derandomize=examples == 300,
                database=None,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            )
            chosen(given(*strategies)(claim))()

        return test

    return made


def screened(request: Request, at: datetime | None = None) -> Outcome:
    typed = read(request)
    return evaluate(RULES, typed.answers, typed.plan, at or typed.at)


def rank(outcome: Outcome) -> int:
    """How good an outcome is: 0 is the worst."""
    return OUTCOMES.index(outcome.outcome)


def with_answer(request: Request, code: str, answer: Any) -> Request:
    answers = {key: value for key, value in request["answers"].items() if key != code}
    return request | {"answers": answers if answer is NOTHING else answers | {code: answer}}


def asked_and_required(request: Request) -> list[str]:
    """The required questions of a request that are asked and have an answer."""
    typed = read(request)
    asked = questions_asked(RULES, typed.plan, typed.answers, typed.at)
    return [question.code for question in asked if question.required and question.code in typed.answers]


def safely_answered(request: Request) -> list[str]:
    return [
        code
        for code in asked_and_required(request)
        if isinstance(request["answers"][code], str) and request["answers"][code] in RULES.questions[code].safe_answers
    ]


def touches(finding: Finding, planned: tuple[str, ...]) -> bool:
    """Whether a finding says something about a plan: a note never does, a site finding where it names its places."""
    if finding.grade == "site" and finding.sites:
        return not set(finding.sites).isdisjoint(planned)
    return finding.grade != "note"


@of_any(requests())
def test_a_request_that_can_be_read_is_screened_and_its_next_question_found(request: Request):
    typed = read(request)
    outcome = screened(request)
    to_ask = [question.code for question in questions_asked(RULES, typed.plan, typed.answers, typed.at)]
    following = next_question(RULES, typed.plan, typed.answers, typed.at)
    assert outcome == screened(request)
    assert (following is None) == (not outcome.missing)
    assert set(outcome.missing) <= set(to_ask)
    assert set(outcome.ignored).isdisjoint(to_ask)
    assert set(outcome.unsure) <= set(to_ask)


@of_any(requests())
def test_findings_are_met_before_unresolved_then_worst_first_then_in_catalogue_order(request: Request):
    order = list(RULES.rules)
    listed = [
        (finding.status != "met", GRADES.index(finding.grade), order.index(finding.rule))
        for finding in screened(request).findings
    ]
    assert listed == sorted(listed)


@pytest.mark.hazard("H-03")
@of_any(requests())
def test_clear_means_that_nothing_is_missing_and_no_finding_above_note_touches_the_plan(request: Request):
    outcome = screened(request)
    touching = [finding for finding in outcome.findings if touches(finding, outcome.planned_sites)]
    assert (outcome.outcome == "clear") == (not outcome.missing and not touching)


@pytest.mark.hazard("H-04")
@of_any(requests())
def test_what_is_missing_or_open_is_never_better_than_undetermined(request: Request):
    outcome = screened(request)
    still_open = [
        finding
        for finding in outcome.findings
        if finding.status == "unresolved" and touches(finding, outcome.planned_sites)
    ]
    if outcome.missing or still_open:
        assert rank(outcome) <= OUTCOMES.index("undetermined")


@of_any(requests())
def test_allowed_sites_are_the_planned_ones_that_no_site_finding_bars(request: Request):
    outcome = screened(request)
    barred = {site for finding in outcome.findings if finding.grade == "site" for site in finding.sites}
    assert outcome.allowed_sites == tuple(site for site in outcome.planned_sites if site not in barred)
    assert all(finding.grade == "site" for finding in outcome.findings if finding.sites)


@pytest.mark.hazard("H-04")
@of_any(requests(), st.data())
def test_another_answer_than_the_safe_one_never_improves_the_outcome(request: Request, data: st.DataObject):
    safe = safely_answered(request)
    assume(safe)
    code = data.draw(st.sampled_from(safe))
    other = data.draw(st.just(NOTHING) | answers_to(code, request))
    assert rank(screened(with_answer(request, code, other))) <= rank(screened(request))


@pytest.mark.hazard("H-03")
@of_any(requests(), st.data())
def test_without_a_required_answer_the_outcome_is_never_better_than_undetermined(request: Request, data: st.DataObject):
    answered = asked_and_required(request)
    assume(answered)
    code = data.draw(st.sampled_from(answered))
    outcome = screened(with_answer(request, code, NOTHING))
    assert code in outcome.missing
    assert rank(outcome) <= OUTCOMES.index("undetermined")


@of_any(requests(), st.data())
def test_one_more_site_takes_no_finding_away_and_frees_no_place(request: Request, data: st.DataObject):
    typed = read(request)
    site = data.draw(st.sampled_from(plannable(request["treatment"])))
    before = screened(request)
    # A clinic may add places to the fixed plan of a suit, too.
    after = evaluate(RULES, typed.answers, replace(typed.plan, sites=(*typed.plan.sites, site)), typed.at)
    lost = Counter(bars(before)) - Counter(bars(after))
    assert lost == Counter()
    assert tuple(code for code in after.allowed_sites if code in before.planned_sites) == before.allowed_sites
    assert set(before.missing) <= set(after.missing)
    assert (after.outcome, before.outcome) == ("clear", "clear") or after.outcome != "clear"


def bars(outcome: Outcome) -> list[tuple[object, ...]]:
    """What each finding says, one entry for each of its places."""
    return [
        (finding.rule, finding.grade, finding.status, finding.urgency, finding.until, site)
        for finding in outcome.findings
        for site in (*finding.sites, None)
    ]


@of_any(requests(), st.randoms(use_true_random=True))
def test_order_never_matters(request: Request, chance: Random):
    one, other = screened(request).to_json(), screened(in_another_order(chance, request)).to_json()
    assert [line(finding) for finding in one["findings"]] == [line(finding) for finding in other["findings"]]
    # Operations that end on the same day are listed as given.
    assert Counter(map(json.dumps, one.pop("findings"))) == Counter(map(json.dumps, other.pop("findings")))
    assert one == other


def line(finding: dict[str, Any]) -> tuple[str, ...]:
    return finding["rule"], finding["grade"], finding["status"], finding["until"]


@of_any(requests())
def test_an_outcome_is_equal_after_a_trip_through_json(request: Request):
    outcome = screened(request)
    written = json.dumps(outcome.to_json())
    back = Outcome.from_json(json.loads(written))
    assert back == outcome
    assert json.dumps(back.to_json()) == written


@of_any(requests())
def test_a_session_is_never_better_than_the_consultation_with_the_same_answers(request: Request):
    session, consultation = (screened(request | {"stage": stage}) for stage in ("session", "consultation"))
    assert rank(session) <= rank(consultation)
    assert set(consultation.missing) <= set(session.missing)
    assert not Counter(bars(consultation)) - Counter(bars(session))


@of_any(requests())
def test_an_ignored_answer_counts_for_nothing(request: Request):
    outcome = screened(request)
    heard = {code: answer for code, answer in request["answers"].items() if code not in outcome.ignored}
    assert screened(request | {"answers": heard}) == replace(outcome, ignored=())


@of_any(requests())
def test_goals_and_what_is_only_shown_never_change_the_outcome(request: Request):
    shown = {code for code, question in RULES.questions.items() if question.shown_only}
    answers = {code: answer for code, answer in request["answers"].items() if code not in shown}
    outcome, plain = screened(request), screened(request | {"answers": answers, "goals": []})
    graded = tuple(finding for finding in outcome.findings if not finding.rule.startswith("goal-"))
    kept = {
        "unsure": tuple(code for code in outcome.unsure if code not in shown),
        "ignored": tuple(code for code in outcome.ignored if code not in shown),
    }
    assert plain == replace(outcome, findings=graded, **kept)


@pytest.mark.hazard("H-31")
@of_any(requests(), st.integers(0, 400), st.integers(0, 86_399))
def test_time_alone_brings_no_finding_and_never_worsens_the_outcome(request: Request, days: int, seconds: int):
    typed = read(request)
    before, after = screened(request), screened(request, typed.at + timedelta(days, seconds))
    assert not Counter(bars(after)) - Counter(bars(before))
    assert rank(before) <= rank(after)


@of_any(waiting_requests())
def test_earliest_is_the_first_end_from_which_the_same_request_comes_out_better(request: Request):
    now, at = screened(request), read(request).at
    if now.outcome not in ("deferred", "prepare"):
        assert now.earliest is None
        return
    ends = sorted((finding.until for finding in now.findings if finding.until), key=lambda end: moment_of(end, at))
    better = [end for end in ends if promises(screened(request, moment_of(end, at)), now)]
    assert now.earliest == (better[0] if better else None)
    if now.earliest is not None:
        just_before = moment_of(now.earliest, at) - timedelta(microseconds=1)
        assert not promises(screened(request, just_before), now)


def promises(then: Outcome, now: Outcome) -> bool:
    return then.outcome != "undetermined" and rank(then) > rank(now)


@pytest.mark.parametrize("stage", ["consultation", "session"])
@pytest.mark.parametrize("treatment", SCREENED)
def test_one_unsafe_choice_is_always_noticed(treatment: str, stage: str):
    request: Request = {"treatment": treatment, "stage": stage, "at": AT}
    if RULES.treatments[treatment].plan == "free":
        request["sites"] = (
            ["cheek-left", "chin"] if "face" in RULES.treatments[treatment].regions else ["abdomen", "chest"]
        )
    request["answers"] = base_answers(request) | ({"maker-check": "yes"} if treatment == "emface" else {})
    outcomes = {
        (code, choice): screened(with_answer(request, code, choice)).outcome
        for code in safely_answered(request)
        for choice in {*RULES.questions[code].choice_codes, NOTHING} - set(RULES.questions[code].safe_answers)
    }
    assert (screened(request).outcome, outcomes) == (
        "clear",
        {key: value for key, value in outcomes.items() if value != "clear"},
    )
