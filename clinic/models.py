"""Every room's models in one place, so that the clinic has one migration history."""

from clinic.people.models import User

__all__ = ["User"]
