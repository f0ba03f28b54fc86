from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.text import slugify

from clinic.people.opening import open_clinic, password_path
from screening.rulesets import NotScreenable


class Command(BaseCommand):
    """Opens a clinic, and prints where its owner sets a password."""

    help = "Opens a clinic and prints a one-time address where its owner sets a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the clinic's name")
        parser.add_argument("--owner", required=True, help="the owner's e-mail")
        parser.add_argument("--slug", help="its part of addresses, such as park-street; left out: made from the name")
        parser.add_argument("--site", default=site(), help=f"where this site answers; left out: {site()}")

    def handle(self, *args: Any, name: str, owner: str, slug: str | None, site: str, **options: Any) -> None:
        try:
            clinic, user = open_clinic(name, slug or slugify(name), owner)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except NotScreenable as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{clinic.name} is open at {site}/c/{clinic.slug}/")
        if user.has_usable_password():
            self.stdout.write(f"{user.email} has a password already, and signs in at {site}/sign-in/")
        else:
            self.stdout.write(f"{user.email} sets a password here, once, within three days:")
            self.stdout.write(f"{site}{password_path(user)}")


def site() -> str:
    """Give where this site answers, as its settings know it."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".")
    return f"http://{host}:8000" if settings.DEMO else f"https://{host}"
