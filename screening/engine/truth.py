"""Three-valued logic: yes, no and unknown.

The tables are those that DMN 1.3 publishes for its conjunction, disjunction and negation (Kleene's strong logic).
An unknown is never read as a no: `both(UNKNOWN, YES)` stays unknown.
"""

from enum import IntEnum


class Truth(IntEnum):
    """One of three values; the numbers make `min` the conjunction and `max` the disjunction."""

    NO = 0
    UNKNOWN = 1
    YES = 2


NO, UNKNOWN, YES = Truth.NO, Truth.UNKNOWN, Truth.YES


def both(*values: Truth) -> Truth:
    """Return the conjunction of `values`; of none at all: YES."""
    return min(values, default=YES)


def either(*values: Truth) -> Truth:
    """Return the disjunction of `values`; of none at all: NO."""
    return max(values, default=NO)


def negate(value: Truth) -> Truth:
    """Return the negation of `value`; of UNKNOWN: UNKNOWN."""
    return Truth(YES - value)
