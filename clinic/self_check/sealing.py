"""Encrypts what travels in a cookie, so that neither its bearer nor a proxy can read or change it."""

import json
import zlib
from typing import Any

from cryptography.fernet import InvalidToken

from clinic.keys import box


def seal(document: dict[str, Any], purpose: str) -> str:
    """Return a JSON document encrypted for one purpose; `unseal` for another does not open it."""
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return box(purpose).encrypt(zlib.compress(written, 9)).decode()


def unseal(text: str, purpose: str, seconds: int) -> dict[str, Any] | None:
    """Return what was sealed at most `seconds` ago, or None when it is older, altered or sealed for something else."""
    try:
        opened = box(purpose).decrypt(text.encode(), ttl=seconds)
    except (InvalidToken, UnicodeEncodeError):
        return None
    document: dict[str, Any] = json.loads(zlib.decompress(opened))
    return document
