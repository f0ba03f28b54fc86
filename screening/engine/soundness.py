"""What is weak in a rule set that could be evaluated: rules nobody meets, answers nobody hears, words nobody wrote."""

from collections.abc import Iterator

from screening.engine.floors import limits_of, out_of_bounds
from screening.engine.flow import plannable
from screening.engine.hearing import never_apart, unanswered_unheard, unheard, unreached
from screening.engine.rule_set import Question, Rule, RuleSet
from screening.engine.witness import Witness, offered

# What people answer when they do not know, or will not write it down, settles nothing in any set.
_ALWAYS_OPEN = frozenset({"unsure", "in-person", "not-told"})


def weaknesses(rule_set: RuleSet) -> list[str]:
    """Return what should keep a rule set from being published, one line each; empty for a sound set."""
    cases: list[Witness] = []
    return [
        *_unread(rule_set),
        *_unused(rule_set),
        *(line for rule in rule_set.rules.values() for line in _unwritten(rule)),
        *dict.fromkeys(line for criterion in rule_set.criteria() for line in out_of_bounds(rule_set, criterion)),
        *_unasked(rule_set),
        *(line for question in rule_set.questions.values() for line in _harmless(rule_set, question)),
        *unreached(rule_set, cases),
        *unheard(rule_set, cases),
        *unanswered_unheard(rule_set),
        *never_apart(cases),
    ]


def _unwritten(rule: Rule) -> Iterator[str]:
    if not rule.citations:
        yield f"rules.{rule.code}: has no source"
    if not all(citation.place.strip() for citation in rule.citations):
        yield f"rules.{rule.code}: has a source without its place"
    if not rule.groups:
        yield f"rules.{rule.code}: can never be met: it has no criteria"
    for name in (
        "practitioner_wording",
        "patient_wording",
        "practitioner_unresolved",
        "patient_unresolved",
        "settle",
        "next_step",
    ):
        if not getattr(rule, name).strip():
            yield f"rules.{rule.code}: has no {name.replace('_', ' ')}"
    for position, group in enumerate(rule.groups):
        for name in ("practitioner_wording", "patient_wording"):
            if getattr(rule, name).strip() and not getattr(group, name).strip():
                yield f"rules.{rule.code}: groups[{position}] has no {name.replace('_', ' ')}"


def _unread(rule_set: RuleSet) -> Iterator[str]:
    by_rules = {criterion.question for criterion in rule_set.criteria()}
    conditions = {
        criterion.question for question in rule_set.questions.values() for group in question.when for criterion in group
    }
    for code, question in rule_set.questions.items():
        if question.shown_only and (code in by_rules or question.required):
            yield f"questions.{code}: is only shown, yet {'a rule reads it' if code in by_rules else 'it is required'}"
        elif not question.shown_only and code not in by_rules | conditions:
            yield f"questions.{code}: nothing reads it"


def _unused(rule_set: RuleSet) -> Iterator[str]:
    planned = {site for treatment in offered(rule_set) for site in plannable(rule_set, treatment)}
    for site in rule_set.sites.values():
        if site.code not in planned and planned.isdisjoint(site.neighbours):
            yield f"sites.{site.code}: nothing uses it: no treatment plans it and a mark on it reaches none that is"
    for treatment in offered(rule_set):
        if not plannable(rule_set, treatment):
            yield f"treatments.{treatment.code}: nothing uses it: it has no site to plan"
    criteria = list(rule_set.criteria())
    read = {goal for criterion in criteria if criterion.operator == "goal" for goal in criterion.value}
    yield from (f"goals.{goal}: nothing uses it" for goal in rule_set.goals if goal not in read)
    limits = {name for criterion in criteria for name in limits_of(criterion).values()}
    yield from (f"limits.{limit}: nothing uses it" for limit in rule_set.limits if limit not in limits)


def _unasked(rule_set: RuleSet) -> Iterator[str]:
    """Yield the questions that a rule reads where they are never asked: their missing answer would say nothing."""
    for (treatment, stage), scope in rule_set.scopes.items():
        for ready in scope.groups:
            for code in ready.questions:
                if code not in scope.questions:
                    yield f"rules.{ready.rule.code}: reads {code}, which is not asked there ({treatment}, {stage})"


def _harmless(rule_set: RuleSet, question: Question) -> Iterator[str]:
    """Yield what would let a question, or an answer to it, pass for harmless."""
    for choice in question.choices:
        if choice.code in _ALWAYS_OPEN and not choice.open:
            yield f"questions.{question.code}: the answer {choice.code} settles nothing and must be open"
    for criterion in (criterion for group in question.when for criterion in group):
        if criterion.operator == "unanswered" and rule_set.questions[str(criterion.question)].required:
            yield f"questions.{question.code}: is asked only while {criterion.question} is unanswered"
    settled = {choice.code for choice in question.choices if not choice.open}
    if question.kind == "choice" and settled and settled.issubset(question.safe_answers):
        yield f"questions.{question.code}: every answer that settles it is a safe one"
