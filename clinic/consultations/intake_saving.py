"""A page of an intake comes in: what its writer changed is kept, and nothing that another person changed is lost."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from clinic.consultations.intake import (
    GOALS,
    NOTE,
    SITES,
    Case,
    case_of,
    plan_of,
    read_answers,
    save_answers,
)
from clinic.consultations.intake_form import PartsForm
from clinic.consultations.intake_moving import renew
from clinic.consultations.models import Intake
from screening.engine.rule_set import RuleSet
from screening.engine.written import written_answer
from screening.forms import QuestionsForm
from screening.pins import reworded
from screening.wording import in_words

# What a page posts besides the answers: what each part held when it was drawn, and an own text that met another's.
WAS, MINE = "was.", "mine."
REVISION, DRAWN_BY, WRONG = "intake.revision", "intake.rules", "intake.wrong"
USE, KEEP = "intake.use", "intake.keep"


@dataclass(frozen=True, slots=True)
class Difference:
    """What another person changed since the page was drawn.

    `theirs`: it in words, a line each. `mine`: what the page's writer put there instead, and `kept`, the same as
    JSON; both empty where the writer changed nothing there.
    """

    part: str
    code: str
    label: str
    by: str
    at: datetime | None
    theirs: tuple[str, ...]
    mine: tuple[str, ...] = ()
    kept: str = ""

    @property
    def anchor(self) -> str:
        """The id of its room on the page."""
        return f"slot-{self.code.replace('.', '-')}"


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a page. `form`, `parts`: as posted; `shown`: the questions that it showed.

    `changed`: the parts that were kept; `others`: what others changed; `conflicts`: what both changed, theirs stands.
    `is_renewed`: the rules changed since the page was drawn.
    """

    intake: Intake
    case: Case
    form: QuestionsForm
    parts: PartsForm
    shown: tuple[str, ...]
    changed: frozenset[str]
    others: tuple[Difference, ...]
    conflicts: tuple[Difference, ...]
    is_renewed: bool

    @property
    def is_readable(self) -> bool:
        """Whether everything that was typed could be read."""
        return not self.form.faulty() and not self.parts.errors

    @property
    def is_whole(self) -> bool:
        """Whether the page is what its writer wanted and saw."""
        return self.is_readable and not (self.others or self.conflicts or self.is_renewed)


def digest(value: Any) -> str:
    """Return a short mark of what a part holds; nothing held has one mark, however it is written."""
    return f"{crc32(json.dumps(value or None, sort_keys=True).encode()):08x}"


def held(intake: Intake, case: Case, part: str) -> Any:
    """Return what a part of a draft holds, as JSON; None for nothing."""
    if part == SITES:
        return list(plan_of(intake, case.rule_set).sites) or None
    if part == GOALS:
        return list(case.plan.goals) or None
    if part.startswith(NOTE):
        return intake.notes.get(part.removeprefix(NOTE))
    return intake.answers.get(part) if part in case.answers else None


def save_page(intake: Intake, data: Any, *, by: Any, now: datetime) -> Saved:
    """Keep what a posted page changed in a locked draft, and say what others changed.

    A part counts as changed where it is not what the page was drawn with; as changed by others where the draft is
    not that any more. Where both hold and the texts differ, the draft stays as it is.
    """
    pin = list(intake.rule_set)
    renew(intake, now)
    # A page that was opened after the change was drawn by the new rules already: its writer has seen what they ask.
    has_seen = data.get(DRAWN_BY) == " ".join(intake.rule_set)
    case = case_of(intake, now)
    shown = shown_by(data, case.rule_set)
    questions = tuple(case.rule_set.questions[code] for code in shown)
    form = QuestionsForm(data, rule_set=case.rule_set, questions=questions, answers=case.answers, at=case.at)
    parts = PartsForm(data, case=case, intake=intake, noted=shown)
    form.is_valid()
    parts.is_valid()
    merge = _Merge(intake, case, data, _posted(form, parts, data))
    changed = merge.changed() | merge.used()
    conflicts = merge.conflicts(changed)
    others = merge.others({*changed, *(conflict.part for conflict in conflicts)})
    save_answers(intake, changed, by=by, now=now)
    return Saved(
        intake=intake,
        case=case_of(intake, now),
        form=form,
        parts=parts,
        shown=shown,
        changed=frozenset(changed),
        others=others,
        conflicts=conflicts,
        is_renewed=pin != intake.rule_set and not has_seen,
    )


def shown_by(data: Any, rule_set: RuleSet) -> tuple[str, ...]:
    """Return the questions that a page showed, without those that it put in other words than these rules do."""
    changed = reworded(data.get(DRAWN_BY, ""), rule_set)
    return tuple(code for code in rule_set.questions if WAS + code in data and code not in changed)


