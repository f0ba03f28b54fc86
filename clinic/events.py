"""The trail: who did what, when and from where. Rows are added and never changed; they hold no health data."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone


class AppendOnlyError(TypeError):
    """Somebody tried to change or remove what is only ever added to."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Refuses what would change rows that are only ever added to."""

    def update(self, **fields: Any) -> int:  # noqa: ARG002
        """Refuse."""
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise AppendOnlyError(f"{self.model.__name__} rows are never removed.")

    def bulk_create(self, *args: Any, **options: Any) -> list[Any]:
        """Store new rows; one that is there already is never written over."""
        if options.get("update_conflicts"):
            raise AppendOnlyError(f"{self.model.__name__} rows are never changed.")
        return super().bulk_create(*args, **options)


class AppendOnlyModel(models.Model):
    """A row that is written once. Saving it again, or deleting it, raises AppendOnlyError."""

    objects: ClassVar[models.Manager[Any]] = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Store a new row."""
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are never changed.")
        # Django would write over a row that has the same key.
        options["force_insert"] = True
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:  # noqa: ARG002
        """Refuse."""
        raise AppendOnlyError(f"{type(self).__name__} rows are never removed.")


class OneDoorError(TypeError):
    """Somebody tried to make a row past the one service that makes such rows."""


_OPEN_DOORS: ContextVar[frozenset[type[models.Model]]] = ContextVar("open doors", default=frozenset())


class OneDoorQuerySet(AppendOnlyQuerySet):
    """Makes no rows in bulk: each has to come through the door."""

    def bulk_create(self, *_: Any, **__: Any) -> list[Any]:
        """Refuse."""
        raise OneDoorError(f"{self.model.__name__} rows are made one by one, by their own service.")


class OneDoorModel(AppendOnlyModel):
    """A row that one service alone makes, inside `with Model.door():`. Saving it elsewhere raises OneDoorError."""

    objects: ClassVar[models.Manager[Any]] = OneDoorQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Store a new row."""
        if type(self) not in _OPEN_DOORS.get():
            raise OneDoorError(f"{type(self).__name__} rows are made by their own service only.")
        super().save(*args, **options)

    @classmethod
    @contextmanager
    def door(cls) -> Iterator[None]:
        """Let rows of this model be made inside, for the service that has checked them."""
        token = _OPEN_DOORS.set(_OPEN_DOORS.get() | {cls})
        try:
            yield
        finally:
            _OPEN_DOORS.reset(token)


# So many characters an event's action has at most.
LONGEST_ACTION = 60


class Event(AppendOnlyModel):
    """One thing that was done. `about` names a row (`link 12`), never what it holds."""

    clinic = models.ForeignKey("clinic.Clinic", null=True, on_delete=models.PROTECT, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("clinic.Patient", null=True, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=LONGEST_ACTION)
    about = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["clinic", "-id"], name="event_of_clinic"),
            models.Index(fields=["patient", "-id"], name="event_of_patient"),
            models.Index(fields=["actor", "patient", "action", "-at"], name="event_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.about}"


def record(  # noqa: PLR0913
    action: str,
    *,
    clinic: Any = None,
    patient: Any = None,
    about: models.Model | None = None,
    request: HttpRequest | None = None,
    actor: Any = None,
    at: datetime | None = None,
) -> None:
    """Add an event to the trail.

    `action`: a few words in the past tense, such as "link made". `about`: the row it happened to; only its kind and
    number are kept. The signed-in person of `request` is the actor unless one is given.
    """
    if actor is None and request is not None and request.user.is_authenticated:
        actor = request.user
    Event(
        action=action,
        clinic=clinic,
        patient=patient,
        actor=actor,
        about="" if about is None else f"{about._meta.model_name} {about.pk}",
        at=at or timezone.now(),
        address=None if request is None else _address(request),
    ).save(force_insert=True)


# What comes again and again, such as a look at the same page, is in the trail once within it.
ONCE_IN = timedelta(minutes=15)


def lately(action: str, actor: Any) -> "models.QuerySet[Event]":
    """Return the events of the last quarter of an hour of one kind and one person; none of a clock that ran ahead."""
    now = timezone.now()
    found: models.QuerySet[Event] = Event.objects.filter(actor=actor, action=action, at__gt=now - ONCE_IN, at__lte=now)
    return found


def record_refusal(action: str, *, request: HttpRequest, patient: Any = None, **known: Any) -> None:
    """Add a refusal to the trail, once in a quarter of an hour for each person, patient and address."""
    actor = request.user if request.user.is_authenticated else None
    if not lately(action, actor).filter(patient=patient, address=_address(request)).exists():
        record(action, request=request, patient=patient, **known)


def _address(request: HttpRequest) -> str | None:
    """Return where a request came from, without the network card's name (fe80::1%eth0), which PostgreSQL refuses.

    None where the server names no address.
    """
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0]))
    except ValueError:
        return None
