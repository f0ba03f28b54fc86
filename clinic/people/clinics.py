"""The clinic: who it is, what it offers and by which rules of its own it works."""

import zoneinfo
from datetime import date, datetime, time, tzinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

SLUG = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Use small letters, digits and single hyphens, such as park-street."
)
# A screening is good for six months at most: the catalogue's floor, section 6.
LONGEST_VALIDITY = 6


def check_time_zone(name: str) -> None:
    """Raise ValidationError where `name` is no time zone, such as Europe/London."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("Choose a time zone from the list, such as Europe/London.")


class Clinic(models.Model):
    """A practice that screens people. Its rows are its own: nothing is shared between clinics.

    `treatments` are the codes it offers, `suit_sites` the places that its suit drives besides the fixed plan.
    `lowest_age` in years, `link_days` in days, `validity_months` in calendar months; `keep_years`: how long what
    a person sends is kept, as they are told. `consent_months`: a consent ends so many calendar months after it was
    signed; `consent_version` names the clinic's own form that is signed on paper.
    """

    class Accent(models.TextChoices):
        PETROL = "petrol", "Petrol"
        INK = "ink", "Ink blue"
        FOREST = "forest", "Forest"
        OLIVE = "olive", "Olive"
        CLAY = "clay", "Clay"
        WINE = "wine", "Wine"
        PLUM = "plum", "Plum"
        SLATE = "slate", "Slate"

    name = models.CharField(max_length=120)
    slug = models.CharField("address", max_length=60, unique=True, validators=[SLUG])
    street = models.CharField("street and town", max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField("e-mail", blank=True)
    read_when = models.CharField(
        "when answers are read", max_length=120, blank=True, help_text="Such as: Monday to Friday, 9 to 17."
    )
    time_zone = models.CharField(max_length=60, default="Europe/London", validators=[check_time_zone])
    accent = models.CharField(max_length=10, choices=Accent.choices, default=Accent.PETROL)
    logo = models.BinaryField(blank=True, default=b"", editable=True)
    logo_type = models.CharField(max_length=20, blank=True)
    lowest_age = models.PositiveSmallIntegerField(default=18, validators=[MinValueValidator(1), MaxValueValidator(99)])
    link_days = models.PositiveSmallIntegerField(default=14, validators=[MinValueValidator(1), MaxValueValidator(90)])
    validity_months = models.PositiveSmallIntegerField(
        default=LONGEST_VALIDITY, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_VALIDITY)]
    )
    keep_years = models.PositiveSmallIntegerField(default=10, validators=[MinValueValidator(1), MaxValueValidator(99)])
    consent_months = models.PositiveSmallIntegerField(
        default=12, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    consent_version = models.CharField("version of the consent form", max_length=40, default="1")
    treatments = models.JSONField(default=list, blank=True)
    suit_sites = models.JSONField(default=list, blank=True)
    history = HistoricalRecords(excluded_fields=["logo"])

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> tzinfo:
        """The clinic's time zone."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def owners(self) -> "models.QuerySet[Membership]":
        """The memberships of its owners, as far as these may sign in."""
        return self.memberships.filter(role=Membership.Role.OWNER, suspended=False, user__is_active=True)

    def now(self) -> datetime:
        """Return the time on the clinic's clock, aware of its offset."""
        return timezone.now().astimezone(self.zone)

    def midnight(self, day: date) -> datetime:
        """Return when a day begins on the clinic's clock."""
        return datetime.combine(day, time.min, self.zone)


class Device(models.Model):
    """A machine that the clinic treats with."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="devices")
    make = models.CharField(max_length=120)
    model = models.CharField(max_length=120)
    serial_number = models.CharField(max_length=120, blank=True)
    in_use = models.BooleanField(default=True)

    class Meta:
        ordering = ["make", "model", "id"]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.make, self.model, self.serial_number)))


class Membership(models.Model):
    """A person's work at a clinic. Somebody suspended keeps the row and loses the rights."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        SUPERVISOR = "supervisor", "Supervisor"
        PRACTITIONER = "practitioner", "Practitioner"
        RECEPTION = "reception", "Reception"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    suspended = models.BooleanField(default=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("clinic", "user", name="one_membership_at_a_clinic")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} at {self.clinic}"

    @property
    def is_clinical(self) -> bool:
        """Whether this person may see health answers; reception never does."""
        return self.role in CLINICAL


CLINICAL = (Membership.Role.OWNER, Membership.Role.SUPERVISOR, Membership.Role.PRACTITIONER)
# Who countersigns a decision against advice, and is told of an adverse event.
SUPERVISING = (Membership.Role.OWNER, Membership.Role.SUPERVISOR)
EVERYBODY = tuple(Membership.Role)