def _posted(form: QuestionsForm, parts: PartsForm, data: Any) -> dict[str, Any]:
    """Return what the page says of each of its parts, as JSON; what could not be read is no answer."""
    given = form.given()
    answers = {
        question.code: written_answer(given[question.code]) if question.code in given else None
        for question in form.questions
    }
    return answers | {part: value for part, value in parts.given().items() if WAS + part in data}


class _Merge:
    def __init__(self, intake: Intake, case: Case, data: Any, posted: Mapping[str, Any]) -> None:
        self.intake, self.case, self.data, self.posted = intake, case, data, posted

    def _held(self, part: str) -> Any:
        return held(self.intake, self.case, part)

    def _is_merged_already(self, part: str) -> bool:
        """Whether the field itself brought both lists together: of operations none is ever lost."""
        question = self.case.rule_set.questions.get(part)
        return question is not None and question.kind == "operations"

    def _is_touched(self, part: str) -> bool:
        posted = digest(self.posted[part])
        if posted == digest(self._held(part)):
            return False
        return self._is_merged_already(part) or posted != self.data.get(WAS + part)

    def _is_moved(self, part: str) -> bool:
        """Whether the draft holds something else than the page was drawn with."""
        return not self._is_merged_already(part) and digest(self._held(part)) != self.data.get(WAS + part)

    def changed(self) -> dict[str, Any]:
        return {
            part: value for part, value in self.posted.items() if self._is_touched(part) and not self._is_moved(part)
        }

    def used(self) -> dict[str, Any]:
        """Return the own text that was chosen over another's, if any."""
        part = self.data.get(USE, "")
        mine = self._mine(part) if part in self.posted else None
        return {} if mine is None else {part: mine[0]}

    def conflicts(self, changed: Mapping[str, Any]) -> tuple[Difference, ...]:
        """Return what both changed: now, and before where nobody chose yet."""
        found = {part: self.posted[part] for part in self.posted if self._is_touched(part) and self._is_moved(part)}
        for part in self.posted:
            mine = self._mine(part)
            if mine is not None and part not in found and part != self.data.get(KEEP):
                found[part] = mine[0]
        return tuple(
            self._difference(part, value)
            for part, value in found.items()
            if value and part not in changed and digest(value) != digest(self._held(part))
        )

    def others(self, dealt_with: Collection[str]) -> tuple[Difference, ...]:
        """Return what others changed, and the page's writer did not or only emptied."""
        return tuple(
            self._difference(part)
            for part, value in self.posted.items()
            if part not in dealt_with and self._is_moved(part) and digest(value) != digest(self._held(part))
        )

    def _mine(self, part: str) -> tuple[Any] | None:
        """Return the own text that the page carries for a part, where these rules can read it."""
        try:
            value = json.loads(self.data.get(MINE + part, ""))
        except (ValueError, RecursionError):
            return None
        if part in self.case.rule_set.questions:
            read = read_answers(self.case.rule_set, {part: value})
            return (written_answer(read[part]),) if part in read else None
        return (value,) if value == self._allowed(part, value) else None

    def _allowed(self, part: str, value: Any) -> Any:
        """Return as much of an own text besides the answers as this plan allows."""
        if part.startswith(NOTE):
            return str(value)
        form = PartsForm({}, case=self.case, intake=self.intake, noted=())
        known = [code for code, _ in form.fields[part].choices] if part in form.fields else []  # type: ignore[attr-defined]
        return [code for code in known if isinstance(value, list) and code in value]

    def _difference(self, part: str, *mine: Any) -> Difference:
        mark = self.intake.marks.get(part, {})
        return Difference(
            part=part,
            code=part.removeprefix(NOTE),
            label=label(self.case.rule_set, part),
            by=mark.get("by", ""),
            at=datetime.fromisoformat(mark["at"]) if mark else None,
            theirs=words(self.case.rule_set, part, self._held(part)),
            mine=words(self.case.rule_set, part, mine[0]) if mine else (),
            kept=json.dumps(mine[0]) if mine else "",
        )


def label(rule_set: RuleSet, part: str) -> str:
    """Return what a part of a draft is called."""
    if part in (SITES, GOALS):
        return "Places" if part == SITES else "Goals"
    question = rule_set.questions[part.removeprefix(NOTE)].wording
    return f"Note: {question}" if part.startswith(NOTE) else question


def words(rule_set: RuleSet, part: str, value: Any) -> tuple[str, ...]:
    """Return what a part holds in words, a line for each entry; none for nothing."""
    if not value:
        return ()
    if part == SITES:
        return (", ".join(rule_set.sites[code].name for code in value),)
    if part == GOALS:
        return (", ".join(rule_set.goals[code].name for code in value),)
    if part.startswith(NOTE):
        return (str(value),)
    return in_words(rule_set, rule_set.questions[part], read_answers(rule_set, {part: value}).get(part))
