"""What a person reads before signing: versioned data by treatment, read and checked once."""

import json
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from screening.engine.canonical import canonical, digest_of

CURRENT = settings.BASE_DIR / "fixtures" / "consent-text-1.json"


class ConsentTextError(Exception):
    """A consent text cannot be used. It names the place and the reason."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a person may allow or not, apart from the treatment. `yes`, `no`: the two answers in words."""

    code: str
    question: str
    words: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class TreatmentText:
    """What is said of one treatment. `device_class` and `current` are for a doctor too; `notes`: what must be known."""

    code: str
    device_class: str
    current: str
    what: tuple[str, ...]
    feels: tuple[str, ...]
    side_effects: tuple[str, ...]
    alternatives: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of everything that is said. `digest`: SHA-256 of its canonical JSON, in hexadecimal."""

    version: str
    about: str
    opening: str
    results: str
    alternatives: tuple[str, ...]
    who_should_not: tuple[str, ...]
    stop: tuple[str, ...]
    tell: tuple[str, ...]
    choices: tuple[Choice, ...]
    statement: str
    guardian_statement: str
    interpreter_statement: str
    practitioner_statement: str
    treatments: tuple[TreatmentText, ...]
    digest: str


@lru_cache(maxsize=1)
def current() -> ConsentText:
    """Return the version that is put before people now. Raises ConsentTextError where it has a fault."""
    return read(CURRENT)


def text_for(treatment: str) -> TreatmentText | None:
    """Return what is said of a treatment, by its code; None where there is no text for it yet."""
    return next((text for text in current().treatments if text.code == treatment), None)


def read(file: Path) -> ConsentText:
    """Return the consent text in a JSON file. Raises ConsentTextError, naming the place, where it has a fault."""
    content = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or "digest" in content:
        raise ConsentTextError("the file holds one object without a digest")
    text: ConsentText = _object(ConsentText, content | {"digest": digest_of(canonical(content))}, "text")
    _codes_differ([choice.code for choice in text.choices], "text.choices")
    _codes_differ([treatment.code for treatment in text.treatments], "text.treatments")
    return text


_MAY_BE_EMPTY = {"notes"}
_ROWS = {"choices": Choice, "treatments": TreatmentText}


def _object(made: Any, content: Any, place: str) -> Any:
    names = [field.name for field in fields(made)]
    if not isinstance(content, dict) or sorted(content) != sorted(names):
        raise ConsentTextError(f"{place}: has to hold {', '.join(names)} and nothing else")
    texts = {field.name for field in fields(made) if field.type is str}
    return made(
        **{
            name: _words(content[name], f"{place}.{name}") if name in texts else _list(name, content[name], place)
            for name in names
        }
    )


def _list(name: str, content: Any, place: str) -> tuple[Any, ...]:
    where = f"{place}.{name}"
    if not isinstance(content, list) or not (content or name in _MAY_BE_EMPTY):
        raise ConsentTextError(f"{where}: has to be a list that is not empty")
    rows = ((entry, f"{where}[{index}]") for index, entry in enumerate(content))
    if made := _ROWS.get(name):
        return tuple(_object(made, entry, at) for entry, at in rows)
    return tuple(_words(entry, at) for entry, at in rows)


def _words(content: Any, place: str) -> str:
    if not isinstance(content, str) or not content.strip() or content != content.strip():
        raise ConsentTextError(f"{place}: has to be words, without blanks around them")
    return content


def _codes_differ(codes: list[str], place: str) -> None:
    if len(set(codes)) != len(codes):
        raise ConsentTextError(f"{place}: a code is there twice")
