"""Which groups of criteria an answer can wake, so that the many answers that say nothing cost nothing.

A group comes to something only when one of its wakers is answered and not plainly no. To look at the woken groups
alone gives what looking at all of them would give; a test compares the two.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from screening.engine.answers import Answer
from screening.engine.operators import SPREADING
from screening.engine.rule_set import Criterion, Question
from screening.engine.truth import NO, Truth

Positions = tuple[int, ...]

# These hold without any answer, so no answer is needed to wake their group.
_SILENT = frozenset({"not-said", "not-only", "unanswered"})
_PLAN = frozenset({"planned", "goal"})


@dataclass(frozen=True, slots=True)
class Waking:
    """Positions of groups by what wakes them: (question, choice), any other answer to a question, a site or a goal."""

    by_choice: dict[tuple[str, Answer], Positions] = field(default_factory=dict)
    by_answer: dict[str, Positions] = field(default_factory=dict)
    by_plan: dict[str, Positions] = field(default_factory=dict)
    always: set[int] = field(default_factory=set)

    def woken(self, loud: Iterable[tuple[str, Answer]], plan: Collection[str]) -> list[int]:
        """Return the positions of the groups to look at, in order. `plan`: the planned sites and the goals."""
        found = [*self.always]
        for pair in loud:
            found += self.by_choice.get(pair) or self.by_answer.get(pair[0], ())
        if not self.by_plan.keys().isdisjoint(plan):
            found += [position for code in plan for position in self.by_plan.get(code, ())]
        return sorted(set(found)) if len(found) > 1 else found


def waking(
    groups: Sequence[Sequence[Criterion]],
    questions: Mapping[str, Question],
    truth: Callable[[Criterion, str], Truth],
) -> Waking:
    """Return the index of `groups`; `truth` tells what a criterion makes of a choice of its question."""
    index = Waking()
    for position, group in enumerate(groups):
        wakers = _wakers(group)
        if not wakers:
            index.always.add(position)
        for criterion in wakers:
            _enter(index, position, criterion, questions, truth)
    return index


def _wakers(group: Sequence[Criterion]) -> list[Criterion]:
    """Return the criteria of which one must be answered, and not plainly no, for the group to come to anything.

    An open answer to an `is` leaves the group open whatever its others say, so each of them wakes it. Without any,
    all criteria must hold, and one will do: best one that gates the places or dates which a spreading one reads.
    """
    asking = [criterion for criterion in group if criterion.operator == "is"]
    others = [criterion for criterion in group if criterion.operator not in _SILENT]
    return asking or sorted(others, key=lambda one: (one.operator in _PLAN, one.operator in SPREADING))[:1]


def _enter(
    index: Waking,
    position: int,
    criterion: Criterion,
    questions: Mapping[str, Question],
    truth: Callable[[Criterion, str], Truth],
) -> None:
    if criterion.question is None:
        for code in criterion.value:
            index.by_plan[code] = (*index.by_plan.get(code, ()), position)
    elif questions[criterion.question].kind == "choice":
        for choice in questions[criterion.question].choice_codes:
            if truth(criterion, choice) is not NO:
                pair = (criterion.question, choice)
                index.by_choice[pair] = (*index.by_choice.get(pair, ()), position)
    else:
        code = criterion.question
        index.by_answer[code] = (*index.by_answer.get(code, ()), position)
