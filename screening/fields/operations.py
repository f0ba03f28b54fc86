"""Any number of operations, one of them open to be written; the others are kept, and listed in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from django.utils.translation import gettext

from screening import body_map
from screening.engine.answers import Operation
from screening.engine.rule_set import Question, RuleSet
from screening.fields import operation_list
from screening.fields.answer import AnswerField, BoundAnswer, Problem, Reading, counted
from screening.fields.choosing import (
    Groups,
    SiteChoice,
    first_place,
    not_in_the_list,
    open_choices,
    posted_places,
    site_groups,
)
from screening.fields.dates import TypedDate, posted_date, refused_date, typed_date, written_date
from screening.fields.operation_list import MOST_OPERATIONS, Merged, Operations, Request, is_whole, mark
from screening.wording import operation_in_words

NEW = "new"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page said about operations: the date and the places of the open one, and what it asked for."""

    date: TypedDate
    sites: tuple[str, ...]
    request: Request


@dataclass(frozen=True, slots=True)
class Kept:
    """One operation in the list. `number`: as people count, from 1; `is_whole`: it has its date and its places."""

    position: int
    number: int
    words: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """The operations as a page shows them, and what stands in the inputs of the one at `entry` (None: none open)."""

    operations: Operations
    entry: int | None
    date: TypedDate
    sites: tuple[str, ...]


class BoundOperations(BoundAnswer):
    """The operations on a page."""

    field: "OperationsField"

    @cached_property
    def shown(self) -> Shown:
        """What is shown: after a problem the open operation as it was typed, else as it is kept."""
        if not self.form.is_bound:
            return kept_as_shown(self.field.kept, self.field.entry)
        merged = self.field.merged(self.data)
        if merged.place is None or all(problem.part == "later" for problem in self.problems):
            return kept_as_shown(merged.operations, None)
        return Shown(merged.operations, merged.place, self.data.date, self.data.sites)

    @property
    def has_map(self) -> bool:
        return self.shown.entry is not None

    @property
    def typed(self) -> TypedDate:
        """The date of the open operation."""
        return self.shown.date

    @property
    def listed(self) -> list[Kept]:
        """The operations in the list: all but the open one."""
        rule_set = self.field.rule_set
        return [
            Kept(place, place + 1, operation_in_words(rule_set, self.question, operation), is_whole(operation))
            for place, operation in enumerate(self.shown.operations)
            if place != self.shown.entry
        ]

    @property
    def entry(self) -> str:
        """The open operation as the page posts it: its position, "new", or nothing."""
        place = self.shown.entry
        if place is None:
            return ""
        return str(place) if place < len(self.shown.operations) else NEW

    @property
    def number(self) -> int | None:
        """The number of the open operation, as people count."""
        return None if self.shown.entry is None else self.shown.entry + 1

    @property
    def seen(self) -> str:
        """The mark of the operations shown."""
        return mark(self.shown.operations)

    @property
    def may_add(self) -> bool:
        """Whether one more operation can be written after those shown."""
        return len(self.shown.operations) + (self.entry == NEW) < MOST_OPERATIONS

    @property
    def date_problems(self) -> list[Problem]:
        """What is wrong with the date of the open operation."""
        return [problem for problem in self.problems if problem.part == "date"]

    @property
    def site_problems(self) -> list[Problem]:
        """What is wrong with its places."""
        return [problem for problem in self.problems if problem.part == "sites"]

    @property
    def own_problems(self) -> list[Problem]:
        """What is wrong with the list."""
        return [problem for problem in self.problems if problem.part in {"list", "later"}]

    @property
    def sites_name(self) -> str:
        """The name of the boxes of its places."""
        return f"{self.html_name}-sites"

    def groups(self) -> Groups:
        """Return every place under its heading."""
        return site_groups(self.field.rule_set, self.field.rule_set.sites, self.shown.sites)

    def views(self) -> list[body_map.View]:
        """Return the map of every place."""
        return body_map.views(self.field.rule_set, self.field.rule_set.sites, name=self.sites_name)

    def open_choices(self) -> list[SiteChoice]:
        """Return the answers beside the places, such as "Not sure"."""
        return open_choices(self.field, self.shown.sites)


