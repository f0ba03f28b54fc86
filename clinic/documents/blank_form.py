"""Document 6: the whole questionnaire of a treatment on paper, with its logic. Everything on it follows from data."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count, groupby

from django.utils.text import capfirst

from clinic.documents.blank_form_logic import Logic, either
from clinic.documents.maps import BodyMap, body_map_of
from clinic.documents.paper import Letterhead, Unstored
from clinic.documents.signature_lines import SignatureLine
from screening.engine.answers import Plan
from screening.engine.flow import plannable, questions_of
from screening.engine.order import in_order, positions
from screening.engine.planning import barred_for_good, goals_for
from screening.engine.rule_set import REGIONS, Question, RuleSet
from screening.fields.choosing import HEADINGS

_MOST_LINES = 46
_SIGNERS = ("Person to be treated", "Who answered for them, or interpreted", "Practitioner")


@dataclass(frozen=True, slots=True)
class Box:
    """An answer to tick. `then`: the questions that it brings up, such as "14 and 15"."""

    label: str
    then: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A number to write. `name`: which, where a question asks for several; `lowest`, `highest`: what can be right."""

    name: str
    lowest: str
    highest: str


@dataclass(frozen=True, slots=True)
class BlankQuestion:
    """One question. `only_if`: when it is to be answered, in words; empty: always."""

    number: int
    kind: str
    wording: str
    help: str
    why: str
    only_if: str
    required: bool
    boxes: tuple[Box, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class BlankSection:
    title: str
    questions: tuple[BlankQuestion, ...]


@dataclass(frozen=True, slots=True)
class BlankPart:
    """What one person fills in at one time."""

    title: str
    lead: str
    sections: tuple[BlankSection, ...]


@dataclass(frozen=True, slots=True)
class BlankPlace:
    """A place in the list. `may_be_planned`: whether it can be treated at all."""

    name: str
    may_be_planned: bool


@dataclass(frozen=True, slots=True)
class PlaceList:
    """The places of one part of the body."""

    title: str
    places: tuple[BlankPlace, ...]


@dataclass(frozen=True, slots=True)
class PlaceColumn:
    """What places are ticked for. `head`: over the boxes; `is_plan`: for the places that are to be treated."""

    head: str
    words: str
    is_plan: bool = False


@dataclass(frozen=True, slots=True)
class BlankForm:
    """The form.

    `fixed`: the places of a fixed plan by name; with it nobody chooses where. `again`: the questions that are asked
    before every session, too. `columns`: of the list of places; the first is for those to be treated, but for a fixed
    plan. `sheets`: the lists that stand below one another, each beside the next. `rule_set`: code, version, digest.
    """

    treatment: str
    description: str
    note: str
    fixed: tuple[str, ...]
    goals: tuple[str, ...]
    parts: tuple[BlankPart, ...]
    again: str
    columns: tuple[PlaceColumn, ...]
    sheets: tuple[tuple[PlaceList, ...], ...]
    map: BodyMap
    signatures: tuple[SignatureLine, ...]
    rule_set: tuple[str, str, str]


def blank_form(
    rule_set: RuleSet, treatment: str, suit_sites: Collection[str], letterhead: Letterhead, at: datetime
) -> Unstored:
    """Return the form of a treatment that can be screened. `at`: aware; what no answer opens on that day is marked."""
    page = blank_page(rule_set, treatment, suit_sites, at)
    return Unstored("blank_form.html", f"Questionnaire: {page.treatment}", letterhead, page)


def blank_page(rule_set: RuleSet, treatment: str, suit_sites: Collection[str], at: datetime) -> BlankForm:
    """Return what the form says. `suit_sites`: what a clinic's suit drives besides the places of a fixed plan."""
    planned = rule_set.treatments[treatment]
    may_be_planned = plannable(rule_set, planned)
    asked = questions_of(rule_set, Plan(treatment, (), "session"), any_sites=True)
    fixed = planned.plan == "fixed"
    places = [code for code in may_be_planned if code in {*planned.fixed_sites, *suit_sites}] if fixed else []
    groups = _groups(asked)
    numbers = dict(zip((question.code for _, _, some in groups for question in some), count(1), strict=False))
    barred = barred_for_good(rule_set, treatment, tuple(may_be_planned), at)
    return BlankForm(
        treatment=planned.name,
        description=planned.description,
        note=planned.note,
        fixed=tuple(rule_set.sites[code].name for code in places),
        goals=tuple(goal.name for goal in goals_for(rule_set, may_be_planned)),
        parts=tuple(_part(rule_set, title, lead, some, Logic(rule_set, numbers)) for title, lead, some in groups),
        again=_listed(numbers[question.code] for question in asked if question.afresh),
        columns=tuple(_columns(asked, numbers, fixed=fixed)),
        sheets=tuple(_sheets(_lists(rule_set, set(may_be_planned).difference(barred)))),
        map=body_map_of(rule_set, dict.fromkeys(rule_set.sites, "blank"), whose="Your"),
        signatures=tuple(SignatureLine(signer) for signer in _SIGNERS),
        rule_set=(rule_set.code, rule_set.version, rule_set.digest),
    )


def _groups(asked: Iterable[Question]) -> list[tuple[str, str, list[Question]]]:
    """Return the questions by who fills them in, and when; in each the order in which they are put."""
    parts: list[tuple[str, str, list[Question]]] = [
        ("Your questions", "", []),
        ("Asked or measured by your practitioner", "Leave this part to them.", []),
        ("Before every session", "Asked on the day, before the current starts.", []),
    ]
    for question in asked:
        parts[2 if question.stage == "session" else question.asked_by != "patient"][2].append(question)
    return [part for part in parts if part[2]]


def _part(rule_set: RuleSet, title: str, lead: str, questions: list[Question], logic: Logic) -> BlankPart:
    titles = {section.code: section.title for section in rule_set.sections}
    return BlankPart(
        title,
        lead,
        tuple(
            BlankSection(titles[code], tuple(_question(question, logic) for question in some))
            for code, some in groupby(questions, lambda question: question.section)
        ),
    )


def _question(question: Question, logic: Logic) -> BlankQuestion:
    return BlankQuestion(
        number=logic.numbers[question.code],
        kind=question.kind,
        wording=question.wording,
        help=question.help,
        why=question.why,
        only_if=logic.only_if(question),
        required=question.required,
        boxes=tuple(Box(choice.label, _listed(logic.leads_to(question, choice.code))) for choice in question.choices),
        measures=tuple(
            Measure(name if len(question.ranges) > 1 else "", str(lowest), str(highest))
            for name, (lowest, highest) in question.ranges.items()
        ),
    )


def _columns(asked: Iterable[Question], numbers: Mapping[str, int], *, fixed: bool) -> Iterable[PlaceColumn]:
    if not fixed:
        yield PlaceColumn("Treat", "Where would you like to be treated?", is_plan=True)
    for question in asked:
        if question.kind == "sites":
            number = numbers[question.code]
            yield PlaceColumn(str(number), question.wording)


def _lists(rule_set: RuleSet, may_be_planned: Collection[str]) -> Iterable[PlaceList]:
    order = positions(rule_set.sites)
    for region in REGIONS:
        codes = in_order([code for code, site in rule_set.sites.items() if site.region == region], order)
        places = [BlankPlace(capfirst(rule_set.sites[code].name), code in may_be_planned) for code in codes]
        if places:
            yield PlaceList(str(HEADINGS[region]), tuple(places))


def _sheets(lists: Iterable[PlaceList]) -> Iterable[tuple[PlaceList, ...]]:
    """Yield the lists that fit below one another on a page."""
    together: list[PlaceList] = []
    for one in lists:
        if sum(map(_height, (*together, one))) > _MOST_LINES and together:
            yield tuple(together)
            together = []
        together.append(one)
    yield tuple(together)


def _height(one: PlaceList) -> int:
    # Its title and its head take the room of three places.
    return len(one.places) + 3


def _listed(numbers: Iterable[int]) -> str:
    """Return numbers as people list them: "14, 15 and 16"; nothing where there are none."""
    ordered = sorted(numbers)
    return either(map(str, ordered), "and") if ordered else ""
