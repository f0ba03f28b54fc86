"""An intake as its page shows it: sections of questions, what stands beside them, and the outcome so far."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from crispy_forms.utils import TEMPLATE_PACK
from django.template.loader import render_to_string

from clinic.consultations.comparing import Beside, beside
from clinic.consultations.intake import GOALS, NOTE, RULES, SITES, Case
from clinic.consultations.intake_form import PartsForm
from clinic.consultations.intake_saving import Difference, Saved, digest, held
from clinic.consultations.models import Intake
from screening.engine.flow import planned_sites, questions_asked, questions_of
from screening.engine.rule_set import Question
from screening.fields.answer import BoundAnswer, Option
from screening.forms import QuestionsForm
from screening.pins import pin_of
from screening.presentation import Told, for_practitioner

# Which key gives which answer; the others go by their number.
KEYS: Mapping[str, str] = {"yes": "y", "no": "n", "unsure": "u"}


@dataclass(frozen=True, slots=True)
class Slot:
    """The room of one question. `field`: none while it is not asked; `was`: marks of what its parts held."""

    question: Question
    field: BoundAnswer | None
    was: str
    note: Any
    note_was: str
    beside: Beside | None
    conflicts: tuple[Difference, ...]
    is_again: bool

    @property
    def code(self) -> str:
        """The question's code."""
        return self.question.code

    @property
    def options(self) -> list[tuple[Option, str]]:
        """The answers to tap, each with its key."""
        options = self.field.options() if self.field else []
        return [(option, KEYS.get(option.code, str(number))) for number, option in enumerate(options, 1)]

    @property
    def problems(self) -> list[Any]:
        """What could not be read; a question that is still open is no fault while the intake is in the making."""
        return [problem for problem in (self.field.problems if self.field else ()) if problem.is_faulty]


@dataclass(frozen=True, slots=True)
class Section:
    """The slots of one part of the questionnaire; crispy-forms draws it as a part of the form's layout."""

    code: str
    title: str
    slots: tuple[Slot, ...]

    def render(self, _form: Any, context: Any, template_pack: str = TEMPLATE_PACK, **_: Any) -> str:  # noqa: ARG002
        """Return the section as HTML."""
        with context.push(section=self):
            return render_to_string("consultations/intake_section.html", context.flatten())

    @property
    def is_asked(self) -> bool:
        """Whether any of its questions is asked."""
        return any(slot.field for slot in self.slots)


@dataclass(frozen=True, slots=True)
class Live:
    """The outcome so far. `told`: none while no place is planned; `open`: the unanswered questions, code and words."""

    told: Told | None
    open: tuple[tuple[str, str], ...]
    answered: int
    asked: int


class SectionsForm(QuestionsForm):
    """The questions of an intake; crispy-forms draws them by its `helper`, section after section."""

    helper: FormHelper