class OperationsField(AnswerField):
    """The operations. `kept`: those of the answers so far; `entry`: the position of the one asked to be open."""

    bound_field_class = BoundOperations

    def __init__(
        self, rule_set: RuleSet, question: Question, at: datetime, kept: Operations, entry: int | None
    ) -> None:
        super().__init__(rule_set, question, at)
        self.kept, self.entry = kept, entry

    def posted(self, data: Any, name: str) -> Typed:
        entry = data.get(f"{name}-entry", "")
        action, _, aim = data.get(f"{name}-do", "").partition("-")
        target = counted(aim)
        request = Request(
            is_open=bool(entry),
            position=counted(entry),
            seen=data.get(f"{name}-seen", ""),
            action=action,
            target=len(self.kept) if target is None else target,
        )
        if action == "remove" and request.target == request.position:
            return Typed(TypedDate(), (), request)
        return Typed(posted_date(data, name), tuple(posted_places(self, data, f"{name}-sites")), request)

    def read(self, typed: Typed) -> Reading:
        merged, (_, faults) = self.merged(typed), self.read_entry(typed)
        return Reading(merged.operations or None, faults or tuple(self.missing(merged)))

    def merged(self, typed: Typed) -> Merged:
        """Return the list after the page was sent."""
        operation, faults = self.read_entry(typed)
        return operation_list.merge(self.kept, typed.request, operation, keep_place=bool(faults))

    def read_entry(self, typed: Typed) -> tuple[Operation, tuple[Problem, ...]]:
        """Return as much of the open operation as could be read, and what could not."""
        dated, date_faults = self._read_part("date", lambda: written_date(typed.date))
        placed, site_faults = self._read_part("sites", lambda: list(typed.sites) or None)
        return Operation(dated.date, placed.sites), date_faults + site_faults

    def _read_part(self, part: str, write: Callable[[], Any]) -> tuple[Operation, tuple[Problem, ...]]:
        try:
            written = write()
        except Problem as problem:
            return Operation(), (problem,)
        if written is None:
            return Operation(), ()
        answer, is_taken = self.taken([{part: written}], self.at)
        if not is_taken:
            return Operation(), (Problem(self._refused_part(part, written), part=part, is_faulty=True),)
        return cast(Operations, answer)[0], ()

    def _refused_part(self, part: str, written: Any) -> str:
        if part == "sites":
            return not_in_the_list()
        return refused_date(written, lambda: self.taken([{part: written}], None)[1])

    def missing(self, merged: Merged) -> tuple[Problem, ...]:
        """Return what is still to be said about the operations."""
        if merged.is_over:
            cure = gettext("There is room for ten operations. Remove one, or tell us about this one in person.")
            return (Problem(cure, part="list", is_faulty=True),)
        operations, place = merged.operations, merged.place
        if not operations:
            return self._missing_in(Operation()) if self.required else ()
        if place is not None and place < len(operations) and not is_whole(operations[place]):
            return self._missing_in(operations[place])
        later = operation_list.first_in_part(operations)
        if later is None:
            return ()
        cure = gettext("Operation %(number)s is not complete yet. Add what is missing.") % {"number": later + 1}
        return (Problem(cure, part="later"),)

    def _missing_in(self, operation: Operation) -> tuple[Problem, ...]:
        when = self.with_way_out(gettext("Write when it was. The year alone is enough."))
        where = self.with_way_out(gettext("Choose at least one place."))
        problems = ((operation.date, Problem(when, part="date")), (operation.sites, Problem(where, part="sites")))
        return tuple(problem for given, problem in problems if not given)

    def stay(self, typed: Typed) -> str | None:
        """Return which operation the page is to show open, as a query; None when the page was simply sent."""
        merged = self.merged(typed)
        if not typed.request.action or merged.is_over or self.read_entry(typed)[1]:
            return None
        return f"entry={'' if merged.go_to is None else merged.go_to}"

    def target(self, auto_id: str, part: str) -> str:
        return first_place(f"{auto_id}-sites", self) if part == "sites" else auto_id


def kept_as_shown(operations: Operations, wish: int | None) -> Shown:
    """Return a list as a page shows it, with the operation at `wish`, or the one that needs it, open."""
    entry = operation_list.opened(operations, wish)
    operation = operations[entry] if entry is not None and entry < len(operations) else Operation()
    return Shown(operations, entry, typed_date(operation.date), operation.sites)
