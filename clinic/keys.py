"""Keys for encryption and for seals, one for each purpose, derived from the secret keys of the settings."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def box(purpose: str) -> MultiFernet:
    """Return what encrypts for one purpose; it also opens what was encrypted under an earlier secret key."""
    return _box(purpose, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=8)
def _box(purpose: str, keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, purpose))) for key in keys])


def seal(purpose: str, text: str) -> str:
    """Return an HMAC-SHA-256 of a text, hexadecimal, under the key that seals for one purpose."""
    return _hmac(settings.SEAL_KEY, purpose, text)


def is_sealed(purpose: str, text: str, sealed: str) -> bool:
    """Return whether `sealed` is the seal of a text, under the key that seals now or one that did before it."""
    return any(hmac.compare_digest(one.encode(), sealed.encode()) for one in seals(purpose, text))


def seals(purpose: str, text: str) -> list[str]:
    """Return every seal that a text may have: under the key that seals now, then under those that did before it."""
    return [_hmac(key, purpose, text) for key in (settings.SEAL_KEY, *settings.SEAL_KEY_FALLBACKS)]


def _hmac(key: str, purpose: str, text: str) -> str:
    return hmac.new(_derived(key, purpose), text.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=16)
def _derived(key: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key.encode())
