"""How loose, and how strict, a clinical limit may be set, wherever a rule uses it and whatever it is called."""

from collections.abc import Iterator, Mapping

from screening.engine.rule_set import Criterion, Number, RuleSet

# Lowest and highest setting. Blood pressure: the floor of the rule catalogue's preface (180/110). Months and minutes:
# the plain words of M b7 and M b9; no more than the 12 months that the question asks about. Fever: the figure of the
# catalogue's section 4.
_BOUNDS: Mapping[str, tuple[Number, Number]] = {
    "systolic": (1, 180),
    "diastolic": (1, 110),
    "temperature": (1, 38),
    "within-months": (9, 12),
    "within-minutes": (90, 24 * 60),
}


def limits_of(criterion: Criterion) -> dict[str, str]:
    """Return the names of the limits that a criterion uses, by what they limit."""
    if criterion.operator in ("within-months", "within-minutes"):
        return {criterion.operator: criterion.value}
    if criterion.operator in ("at-least", "below"):
        return {str(criterion.question) if part == "value" else part: name for part, name in criterion.value.items()}
    return {}


def out_of_bounds(rule_set: RuleSet, criterion: Criterion) -> Iterator[str]:
    """Yield the limits of a criterion that are looser, or stricter, than they may be set."""
    for what, name in limits_of(criterion).items():
        limit = rule_set.limits[name]
        lowest, highest = _BOUNDS.get(what, (limit, limit))
        if not lowest <= limit <= highest:
            yield f"limits.{name}: {limit} is not allowed for {what}; set {lowest} to {highest}"
