"""Reads the settings' values from the environment, strictly."""

import os
import secrets
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = ("true", "1")
FALSE_WORDS = ("false", "0")


def switch(name: str) -> bool:
    """Take a variable's name, give its truth; off when unset, refused when it is any other word."""
    word = os.environ.get(name, "false").strip().lower()
    if word not in TRUE_WORDS + FALSE_WORDS:
        raise ImproperlyConfigured(f"{name} is {word!r}: set it to true or false (1 and 0 will do).")
    return word in TRUE_WORDS


def secret(name: str) -> str:
    """Take a variable's name, give its value or the content of the file that NAME_FILE points to; '' when unset."""
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return os.environ.get(name, "").strip()
    if name in os.environ:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: leave one of them out.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as fault:
        sentence = f"{name}_FILE cannot be read ({fault.strerror}): set it to a readable file."
        raise ImproperlyConfigured(sentence) from fault


def required(name: str, what: str) -> str:
    """Take a secret's name and what to set it to, give its value; refused when unset or empty."""
    value = secret(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: set {name} (or {name}_FILE) to {what}.")
    return value


def words(name: str, what: str) -> list[str]:
    """Take a variable's name and what to set it to, give its comma-separated words; refused when there are none."""
    found = [word.strip() for word in required(name, what).split(",") if word.strip()]
    if not found:
        raise ImproperlyConfigured(f"{name} holds only commas: set it to {what}.")
    return found


def contacts(name: str) -> list[str]:
    """Take a variable's name, give its comma-separated addresses, each with mailto:, https:// or tel: before it."""
    found = [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]
    if any(not word.startswith(("mailto:", "https://", "tel:")) or set(word) & set(" \r\n") for word in found):
        raise ImproperlyConfigured(f"{name} is not understood: set it to mailto:security@clinic.example.")
    return found


def whole_number(name: str, usual: int, most: int) -> int:
    """Take a variable's name, its usual value and the most it may be, give its number: 1 or more, usual when unset."""
    written = os.environ.get(name, "").strip() or str(usual)
    if not (written.isascii() and written.isdigit() and 1 <= int(written) <= most):
        raise ImproperlyConfigured(f"{name} is {written!r}: set it to a whole number from 1 to {most}.")
    return int(written)


def day(name: str) -> date | None:
    """Take a variable's name, give its day, written as 2027-06-30; None when unset."""
    written = os.environ.get(name, "").strip()
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as fault:
        raise ImproperlyConfigured(f"{name} is no day: set it to one such as 2027-06-30.") from fault


def mail_server(name: str) -> dict[str, str | int | bool]:
    """Take the name of a secret such as smtp+tls://user:password@host:587, give Django's mail settings.

    Unset: this machine's own mail server. The schemes are smtp, smtp+tls (STARTTLS) and smtps.
    """
    url = urlsplit(secret(name) or "smtp://localhost:25")
    if url.scheme not in ("smtp", "smtp+tls", "smtps") or not url.hostname:
        raise ImproperlyConfigured(f"{name} is not understood: set it to smtp+tls://user:password@host:587.")
    return {
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[url.scheme],
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,
    }


def kept_key(path: Path) -> str:
    """Take a path, give the key kept there; makes one, readable by its owner only, the first time."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64), encoding="utf-8")
    return path.read_text(encoding="utf-8")
