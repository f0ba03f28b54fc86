"""Stored screenings for the tests of what is made of them."""

from dataclasses import replace

from django.utils import timezone

from clinic.consultations.comparing import changes, prefill
from clinic.consultations.models import Intake
from clinic.screenings.models import Door
from clinic.screenings.reviews import review
from clinic.screenings.store import store
from screening.rulesets import published
from tests.clinic.screenings.invented import a_case, a_link, a_sending


def a_screening(patient, *, by, at=None, door=Door.INTAKE, role="practitioner", case=None, **given):
    """A screening of staff; what is no column of it is an answer."""
    columns = {name: given.pop(name) for name in ("notes", "changes", "corrects", "why", "based_on") if name in given}
    case = case or a_case(**given)
    return store(
        clinic=patient.clinic, patient=patient, rule_set=published(), plan=case.plan, answers=case.answers,
        at=at or timezone.now(), door=door, by=by, role=role, **columns,
    )  # fmt: skip


def an_invited_sending(clinic, **answers):
    invitation, _ = a_link(clinic)
    return a_sending(clinic=clinic, invitation=invitation, case=a_case(**answers))


def a_review_of(sending, *, by, **answers):
    """The intake of a review, as it starts, and then with `answers` typed by `by`."""
    began = prefill(sending, published())
    mark = {"by": by.name, "at": timezone.now().isoformat(), "revision": 2}
    return Intake.objects.create(
        clinic=sending.clinic, patient=sending.screening.patient, treatment=sending.screening.treatment,
        sending=sending, answers=began.answers | answers, sites=began.sites, goals=began.goals,
        marks=dict.fromkeys(answers, mark), opened_by=by, changed_by=by,
    )  # fmt: skip


def reviewed(sending, *, by, **answers):
    """The screening that a review of the sending came to."""
    intake = a_review_of(sending, by=by, **answers)
    case = a_case(**intake.answers)
    case = replace(case, answers={code: case.answers[code] for code in intake.answers})
    screening = a_screening(
        intake.patient, by=by, door=Door.REVIEW, case=case, changes=changes(intake, published()),
        based_on=sending.screening,
    )  # fmt: skip
    review(sending, by=by, screening=screening)
    intake.delete()
    return screening
