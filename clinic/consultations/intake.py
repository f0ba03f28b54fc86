"""The intake: the one draft of a patient's screening for a treatment, from its opening to the stored screening."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from clinic.consultations import comparing
from clinic.consultations.intake_readings import given_at, of_its_day
from clinic.consultations.models import Intake
from clinic.events import record
from clinic.people.clinics import Clinic, Membership
from clinic.people.patients import Patient
from clinic.screenings.models import Door, Screening, Sending, VoidedScreening
from clinic.screenings.reviews import AlreadyReviewed, review
from clinic.screenings.store import store
from clinic.screenings.stored import still_counts
from screening.engine.answer_reading import read_answer
from screening.engine.answers import Answer, Answers, Plan
from screening.engine.evaluate import evaluate
from screening.engine.faults import Faults
from screening.engine.flow import plannable, questions_asked
from screening.engine.outcome import Outcome
from screening.engine.rule_set import RuleSet
from screening.pins import pin_of
from screening.rulesets import pinned_set, published

# The parts of a draft besides its answers, as `marks` names them; a note's is its question with this before it.
SITES, GOALS, NOTE, RULES = "plan.sites", "plan.goals", "note.", "rules"


class IntakeError(Exception):
    """The intake cannot be opened or stored. Its text is a sentence for staff."""


@dataclass(frozen=True, slots=True)
class Case:
    """What an intake comes to at `at`, by the rules that it is asked by. `outcome`: none while no place is planned."""

    rule_set: RuleSet
    plan: Plan
    answers: Answers
    at: datetime
    outcome: Outcome | None


def open_intake(  # noqa: PLR0913
    *,
    clinic: Clinic,
    patient: Patient,
    treatment: str,
    by: Any,
    door: str = Door.INTAKE,
    sending: Sending | None = None,
    corrects: Screening | None = None,
    why: str = "",
    answered_at: datetime | None = None,
    answers: Mapping[str, Any] | None = None,
    sites: Sequence[str] | None = None,
    goals: Sequence[str] | None = None,
    notes: Mapping[str, str] | None = None,
    request: HttpRequest | None = None,
) -> Intake:
    """Open the patient's one draft for a treatment, or go on with it, and return it.

    `answers` (JSON values), `sites`, `goals`, `notes`: what a new draft begins with. Raises IntakeError where the
    draft that is there was opened for something else, or the treatment is not offered; NotScreenable without rules.
    """
    if corrects is not None and not still_counts(corrects):
        raise IntakeError("This screening does not count any more, so there is nothing to correct.")
    rule_set = published()
    if treatment not in rule_set.treatments or rule_set.treatments[treatment].plan == "not-offered":
        raise IntakeError("There are no rules for this treatment.")
    begun: dict[str, Any] = {
        "clinic": clinic,
        "door": door,
        "rule_set": list(pin_of(rule_set)),
        "sending": sending,
        "corrects": corrects,
        "why": why,
        "answered_at": answered_at,
        "answers": dict(answers or {}),
        "sites": list(sites or ()),
        "goals": list(goals or ()),
        "notes": dict(notes or {}),
        "opened_by": by,
        "changed_by": by,
    }
    with transaction.atomic():
        intake, is_new = Intake.objects.get_or_create(patient=patient, treatment=treatment, defaults=begun)
        if is_new:
            record("intake opened", clinic=clinic, patient=patient, about=intake, request=request, actor=by)
        elif _is_for_another(intake, sending, corrects, answered_at):
            raise IntakeError("Another intake for this treatment is in the making. Store it or drop it first.")
    return intake


def _is_for_another(
    intake: Intake, sending: Sending | None, corrects: Screening | None, answered_at: datetime | None
) -> bool:
    """Return whether a draft was opened for something else than is asked for now; asked for nothing, it goes on."""
    wanted = (sending, corrects, answered_at)
    return any(wanted) and wanted != (intake.sending, intake.corrects, intake.answered_at)


def found(clinic: Clinic, intake_id: int) -> Intake:
    """Return a clinic's draft for reading; raises Intake.DoesNotExist."""
    return _of_clinic(Intake.objects.all(), clinic, intake_id)


def locked(clinic: Clinic, intake_id: int) -> Intake:
    """Return a clinic's draft for writing, inside a transaction; raises Intake.DoesNotExist."""
    return _of_clinic(Intake.objects.select_for_update(of=("self",)), clinic, intake_id)


def _of_clinic(rows: QuerySet[Intake], clinic: Clinic, intake_id: int) -> Intake:
    joined = ("patient", "sending__screening", "corrects", "changed_by")
    intake: Intake = rows.select_related(*joined).get(clinic=clinic, pk=intake_id)
    intake.clinic = clinic
    return intake


def case_of(intake: Intake, now: datetime) -> Case:
    """Return what an intake comes to; nothing is stored. `now`: on the clinic's clock. Raises NotScreenable."""
    asked_by = pinned_set(intake.rule_set)
    rule_set = asked_by or published()
    at = intake.answered_at.astimezone(intake.clinic.zone) if intake.answered_at else now
    plan = plan_of(intake, rule_set)
    # By other rules than they were given for, answers mean nothing: `renew` sorts out which still hold.
    answers = of_its_day(intake, rule_set, read_answers(rule_set, intake.answers), at) if asked_by else {}
    has_places = bool(plan.sites) or rule_set.treatments[plan.treatment].plan == "fixed"
    # Without a place nothing can speak against it: such an outcome would be a false "clear".
    outcome = evaluate(rule_set, answers, plan, at) if has_places else None
    return Case(rule_set, plan, answers, at, outcome)


