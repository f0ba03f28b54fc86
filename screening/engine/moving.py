"""From one rule set to the next in the middle of a self-check: what still holds, and what is asked again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from screening.engine.rule_set import Question, RuleSet, Site

# What makes a question what it is to the person who answers it: another answer may be right once it changes.
_SEEN = ("kind", "wording", "help", "choices", "ranges", "when", "treatments", "stage")


def moved(
    old: RuleSet | None,
    new: RuleSet,
    answers: Mapping[str, Any],
    sites: Sequence[str] = (),
    goals: Sequence[str] = (),
) -> tuple[dict[str, Any], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the answers, planned places and goals that hold in `new` too, and the codes of the questions to ask again.

    `answers` are JSON values as in a request. Asked again is a question that is new, or whose wording, kind, choices
    or condition changed, and one whose answer names a place that is gone: the rest of such an answer would say less
    than the person did. Without `old`, because it is not to be trusted, everything is asked again.
    """
    if old is None:
        return {}, (), (), tuple(new.questions)
    known_sites = {code for code, site in new.sites.items() if _is_same_place(old.sites.get(code), site)}
    changed = {code for code in new.questions if not _is_same(old, new, code)}
    kept = {
        code: answer
        for code, answer in answers.items()
        if code in new.questions
        and code not in changed
        and known_sites.issuperset(_places(new.questions[code], answer))
    }
    return (
        kept,
        tuple(site for site in sites if site in known_sites),
        tuple(goal for goal in goals if goal in new.goals and new.goals[goal] == old.goals.get(goal)),
        tuple(code for code in new.questions if code in changed or (code in answers and code not in kept)),
    )


def _is_same(old: RuleSet, new: RuleSet, code: str) -> bool:
    """Return whether both sets ask the same, in the same words and of the same people."""
    before, after = old.questions.get(code), new.questions[code]
    return (
        before is not None
        and all(getattr(before, part) == getattr(after, part) for part in _SEEN)
        and _limits(old, before) == _limits(new, after)
    )


def _limits(rule_set: RuleSet, question: Question) -> list[Any]:
    """Return the limits that a question's condition names."""
    values = [criterion.value for group in question.when for criterion in group]
    names = [name for value in values for name in (value.values() if isinstance(value, Mapping) else (value,))]
    return [rule_set.limits.get(name) for name in names if isinstance(name, str)]


def _is_same_place(before: Site | None, after: Site) -> bool:
    """Return whether both are the same place to a person who reads its name."""
    return before is not None and (before.name, before.region, before.side) == (after.name, after.region, after.side)


def _places(question: Question, answer: Any) -> Iterator[str]:
    """Yield the places that an answer names; "not sure where" is none."""
    for entry in answer if question.kind in ("sites", "operations") else ():
        named = entry.get("sites", ()) if isinstance(entry, Mapping) else (entry,)
        yield from (code for code in named if code not in question.choice_codes)
