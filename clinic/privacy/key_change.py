"""What has to be done before an earlier SECRET_KEY can be forgotten."""

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import transaction

from clinic.events import record
from clinic.people.second_factor import seal, unseal

# Where allauth keeps what the phone and the recovery codes are made from.
ENCRYPTED = ("secret", "seed")


class KeyMissing(Exception):
    """A stored secret opens under none of the keys; the words say whose, and what to do."""


@transaction.atomic
def encrypt_anew() -> int:
    """Encrypt every second factor under the key of now; give how many.

    KeyMissing, and nothing is changed, where one is under a key that is not in the settings.
    """
    rows = list(Authenticator.objects.select_for_update().order_by("pk"))
    for row in rows:
        try:
            row.data |= {name: seal(unseal(row.data[name])) for name in ENCRYPTED if name in row.data}
        except InvalidToken as fault:
            raise KeyMissing(
                f"The second factor of user {row.user_id} is under none of the keys: add its key to "
                "SECRET_KEY_FALLBACKS, or reset it with reset_second_factor."
            ) from fault
        row.save(update_fields=["data"])
    record("second factors encrypted anew")
    return len(rows)
