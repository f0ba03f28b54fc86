"""A rule set made ready for one treatment and stage: its questions in catalogue order, its rules as functions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from screening.engine.answers import Answer
from screening.engine.operators import SPREADING, Case, Reader, reader
from screening.engine.order import in_order, positions
from screening.engine.outcome import Finding
from screening.engine.places import Reach, broken_segments, marked_places
from screening.engine.rule_set import STAGES, Criterion, Group, Question, Rule, RuleSet
from screening.engine.spread import Spread, spread
from screening.engine.truth import Truth
from screening.engine.waking import Waking, waking

_NO_MATTER_WHEN = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReadyGroup:
    """A group of a rule. `readers`: its criteria but the spreading one, each with the question it reads.

    `findings`: what it finds, left open and met, when that bars nothing, has no end and rests on all its questions.
    """

    rule: Rule
    group: Group
    readers: tuple[tuple[str | None, Reader], ...]
    spread: Spread | None
    bars_planned: tuple[str, ...]
    questions: tuple[str, ...]
    gated: bool
    findings: tuple[Finding, Finding]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked and which rules apply for one treatment at one stage.

    `opens` finds the conditional questions, `wakes` the groups of rules that answers and plan can bring to something.
    `conditional`: the questions that are asked when all the readers hold; one that has several ways, several times.
    `quiet`: by question that is always asked, the answer that settles it and brings nothing to anything.
    """

    questions: Mapping[str, Question]
    always_asked: frozenset[str]
    required: frozenset[str]
    conditional: tuple[tuple[str, tuple[Reader, ...]], ...]
    opens: Waking
    groups: tuple[ReadyGroup, ...]
    wakes: Waking
    quiet: Mapping[str, Answer]
    counted_months: Mapping[str, int]
    sites_order: Mapping[str, int]
    questions_order: Mapping[str, int]
    fixed_sites: tuple[str, ...]


def scopes(rule_set: RuleSet) -> dict[tuple[str, str], Scope]:
    """Return the scope of every treatment that can be screened, at each stage."""
    ready = Readier(rule_set)
    return {
        (treatment.code, stage): scope_of(rule_set, treatment.code, stage, ready)
        for treatment in rule_set.treatments.values()
        if treatment.plan != "not-offered"
        for stage in STAGES
    }


def applies(stage: str, treatments: tuple[str, ...], at_stage: str, treatment: str) -> bool:
    """Return whether a question or rule belongs to a treatment at a stage; a session asks everything again."""
    return (stage == "consultation" or at_stage == "session") and (not treatments or treatment in treatments)


def scope_of(rule_set: RuleSet, treatment: str, stage: str, ready: "Readier") -> Scope:
    """Return what is asked and which rules apply for one treatment at one stage."""
    questions = {
        code: question
        for code, question in rule_set.questions.items()
        if applies(question.stage, question.treatments, stage, treatment)
    }
    rules = [rule for rule in rule_set.rules.values() if applies(rule.stage, rule.treatments, stage, treatment)]
    sites_order = positions(rule_set.sites)
    conditions = [(question, group) for question in questions.values() for group in question.when]
    groups = [(rule, group) for rule in rules for group in rule.groups]
    opens = waking([group for _, group in conditions], rule_set.questions, ready.truth)
    wakes = waking([group.criteria for _, group in groups], rule_set.questions, ready.truth)
    return Scope(
        questions=questions,
        always_asked=frozenset(code for code, question in questions.items() if not question.when),
        required=frozenset(code for code, question in questions.items() if question.required and not question.when),
        conditional=tuple((question.code, tuple(map(ready.reader, group))) for question, group in conditions),
        opens=opens,
        groups=tuple(ready.group(rule, group) for rule, group in groups),
        wakes=wakes,
        quiet=dict(pair for pair in _safe(questions) if pair not in opens.by_choice and pair not in wakes.by_choice),
        counted_months=_counted_months(rule_set, rules),
        sites_order=sites_order,
        questions_order=positions(rule_set.questions),
        fixed_sites=in_order(rule_set.treatments[treatment].fixed_sites, sites_order),
    )


def _safe(questions: Mapping[str, Question]) -> Iterator[tuple[str, Answer]]:
    """Yield the questions that are always asked, each with its first safe answer."""
    for code, question in questions.items():
        if question.kind == "choice" and question.safe_answers and not question.when:
            yield code, question.safe_answers[0]


def _counted_months(rule_set: RuleSet, rules: list[Rule]) -> dict[str, int]:
    """Return how many months an operation counts for, by the question that asks for operations."""
    months: dict[str, int] = {}
    for rule in rules:
        for criterion in (criterion for group in rule.groups for criterion in group.criteria):
            if criterion.operator == "within-months":
                question, limit = cast(str, criterion.question), int(rule_set.limits[criterion.value])
                months[question] = max(limit, months.get(question, 0))
    return months


class Readier:
    """Makes functions of criteria, with what they need of the whole set computed once."""

    def __init__(self, rule_set: RuleSet) -> None:
        self.rule_set = rule_set
        self.order = order = positions(rule_set.sites)
        self.nowhere = Reach({}, order)
        self.reaches = {
            "marked": Reach(marked_places(rule_set.sites), order),
            "segments": Reach(broken_segments(rule_set.sites), order),
        }

    def reader(self, criterion: Criterion) -> Reader:
        question = self.rule_set.questions[criterion.question] if criterion.question else None
        return reader(criterion, question, self.rule_set.limits)

    def truth(self, criterion: Criterion, choice: str) -> Truth:
        answers = {cast(str, criterion.question): choice}
        return self.reader(criterion)(Case(answers, frozenset(), (), _NO_MATTER_WHEN))

    def group(self, rule: Rule, group: Group) -> ReadyGroup:
        plain = [criterion for criterion in group.criteria if criterion.operator not in SPREADING]
        spreading = [criterion for criterion in group.criteria if criterion.operator in SPREADING]
        order = list(self.rule_set.questions)
        questions = tuple(sorted({c.question for c in group.criteria if c.question}, key=order.index))
        return ReadyGroup(
            rule=rule,
            group=group,
            readers=tuple((criterion.question, self.reader(criterion)) for criterion in plain),
            spread=self._spread(spreading[0], group) if spreading else None,
            bars_planned=self._planned_places(group) if group.bars == "planned" else (),
            questions=questions,
            gated=any(criterion.question for criterion in plain),
            findings=(_finding(rule, group, questions, met=False), _finding(rule, group, questions, met=True)),
        )

    def _planned_places(self, group: Group) -> tuple[str, ...]:
        places = [code for criterion in group.criteria if criterion.operator == "planned" for code in criterion.value]
        return in_order(places, self.order)

    def _spread(self, criterion: Criterion, group: Group) -> Spread:
        return spread(criterion, self.reaches.get(group.bars, self.nowhere), self.rule_set.limits)


def _finding(rule: Rule, group: Group, questions: tuple[str, ...], *, met: bool) -> Finding:
    return Finding(
        rule=rule.code,
        grade=group.grade,
        status="met" if met else "unresolved",
        urgency=group.urgency,
        sites=(),
        until=None,
        answers=questions,
        sources=tuple(map(str, rule.citations)),
        message=group.practitioner_wording if met else f"{rule.practitioner_unresolved} {rule.settle}",
        patient_message=group.patient_wording if met else f"{rule.patient_unresolved} {rule.settle}",
    )