def plan_of(intake: Intake, rule_set: RuleSet) -> Plan:
    """Return the plan of an intake; the places of a fixed one are the treatment's and those of the clinic's suit."""
    treatment = rule_set.treatments[intake.treatment]
    chosen, allowed = intake.sites, plannable(rule_set, treatment)
    if treatment.plan == "fixed":
        chosen = intake.clinic.suit_sites
    sites = tuple(site for site in chosen if site in allowed)
    return Plan(treatment.code, sites, "consultation", tuple(goal for goal in intake.goals if goal in rule_set.goals))


def read_answers(rule_set: RuleSet, written: Mapping[str, Any]) -> dict[str, Answer]:
    """Return answers written as JSON as typed values; one that these rules cannot read counts as not given."""
    found: dict[str, Answer] = {}
    for code, value in written.items():
        question, faults = rule_set.questions.get(code), Faults()
        answer = read_answer(rule_set, question, value, None, faults) if question else None
        if answer is not None and not faults.lines:
            found[code] = answer
    return found


def save_answers(intake: Intake, changed: Mapping[str, Any], *, by: Any, now: datetime) -> None:
    """Keep the changed parts of a locked draft, each marked with who changed it and when, and save it.

    `changed`: JSON values by question (None: no answer now), by `SITES`, `GOALS` or `NOTE` + question. Answers to
    questions that are asked no more go, so that none comes back later unasked.
    """
    if not changed:
        return
    intake.revision += 1
    mark = {"by": by.name, "at": now.isoformat(), "revision": intake.revision}
    for part, value in changed.items():
        _write(intake, part, value)
        intake.marks[part] = mark
    _prune(intake, now)
    intake.changed_by, intake.changed_at = by, now
    intake.save()


def _write(intake: Intake, part: str, value: Any) -> None:
    if part == SITES:
        intake.sites = list(value)
    elif part == GOALS:
        intake.goals = list(value)
    else:
        kept, code = (intake.notes, part.removeprefix(NOTE)) if part.startswith(NOTE) else (intake.answers, part)
        kept.pop(code, None)
        if value not in (None, ""):
            kept[code] = value


def _prune(intake: Intake, now: datetime) -> None:
    case = case_of(intake, now)
    if case.outcome is None:
        return
    asked = {question.code for question in questions_asked(case.rule_set, case.plan, case.answers, case.at)}
    for code in [code for code in intake.answers if code not in asked]:
        del intake.answers[code]
        intake.marks.pop(code, None)


@transaction.atomic
def complete(intake: Intake, *, membership: Membership, request: HttpRequest) -> Screening:
    """Store the intake as a screening of staff, end the draft and the wait of the self-check it reviews.

    Raises IntakeError where no place is planned or the self-check was dealt with meanwhile; what is not answered is
    allowed, and screens as undetermined.
    """
    intake = locked(membership.clinic, intake.pk)
    case = _storable(intake, membership.clinic.now())
    screening = store(
        clinic=intake.clinic,
        patient=intake.patient,
        rule_set=case.rule_set,
        plan=case.plan,
        answers=case.answers,
        at=case.at,
        door=intake.door,
        by=request.user,
        role=membership.role,
        oldest_at=oldest_at(intake, case),
        based_on=intake.sending.screening if intake.sending else None,
        corrects=intake.corrects,
        why=intake.why,
        notes=intake.notes,
        changes=comparing.changes(intake, case.rule_set),
    )
    if intake.sending:
        _review(intake.sending, screening, request)
    record("screening stored", clinic=intake.clinic, patient=intake.patient, about=screening, request=request)
    intake.delete()
    return screening


def _storable(intake: Intake, now: datetime) -> Case:
    """Return what a locked draft comes to; raises IntakeError where it cannot be stored so."""
    if intake.corrects and VoidedScreening.objects.filter(screening=intake.corrects).exists():
        raise IntakeError("The screening that this corrects was struck out meanwhile. Drop this intake.")
    if pin_of(published()) != tuple(intake.rule_set):
        raise IntakeError("The rules have changed. Look at what is asked again.")
    case = case_of(intake, now)
    if case.outcome is None:
        raise IntakeError("Choose at least one place first.")
    return case


def oldest_at(intake: Intake, case: Case) -> datetime:
    """Return when the oldest answer was given that an intake carries: from then on its screening is valid."""
    carried = [intake.sending.screening] if intake.sending else []
    carried += [intake.corrects] if intake.corrects else []
    ages = [screening.begun_at for screening in carried]
    ages += [given_at(intake, code) for code in case.answers]
    return min([case.at, *ages])


def _review(sending: Sending, screening: Screening, request: HttpRequest) -> None:
    try:
        review(sending, by=request.user, screening=screening, request=request)
    except AlreadyReviewed:
        raise IntakeError("Somebody has dealt with this self-check meanwhile. Drop this intake.") from None


@transaction.atomic
def drop(intake: Intake, request: HttpRequest) -> None:
    """End a draft without a screening; nothing of it stays, but that it was dropped."""
    record("intake dropped", clinic=intake.clinic, patient=intake.patient, about=intake, request=request)
    intake.delete()
