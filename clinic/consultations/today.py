"""The diary of one day as a list: who comes, how far they are, and what comes next with each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from clinic.consultations.models import Session
from clinic.consultations.progress import Progress, progress_of
from clinic.people.clinics import Clinic
from clinic.people.diary import Visit
from clinic.people.offered import treatment_names


@dataclass(frozen=True, slots=True)
class Row:
    """One visit. `treatment`: its name; `progress`: none on a day that is over; `was_treated`: a session took place."""

    visit: Visit
    treatment: str
    progress: Progress | None
    was_treated: bool


def visits_of(clinic: Clinic, day: date) -> QuerySet[Visit]:
    """Return the visits of a day on the clinic's calendar, in their order, the cancelled ones too."""
    begins, ends = clinic.midnight(day), clinic.midnight(day + timedelta(days=1))
    visits = Visit.objects.filter(clinic=clinic, starts_at__gte=begins, starts_at__lt=ends)
    return visits.select_related("patient", "practitioner").order_by("starts_at", "id")


def rows_of(clinic: Clinic, day: date, visits: Iterable[Visit], now: datetime) -> list[Row]:
    """Return visits of one day as rows; as many queries for one as for a page of them."""
    shown, names = list(visits), treatment_names()
    pairs = {(visit.patient_id, visit.treatment) for visit in shown}
    is_over = day < now.astimezone(clinic.zone).date()
    # A coming day is read as it will begin: what has ended by then does not count.
    progress = {} if is_over else progress_of(clinic, pairs, max(now, clinic.midnight(day)))
    treated = _treated(clinic, day, {patient_id for patient_id, _ in pairs}) if is_over else set()
    rows = []
    for visit in shown:
        pair = visit.patient_id, visit.treatment
        name = names.get(visit.treatment, visit.treatment)
        rows.append(Row(visit, name, progress.get(pair), pair in treated))
    return rows


def _treated(clinic: Clinic, day: date, ids: set[int]) -> set[tuple[int, str]]:
    begins, ends = clinic.midnight(day), clinic.midnight(day + timedelta(days=1))
    sessions = Session.objects.filter(clinic=clinic, patient__in=ids, at__gte=begins, at__lt=ends, voided=None)
    return set(sessions.values_list("patient_id", "treatment"))
