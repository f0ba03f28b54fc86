"""The self-checks that wait for somebody's review: how many, for every staff page, and the list of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from clinic.people.clinics import Clinic
from clinic.screenings.models import AwaitingReview
from screening.engine.rule_set import URGENCIES

URGENT = URGENCIES.index("urgent")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many self-checks wait for a review at one clinic, and how many of them are urgent."""

    number: int
    urgent: int


def waiting_at(clinic: Clinic) -> Waiting:
    """Return how many wait at a clinic, with one query over the waiting ones alone."""
    found = AwaitingReview.objects.filter(clinic=clinic)
    return Waiting(**found.aggregate(number=Count("pk"), urgent=Count("pk", Q(urgency=URGENT))))


def waiting(request: HttpRequest) -> dict[str, Any]:
    """Take a request, give `waiting` to those who may see answers; it is counted where a page shows it."""
    membership = getattr(request, "membership", None)
    if membership is None or not membership.is_clinical:
        return {}
    return {"waiting": SimpleLazyObject(lambda: waiting_at(membership.clinic))}


def awaiting_review(clinic: Clinic) -> QuerySet[AwaitingReview]:
    """Return what waits at a clinic: the urgent first, then whoever has waited longest."""
    return AwaitingReview.objects.filter(clinic=clinic).select_related("sending__screening", "patient")
