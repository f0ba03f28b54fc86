from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import transaction

from clinic.events import record
from clinic.people.models import User
from clinic.people.team import take_second_factor


class Command(BaseCommand):
    """Resets a person's lost second factor, where no owner can: their only owner's own, or one for several clinics."""

    help = "Resets a person's lost second factor. Be sure first that it is they who ask."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the e-mail they sign in with")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        with transaction.atomic():
            user = User.objects.filter(email=email.lower()).first()
            if user is None:
                raise CommandError("Nobody signs in with this e-mail.")
            take_second_factor(user)
            record("second factor reset on the server", about=user)
        self.stdout.write(f"{user.email} is signed out everywhere, and sets up a second factor at the next sign-in.")
