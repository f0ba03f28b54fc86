"""What an owner finds in the trail: the clinic's events, and what its people did that belongs to no clinic."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from clinic.events import Event
from clinic.people.clinics import Clinic, Membership
from clinic.people.patients import Patient
from clinic.privacy.spreadsheets import harmless
from clinic.privacy.trail_kinds import KINDS, SEEN

ON_A_PAGE = 50
# So many rows of an export are in memory at a time.
AT_A_TIME = 500
HEADER = ("number", "at", "who", "action", "about", "patient number", "patient", "from")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `person`, `patient`: keys; `kind`: one of KINDS; the days are the clinic's, both included."""

    person: int | None = None
    patient: int | None = None
    kind: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of events, the newest first. `older`: the key before which the next one begins; none on the last."""

    events: list[Event]
    older: int | None


def events_of(clinic: Clinic, members: Iterable[Membership], wanted: Wanted) -> QuerySet[Event]:
    """Return the events that a clinic's owner may see, as far as they are wanted, the newest first."""
    people = [one.user_id for one in members]
    # Signing in, and a second factor, belong to a person and to no clinic.
    own = Q(actor__in=people) | Q(about__in=[f"user {key}" for key in people])
    found: QuerySet[Event] = Event.objects.filter(Q(clinic=clinic) | Q(clinic=None) & own)
    if wanted.person:
        found = found.filter(actor=wanted.person)
    if wanted.patient:
        found = found.filter(patient=wanted.patient)
    if wanted.kind:
        found = found.filter(KINDS[wanted.kind][1])
    if wanted.first:
        found = found.filter(at__gte=clinic.midnight(wanted.first))
    if wanted.last:
        found = found.filter(at__lt=clinic.midnight(wanted.last + timedelta(days=1)))
    return found.select_related("actor", "patient").order_by("-pk")


def seen_of(patient: Patient) -> QuerySet[Event]:
    """Return who looked at a patient's record, or took something out of it, the newest first."""
    whose = Q(patient=patient)
    # A stranger's self-check was read before anybody knew whose it is, or while it was thought to be another's.
    if sent := [f"sending {key}" for key in patient.matches.values_list("sending", flat=True)]:
        whose |= Q(clinic=patient.clinic_id, about__in=sent)
    found: QuerySet[Event] = Event.objects.filter(SEEN, whose).select_related("actor").order_by("-pk")
    return found


def page_of(found: QuerySet[Event], before: int | None) -> Page:
    """Return the newest events, or those below a key."""
    rows = list((found.filter(pk__lt=before) if before else found)[: ON_A_PAGE + 1])
    shown = rows[:ON_A_PAGE]
    return Page(shown, shown[-1].pk if len(rows) > ON_A_PAGE else None)


def names_of(members: Iterable[Membership]) -> dict[str, str]:
    """Return the names of the people whom events are about, by what an event says of them."""
    named: dict[str, str] = {}
    for one in members:
        named |= {f"membership {one.pk}": one.user.name, f"user {one.user_id}": one.user.name}
    return named


def lines_of(found: QuerySet[Event], clinic: Clinic) -> Iterator[list[str]]:
    """Yield the lines of an export, its header first, in constant memory; times are the clinic's, with their offset."""
    yield list(HEADER)
    for event in found.iterator(chunk_size=AT_A_TIME):
        yield [
            str(event.pk),
            event.at.astimezone(clinic.zone).isoformat(timespec="seconds"),
            harmless(event.actor.name if event.actor else ""),
            harmless(event.action),
            event.about,
            str(event.patient_id or ""),
            harmless(event.patient.name if event.patient else ""),
            event.address or "",
        ]
