from typing import Any

from django.core.management import BaseCommand, CommandError

from clinic.privacy.key_change import KeyMissing, encrypt_anew


class Command(BaseCommand):
    """Encrypts what is stored under an earlier SECRET_KEY under the one of now: the earlier can be forgotten."""

    help = "Encrypts the second factors under SECRET_KEY: then SECRET_KEY_FALLBACKS can be left out."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            number = encrypt_anew()
        except KeyMissing as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{number} encrypted under the key of now.")