class IntakePage:
    """The intake at `now`. `saved`: what became of the page that was just posted; `entry`: the operation to open."""

    def __init__(
        self, intake: Intake, case: Case, now: datetime, *, saved: Saved | None = None, entry: int | None = None
    ) -> None:
        self.intake, self.case, self.saved = intake, case, saved
        self.asked = {question.code: question for question in _asked(case)}
        self.form = SectionsForm(
            rule_set=case.rule_set,
            questions=tuple(self.asked.values()),
            answers=case.answers,
            at=case.at,
            entry=entry,
        )
        codes = tuple(self.asked)
        self.parts = PartsForm(None, case=case, intake=intake, noted=codes)
        self.beside = beside(case.rule_set, intake, now)
        self.sections = tuple(self._sections())
        self.form.helper = FormHelper()
        self.form.helper.form_tag = False
        self.form.helper.disable_csrf = True
        self.form.helper.layout = Layout(*self.sections)

    def _sections(self) -> Iterator[Section]:
        possible = questions_of(self.case.rule_set, self.case.plan, any_sites=True)
        for section in self.case.rule_set.sections:
            slots = tuple(self._slot(question) for question in possible if question.section == section.code)
            if slots:
                yield Section(section.code, section.title, slots)

    def _slot(self, question: Question) -> Slot:
        code, note = question.code, NOTE + question.code
        is_asked = code in self.asked
        return Slot(
            question=question,
            field=self._field(code) if is_asked else None,
            was=self.was(code),
            note=self._part(note) if is_asked else None,
            note_was=self.was(note),
            beside=self.beside.get(code),
            conflicts=tuple(one for one in self.conflicts if one.code == code),
            is_again=code in self.asked_again,
        )

    def _field(self, code: str) -> BoundAnswer:
        """Return the question as it is kept; as it was typed where that could not be read."""
        posted = self.saved.form if self.saved else None
        form = posted if posted and code in posted.faulty() else self.form
        return form[code]  # type: ignore[return-value]

    def _part(self, name: str) -> Any:
        posted = self.saved.parts if self.saved else None
        return posted[name] if posted and name in posted.errors else self.parts[name]

    def was(self, part: str) -> str:
        """Return the mark of what a part holds."""
        return digest(held(self.intake, self.case, part))

    @property
    def conflicts(self) -> tuple[Difference, ...]:
        """What both the page's writer and another person changed."""
        return self.saved.conflicts if self.saved else ()

    @property
    def others(self) -> tuple[Difference, ...]:
        """What others changed, and are known for."""
        return tuple(one for one in self.saved.others if one.by) if self.saved else ()

    @property
    def asked_again(self) -> list[str]:
        """The questions that newer rules ask again and that are still open."""
        again = self.intake.marks.get(RULES, {}).get("asked", ())
        return [code for code in again if code in self.asked and code not in self.case.answers]

    @property
    def words_needed(self) -> list[Slot]:
        """The questions of a review that have to be talked about."""
        return [slot for slot in self._asked_slots() if slot.beside and slot.beside.needs_word]

    @property
    def differing(self) -> list[Slot]:
        """The questions answered otherwise than last time."""
        return [slot for slot in self._asked_slots() if slot.beside and slot.beside.differs]

    @property
    def told_then(self) -> list[Slot]:
        """The questions not answered yet that had another than the plain safe answer last time."""
        waiting = [slot for slot in self._asked_slots() if slot.code not in self.case.answers]
        return [slot for slot in waiting if slot.beside and slot.beside.is_notable and not slot.beside.differs]

    def _asked_slots(self) -> list[Slot]:
        return [slot for section in self.sections for slot in section.slots if slot.field]

    @property
    def faulty(self) -> list[tuple[str, str, str]]:
        """What could not be read: the id of its input, its question, and the cure."""
        return [
            (slot.field.field.target(slot.field.auto_id, problem.part), slot.field.heading, problem.message)
            for slot in self._asked_slots()
            if slot.field
            for problem in slot.problems
        ]

    @property
    def places(self) -> Any:
        """The places to choose; none where the treatment fixes them."""
        return self._part(SITES) if self.parts.chooses_places else None

    @property
    def goals(self) -> Any:
        """The goals to choose."""
        return self._part(GOALS)

    @property
    def rules(self) -> str:
        """The rules that the page is drawn by."""
        return " ".join(pin_of(self.case.rule_set))

    @property
    def sites_was(self) -> str:
        """The mark of the planned places."""
        return self.was(SITES)

    @property
    def goals_was(self) -> str:
        """The mark of the goals."""
        return self.was(GOALS)

    @property
    def live(self) -> Live:
        """The outcome so far."""
        return live(self.case, self.asked)

    @property
    def treatment(self) -> str:
        """The treatment's name."""
        return self.case.rule_set.treatments[self.case.plan.treatment].name

    @property
    def place_names(self) -> list[str]:
        """The planned places."""
        sites = self.case.rule_set.sites
        return [sites[code].name for code in planned_sites(self.case.rule_set, self.case.plan)]

    @property
    def goal_names(self) -> list[str]:
        """The chosen goals."""
        return [self.case.rule_set.goals[code].name for code in self.case.plan.goals]

    @property
    def plan_faults(self) -> list[tuple[str, str]]:
        """What is wrong with places, goals or notes: the id of the input and the cure."""
        errors = self.saved.parts.errors if self.saved else {}
        return [
            (self.parts.first_place() if part == SITES else f"id_{part}", str(message))
            for part, messages in errors.items()
            for message in messages
        ]

    @property
    def wrong(self) -> str:
        """The questions that a fault is said at."""
        return " ".join(slot.code for slot in self._asked_slots() if slot.problems)

    @property
    def slots_again(self) -> list[Slot]:
        """The questions that newer rules ask again."""
        return [slot for slot in self._asked_slots() if slot.is_again]

    def slots(self, codes: Collection[str]) -> list[Slot]:
        """Return the slots of these questions."""
        return [slot for section in self.sections for slot in section.slots if slot.code in codes]


def _asked(case: Case) -> tuple[Question, ...]:
    return questions_asked(case.rule_set, case.plan, case.answers, case.at)


def live(case: Case, asked: Collection[str]) -> Live:
    """Return the outcome so far of a case in which these questions are asked."""
    required = [code for code in asked if case.rule_set.questions[code].required]
    if case.outcome is None:
        missing = [code for code in required if code not in case.answers]
        return Live(None, (), len(required) - len(missing), len(required))
    told = for_practitioner(case.rule_set, case.outcome, case.plan)
    words, order = dict(zip(case.outcome.missing, told.missing, strict=True)), list(asked)
    open_ones = tuple((code, words[code]) for code in sorted(words, key=order.index))
    return Live(told, open_ones, len(required) - len(open_ones), len(required))
