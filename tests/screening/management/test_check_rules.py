"""`check_rules`: what is weak in a set is found, one line each, and what is not weak is not."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from screening.models import Criterion, Goal, Rule, RuleSet, Site
from tests.screening.calling import Ran, run
from tests.screening.rule_set_one import content, rule_set
from tests.support.sampling import sample

Content = dict[str, Any]
FREE = ["facial-ems", "emface", "facial-microcurrent", "body-myostimulation", "body-microcurrent"]
OFFERED = [*FREE, "ems-training"]
RULES = list(rule_set().rules)


def row(table: str, code: str, of: Content) -> Content:
    return next(row for row in of[table] if row["code"] == code)


def rule(of: Content, code: str) -> Content:
    return row("rules", code, of)


def question(of: Content, code: str) -> Content:
    return row("questions", code, of)


def unheard(code: str, *answers: str, at: str = "wherever it is asked") -> list[str]:
    """The lines for answers that nothing hears."""
    return [f"questions.{code}: the answer {answer} triggers nothing ({at})" for answer in answers]


def checked(tmp_path: Path, damage: Callable[[Content], object]) -> Ran:
    damaged = content()
    damage(damaged)
    path = tmp_path / "damaged.json"
    path.write_text(json.dumps(damaged))
    return run("check_rules", "--file", str(path))


def without_rule(of: Content, code: str) -> None:
    of["rules"].remove(rule(of, code))


def impossible(of: Content) -> None:
    also = {"question": "heart-disease", "operator": "said", "value": ["no"]}
    rule(of, "heart-disease")["groups"][0]["criteria"].append(also)


def one_group_impossible(of: Content) -> None:
    of["limits"]["temperature-fever"] = "45.1"


def twin(of: Content) -> None:
    of["rules"].append(copy.deepcopy(rule(of, "gallstones")) | {"code": "gallstones-again"})


def asks_through_another(of: Content) -> None:
    """`hernia` is asked when `hernia-kind` says so, which is asked when `hernia` says so."""
    kinds = [{"criteria": [{"question": "hernia-kind", "operator": "only", "value": ["disc"]}]}]
    question(of, "hernia")["when"] = kinds


def asks_through_two_others(of: Content) -> None:
    """`fever` when `hernia-kind`, `hernia-kind` when `hernia`, `hernia` when `fever`."""
    question(of, "hernia")["when"] = [{"criteria": [{"question": "fever", "operator": "said", "value": ["yes"]}]}]
    question(of, "fever")["when"] = [{"criteria": [{"question": "hernia-kind", "operator": "only", "value": ["disc"]}]}]


def extra_site(of: Content, **fields: Any) -> None:
    of["sites"].append(row("sites", "nose", of) | {"code": "elbow", "neighbours": []} | fields)


DAMAGES: dict[str, tuple[Callable[[Content], object], list[str]]] = {
    "a rule whose criteria contradict each other": (
        impossible,
        [
            "rules.heart-disease: can never be met by groups[0]: no answers reach it",
            *unheard("heart-disease", "yes", "unsure"),
        ],
    ),
    "a group beyond the range of its question": (
        one_group_impossible,
        [
            "limits.temperature-fever: 45.1 is not allowed for temperature; set 1 to 38",
            "rules.fever: can never be met by groups[1]: no answers reach it",
        ],
    ),
    "a rule of a treatment that is not offered": (
        lambda of: rule(of, "heating-device").update(treatments=["iontophoresis"]),
        [
            "rules.heating-device: can never be met by groups[0]: no answers reach it",
            *unheard("maker-check", "no"),
            "questions.maker-check: may stay unanswered, and nothing says so then (emface consultation)",
            "questions.maker-check: may stay unanswered, and nothing says so then (emface session)",
        ],
    ),
    "a rule without criteria": (
        lambda of: rule(of, "recent-meal").update(groups=[]),
        [
            "questions.last-meal: nothing reads it",
            "limits.meal-minutes: nothing uses it",
            "rules.recent-meal: can never be met: it has no criteria",
            *unheard("last-meal", "2026-11-20T09:59:59+00:00", "unsure"),
        ],
    ),
    "a yes that triggers nothing": (
        lambda of: rule(of, "pregnancy")["groups"][0]["criteria"][0].update(operator="said", value=["unsure"]),
        unheard("pregnant", "yes"),
    ),
    "a not sure that triggers nothing": (
        lambda of: rule(of, "pregnancy")["groups"][0]["criteria"][0].update(operator="said"),
        unheard("pregnant", "unsure"),
    ),
    "a no that triggers nothing": (
        lambda of: rule(of, "metal-removed")["groups"][0]["criteria"][0].update(value=["yes"]),
        unheard("metal-removed", "no"),
    ),
    "a stage that triggers nothing": (
        lambda of: rule(of, "circulatory-disorder")["groups"][0]["criteria"][1].update(value=["1"]),
        unheard("circulation-stage", "2"),
    ),
    "a rule of the session alone": (
        lambda of: rule(of, "gallstones").update(stage="session"),
        unheard("gallstones", "yes", "unsure", at=", ".join(f"{treatment} consultation" for treatment in OFFERED)),
    ),
    "a rule of one treatment alone": (
        lambda of: rule(of, "gallstones").update(treatments=FREE),
        unheard("gallstones", "yes", "unsure", at="ems-training consultation, ems-training session"),
    ),
    "a question nothing reads": (
        lambda of: without_rule(of, "gallstones"),
        ["questions.gallstones: nothing reads it", *unheard("gallstones", "yes", "unsure")],
    ),
    "a question that is only shown and is read": (
        lambda of: question(of, "temperature").update(shown_only=True),
        ["questions.temperature: is only shown, yet a rule reads it"],
    ),
    "a rule without source": (
        lambda of: rule(of, "fever").update(citations=[]),
        ["rules.fever: has no source"],
    ),
    "a rule without wording for practitioners": (
        lambda of: rule(of, "fever").update(practitioner_wording=""),
        ["rules.fever: has no practitioner wording"],
    ),
    "a rule without wording for patients": (
        lambda of: rule(of, "fever").update(patient_wording="  \n"),
        ["rules.fever: has no patient wording"],
    ),
    "a rule without the words for what is open": (
        lambda of: rule(of, "fever").update(practitioner_unresolved="", patient_unresolved=" "),
        ["rules.fever: has no practitioner unresolved", "rules.fever: has no patient unresolved"],
    ),
    "a rule without what settles it": (
        lambda of: rule(of, "fever").update(settle=" "),
        ["rules.fever: has no settle"],
    ),
    "a rule without a next step": (
        lambda of: rule(of, "fever").update(next_step=""),
        ["rules.fever: has no next step"],
    ),
    "two rules that always fire together": (
        twin,
        ["rules.gallstones: always fires together with gallstones-again, at the same grade not-advised"],
    ),
    "a condition that asks for itself": (
        lambda of: question(of, "hernia").update(
            when=[{"criteria": [{"question": "hernia", "operator": "said", "value": ["yes"]}]}]
        ),
        ["questions.hernia.when[0].criteria[0]: the condition asks for itself"],
    ),
    "a condition that asks for itself through another": (
        asks_through_another,
        [
            "questions.hernia.when[0].criteria[0]: 'hernia-kind' is not a question it can read"
            " (a condition looks at earlier questions only)"
        ],
    ),
    "a condition that asks for itself through two others": (
        asks_through_two_others,
        [
            "questions.fever.when[0].criteria[0]: 'hernia-kind' is not a question it can read"
            " (a condition looks at earlier questions only)"
        ],
    ),
    "a site nothing uses": (
        extra_site,
        ["sites.elbow: nothing uses it: no treatment plans it and a mark on it reaches none that is"],
    ),
    "a treatment without a place": (
        lambda of: row("treatments", "emface", of).update(regions=[]),
        ["treatments.emface: nothing uses it: it has no site to plan"],
    ),
    "a goal nothing uses": (
        lambda of: of["goals"].append({"code": "younger", "name": "younger", "area": "any"}),
        ["goals.younger: nothing uses it"],
    ),
    "a limit nothing uses": (
        lambda of: of["limits"].update({"years": 50}),
        ["limits.years: nothing uses it"],
    ),
    "an unknown choice": (
        lambda of: rule(of, "epilepsy")["groups"][0]["criteria"][0].update(value=["maybe"]),
        ["rules.epilepsy.groups[0].criteria[0]: 'maybe' is not one of its choices"],
    ),
}


@pytest.mark.parametrize("name", sample(DAMAGES))
def test_a_damaged_set_is_told_by_exactly_these_lines(tmp_path: Path, name: str):
    damage, lines = DAMAGES[name]
    assert checked(tmp_path, damage) == Ran(1, "".join(f"{line}\n" for line in lines), "")


def test_several_weaknesses_are_all_told(tmp_path: Path):
    def damage(of: Content) -> None:
        rule(of, "fever").update(citations=[], patient_wording="")
        twin(of)
        extra_site(of)

    assert checked(tmp_path, damage).out.splitlines() == [
        "sites.elbow: nothing uses it: no treatment plans it and a mark on it reaches none that is",
        "rules.fever: has no source",
        "rules.fever: has no patient wording",
        "rules.gallstones: always fires together with gallstones-again, at the same grade not-advised",
    ]


CLEAN = "Rule set ems 1-1: no weakness found in 54 rules and 63 questions.\n"


def test_the_fixture_as_it_is_has_no_weakness(tmp_path: Path):
    assert checked(tmp_path, lambda _: None) == Ran(0, CLEAN, "")


@pytest.mark.django_db
def test_the_published_set_has_no_weakness():
    assert run("check_rules") == Ran(0, CLEAN, "")


@pytest.mark.parametrize(
    "damage",
    [
        lambda of: extra_site(of, neighbours=["cheek-left"]),
        lambda of: rule(of, "fever").update(reading="", ends=""),
        lambda of: question(of, "pregnant").update(safe_answers=["not-applicable", "no"]),
    ],
    ids=["a site whose mark reaches another", "a rule without reading or end", "safe answers in another order"],
)
def test_what_is_no_weakness_is_not_told(tmp_path: Path, damage: Callable[[Content], None]):
    assert checked(tmp_path, damage) == Ran(0, CLEAN, "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "damaged.json: Expecting value: line 1 column 1 (char 0)"),
        ('{"code": ', "damaged.json: Expecting value: line 1 column 10 (char 9)"),
    ],
    ids=["empty", "cut-off"],
)
def test_a_fixture_that_is_not_json_is_told_without_a_traceback(tmp_path: Path, text: str, reason: str):
    (tmp_path / "damaged.json").write_text(text)
    assert run("check_rules", "--file", str(tmp_path / "damaged.json")) == Ran(1, "", f"CommandError: {reason}\n")


def test_a_fixture_that_is_not_there_is_told_without_a_traceback(tmp_path: Path):
    ran = run("check_rules", "--file", str(tmp_path / "none.json"))
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert ran.err.startswith("CommandError: none.json: ")


@pytest.mark.parametrize("document", [[], 7, "x", None, {}, {"rules": 1}], ids=json.dumps)
def test_a_fixture_of_another_shape_is_told_line_by_line(tmp_path: Path, document: object):
    (tmp_path / "damaged.json").write_text(json.dumps(document))
    ran = run("check_rules", "--file", str(tmp_path / "damaged.json"))
    assert (ran.status, ran.err, bool(ran.out)) == (1, "", True)


ALTERATIONS: dict[str, tuple[Callable[[], object], str]] = {
    "a grade": (
        lambda: Rule.objects.filter(code="pacemaker").update(grade="note"),
        'rules.pacemaker.grade: published as "contraindicated", now "note"',
    ),
    "a limit": (
        lambda: RuleSet.objects.update(limits=RuleSet.objects.get().limits | {"operation-months": 6}),
        "limits.operation-months: published as 9, now 6",
    ),
    "an operator": (
        lambda: Criterion.objects.filter(group__rule__code="epilepsy").update(operator="said"),
        'rules.epilepsy.groups[0].criteria[0].operator: published as "is", now "said"',
    ),
    "a goal taken away": (
        lambda: Goal.objects.filter(code="weight").delete(),
        'goals.weight: published as {"area": "any", "code": "weight", "name": "Losing weight"}, now nothing',
    ),
    "a site moved": (
        lambda: Site.objects.filter(code="throat").update(region="face"),
        'sites.throat.region: published as "neck", now "face"',
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_altered_set_is_told_by_its_difference(name: str):
    alter, difference = ALTERATIONS[name]
    alter()
    sentence = f"CommandError: Rule set ems 1-1 is not as it was published: {difference}\n"
    assert run("check_rules") == Ran(1, "", sentence)


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize("code", sample(RULES))
def test_a_witness_of_each_rule_is_a_request_that_gives_its_finding(code: str):
    told = run("check_rules", "--witness", code)
    assert (told.status, told.err) == (0, "")
    cases = json.loads(told.out)
    assert len(cases) == len(rule_set().rules[code].groups)
    for case, group in zip(cases, rule_set().rules[code].groups, strict=True):
        screened = run("screen", "-", stdin=json.dumps(case["request"]).encode())
        outcome = json.loads(screened.out)
        assert (screened.status, outcome) == (0, case["outcome"])
        grades = [(finding["grade"], finding["status"]) for finding in outcome["findings"] if finding["rule"] == code]
        assert (group.grade, group.status) in grades


@pytest.mark.django_db
def test_a_witness_of_no_rule_is_refused():
    ran = run("check_rules", "--witness", "heart-attack")
    assert ran == Ran(1, "", f"CommandError: heart-attack is not a rule; use one of {', '.join(RULES)}\n")


def test_a_rule_that_cannot_be_met_has_no_witness(tmp_path: Path):
    damaged = content()
    impossible(damaged)
    path = tmp_path / "damaged.json"
    path.write_text(json.dumps(damaged))
    sentence = "CommandError: rules.heart-disease: can never be met: no answers reach it\n"
    assert run("check_rules", "--file", str(path), "--witness", "heart-disease") == Ran(1, "", sentence)
