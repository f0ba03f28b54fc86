"""By which rules a draft or a page was made, and what those ask in other words than others do."""

from screening.engine.moving import moved
from screening.engine.rule_set import RuleSet
from screening.rulesets import pinned_set

PARTS = 3


def pin_of(rule_set: RuleSet) -> tuple[str, str, str]:
    """Return code, version and digest of a rule set."""
    named = rule_set.named
    return named.code, named.version, named.digest


def reworded(drawn_by: str, rule_set: RuleSet) -> frozenset[str]:
    """Return the questions that a posted page asked in other words than `rule_set`: its answers are to those words.

    `drawn_by`: what the page says of its rules, a pin with spaces between. Every question where it names no known ones.
    """
    pin = tuple(drawn_by.split())
    if pin == pin_of(rule_set):
        return frozenset()
    return frozenset(moved(pinned_set(pin) if len(pin) == PARTS else None, rule_set, {})[3])
