"""What a rule set must mean to be evaluated: every code it names exists, every value fits, nothing runs in a circle."""

from collections.abc import Collection, Iterator, Mapping

from screening.engine.answers import UNSURE
from screening.engine.operators import SPREADING, Names, criterion_fault
from screening.engine.rule_set import Criterion, Group, Question, Rule, RuleSet


def meaning_faults(rule_set: RuleSet) -> list[str]:
    """Return why a rule set of the right shape could not be evaluated, one line each, naming the place."""
    return [
        *_site_faults(rule_set),
        *_treatment_faults(rule_set),
        *(fault for question in rule_set.questions.values() for fault in _question_faults(rule_set, question)),
        *(fault for rule in rule_set.rules.values() for fault in _rule_faults(rule_set, rule)),
    ]


def _strangers(place: str, codes: Collection[str], known: Collection[str], what: str) -> Iterator[str]:
    yield from (f"{place}: {code!r} is not a {what} of this set" for code in codes if code not in known)


def _site_faults(rule_set: RuleSet) -> Iterator[str]:
    for site in rule_set.sites.values():
        yield from _strangers(f"sites.{site.code}.neighbours", site.neighbours, rule_set.sites, "site")
        if site.code == UNSURE:
            yield f"sites.{site.code}: this code means that a place is not known"


def _treatment_faults(rule_set: RuleSet) -> Iterator[str]:
    for treatment in rule_set.treatments.values():
        place = f"treatments.{treatment.code}"
        yield from _strangers(f"{place}.fixed_sites", treatment.fixed_sites, rule_set.sites, "site")
        if (treatment.plan == "fixed") != bool(treatment.fixed_sites):
            yield f"{place}.fixed_sites: a fixed plan names its sites, any other plan none"


def _question_faults(rule_set: RuleSet, question: Question) -> Iterator[str]:
    place = f"questions.{question.code}"
    yield from _strangers(f"{place}.section", [question.section], [s.code for s in rule_set.sections], "section")
    yield from _strangers(f"{place}.treatments", question.treatments, rule_set.treatments, "treatment")
    choices = [choice.code for choice in question.choices]
    yield from _strangers(f"{place}.safe_answers", question.safe_answers, choices, "choice")
    if len(set(choices)) < len(choices):
        yield f"{place}.choices: one is there twice"
    if question.kind in ("choice", "kinds") and not choices:
        yield f"{place}.choices: a question of this kind needs some"
    if question.open_answers.intersection(question.safe_answers):
        yield f"{place}.safe_answers: an open answer settles nothing and is never the safe one"
    yield from _range_faults(place, question)
    earlier = _earlier(rule_set, question)
    for position, group in enumerate(question.when):
        yield from _criteria_faults(rule_set, f"{place}.when[{position}]", group, earlier)


def _range_faults(place: str, question: Question) -> Iterator[str]:
    parts = {"blood-pressure": {"systolic", "diastolic"}, "number": {"value"}}.get(question.kind, set())
    if set(question.ranges) != parts:
        yield f"{place}.ranges: a question of this kind has a range for: {', '.join(sorted(parts)) or 'nothing'}"
    for part, bounds in question.ranges.items():
        if len(bounds) != 2 or bounds[0] > bounds[1]:
            yield f"{place}.ranges.{part}: is not a lowest and a highest number"


def _earlier(rule_set: RuleSet, question: Question) -> Mapping[str, Question]:
    codes = list(rule_set.questions)
    return {code: rule_set.questions[code] for code in codes[: codes.index(question.code)]}


def _rule_faults(rule_set: RuleSet, rule: Rule) -> Iterator[str]:
    place = f"rules.{rule.code}"
    yield from _strangers(f"{place}.treatments", rule.treatments, rule_set.treatments, "treatment")
    yield from _strangers(
        f"{place}.citations", [citation.source for citation in rule.citations], rule_set.sources, "source"
    )
    for position, group in enumerate(rule.groups):
        group_place = f"{place}.groups[{position}]"
        faults = list(_criteria_faults(rule_set, group_place, group.criteria, rule_set.questions))
        yield from faults
        if not faults:
            yield from _bars_faults(rule_set, group_place, group)


def _criteria_faults(
    rule_set: RuleSet, place: str, criteria: Collection[Criterion], known: Mapping[str, Question]
) -> Iterator[str]:
    names = Names(rule_set.limits, rule_set.sites, rule_set.goals)
    if not criteria:
        yield f"{place}: has no criteria"
    for position, criterion in enumerate(criteria):
        question = known.get(criterion.question) if criterion.question else None
        if criterion.question and question is None:
            yield f"{place}.criteria[{position}]: {_unreadable(rule_set, place, criterion.question)}"
        elif fault := criterion_fault(criterion.operator, question, criterion.value, names):
            yield f"{place}.criteria[{position}]: {fault}"
        elif known is not rule_set.questions and criterion.operator in SPREADING:
            yield f"{place}.criteria[{position}]: operator {criterion.operator!r} is for rules only"


def _unreadable(rule_set: RuleSet, place: str, code: str) -> str:
    if place.startswith(f"questions.{code}.when"):
        return "the condition asks for itself"
    later = " (a condition looks at earlier questions only)" if code in rule_set.questions else ""
    return f"{code!r} is not a question it can read{later}"


def _bars_faults(rule_set: RuleSet, place: str, group: Group) -> Iterator[str]:
    spreading = [criterion.operator for criterion in group.criteria if criterion.operator in SPREADING]
    if len(spreading) > 1:
        yield f"{place}: has more than one of {', '.join(sorted(SPREADING))}"
    knows = {
        "": group.grade != "site",
        "planned": any(criterion.operator == "planned" for criterion in group.criteria),
        "marked": spreading in (["marked"], ["within-months"]),
        "segments": spreading in (["marked"], ["within-months"]),
    }
    if not knows[group.bars]:
        yield f"{place}.bars: {group.bars or 'nothing'!r} does not say which places its criteria bar"
    if group.bars and group.grade != "site":
        yield f"{place}.bars: only the grade 'site' bars places"
    for criterion in group.criteria:
        if criterion.operator in ("within-months", "within-minutes"):
            limit = rule_set.limits[criterion.value]
            if limit != int(limit) or limit < 1:
                yield f"{place}: limit {criterion.value!r} is not a whole number of at least 1"
