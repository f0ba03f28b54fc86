"""Encrypts what travels in a cookie, so that neither its bearer nor a proxy can read or change it."""

import base64
import json
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(document: dict[str, Any], purpose: str) -> str:
    """Return a JSON document encrypted for one purpose; `unseal` for another does not open it."""
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return _box(purpose, _keys()).encrypt(zlib.compress(written, 9)).decode()


def unseal(text: str, purpose: str, seconds: int) -> dict[str, Any] | None:
    """Return what was sealed at most `seconds` ago, or None when it is older, altered or sealed for something else."""
    try:
        opened = _box(purpose, _keys()).decrypt(text.encode(), ttl=seconds)
    except (InvalidToken, UnicodeEncodeError):
        return None
    document: dict[str, Any] = json.loads(zlib.decompress(opened))
    return document


def _keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=8)
def _box(purpose: str, keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, purpose))) for key in keys])


def _derived(key: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key.encode())
