"""The parts of an intake's page that are another after a save; what its writer may be typing in is left alone."""

from clinic.consultations.intake import GOALS, NOTE, SITES
from clinic.consultations.intake_page import IntakePage, Slot
from clinic.consultations.intake_saving import MINE, WAS, WRONG, Saved
from screening.fields.answer import BoundAnswer
from screening.fields.operation_list import mark
from screening.fields.operations import NEW, BoundOperations


def has_button(saved: Saved, code: str) -> bool:
    """Return whether a button of this question was pressed: to add, change or remove an operation."""
    return f"{code}-do" in saved.form.data


class Fragments:
    """What to send of a page that was saved."""

    def __init__(self, page: IntakePage, saved: Saved) -> None:
        self.page, self.saved = page, saved
        moved = {one.code for one in (*saved.others, *saved.conflicts)}
        resolved = {name.removeprefix(MINE).removeprefix(NOTE) for name in saved.form.data if name.startswith(MINE)}
        opened_or_closed = {*saved.shown}.symmetric_difference(page.asked)
        pressed = {code for code in saved.shown if has_button(saved, code)}
        self.redrawn = moved | resolved | opened_or_closed | pressed

    @property
    def slots(self) -> list[Slot]:
        """The questions that are drawn anew: opened, closed, changed by others, or with a button that was pressed."""
        return self.page.slots(self.redrawn)

    @property
    def places(self) -> bool:
        """Whether the places are drawn anew."""
        return SITES in self.redrawn

    @property
    def goals(self) -> bool:
        """Whether the goals are drawn anew: with other places other ones are offered."""
        return GOALS in self.redrawn or SITES in self.redrawn or SITES in self.saved.changed

    @property
    def was(self) -> list[tuple[str, str, str]]:
        """What the kept parts hold now, where the page has it otherwise: id, part and mark."""
        drawn = {name.removeprefix(WAS): value for name, value in self.saved.form.data.items() if name.startswith(WAS)}
        return [
            (part.replace(".", "-"), part, self.page.was(part))
            for part, mark in drawn.items()
            if self._is_kept(part) and self.page.was(part) != mark
        ]

    def _is_kept(self, part: str) -> bool:
        if part in (SITES, GOALS):
            return not (self.places if part == SITES else self.goals)
        code = part.removeprefix(NOTE)
        return code in self.page.asked and code not in self.redrawn

    @property
    def named(self) -> list[tuple[str, list[str]]]:
        """The places and goals in words, where they changed."""
        found = [("places", self.page.place_names)] if SITES in self.saved.changed and not self.places else []
        return found + ([("goals", self.page.goal_names)] if GOALS in self.saved.changed and not self.goals else [])

    @property
    def wrong(self) -> list[Slot]:
        """The questions that a fault is said at, or was."""
        before = self.saved.form.data.get(WRONG, "").split()
        return [slot for slot in self._kept() if slot.problems or slot.code in before]

    @property
    def beside(self) -> list[Slot]:
        """The questions whose answer was changed: what stands beside them says so."""
        return [slot for slot in self._kept() if slot.code in self.saved.changed]

    @property
    def operations(self) -> list[tuple[BoundAnswer, str, str]]:
        """The lists of operations that changed: each with its mark, and the place of the open one, as now kept."""
        changed = [slot.code for slot in self._kept() if slot.code in self.saved.changed]
        bound = [self.saved.form[code] for code in changed]
        return [_as_kept(entry) for entry in bound if isinstance(entry, BoundOperations)]

    def _kept(self) -> list[Slot]:
        return [slot for slot in self.page.slots(self.page.asked) if slot.code not in self.redrawn]


def _as_kept(field: BoundOperations) -> tuple[BoundAnswer, str, str]:
    merged = field.field.merged(field.data)
    if merged.place is None:
        return field, mark(merged.operations), ""
    return field, mark(merged.operations), str(merged.place) if merged.place < len(merged.operations) else NEW
