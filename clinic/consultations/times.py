"""How far a course is: sessions done and left, and when the next may be."""

from dataclasses import dataclass
from datetime import date, timedelta

from clinic.consultations.models import Decision, Session
from clinic.people.clinics import Clinic


@dataclass(frozen=True, slots=True)
class Course:
    """A decision's course so far. `left`: none where no number was decided; `next_on`: none without an interval."""

    done: int
    planned: int | None
    left: int | None
    next_on: date | None


def course_of(clinic: Clinic, decision: Decision) -> Course:
    """Return how far the course of a decision is; sessions that were voided do not count. Two queries."""
    counted = Session.objects.filter(decision=decision, voided=None)
    done, newest = counted.count(), counted.order_by("-at").first()
    planned, interval = decision.course.get("sessions"), decision.course.get("interval_days")
    next_on = None
    if newest and interval:
        next_on = newest.at.astimezone(clinic.zone).date() + timedelta(days=interval)
    return Course(done, planned, max(planned - done, 0) if planned else None, next_on)
